"""The talk between requester, coordinator and expert; it never leaves the consult."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from consult_bridge.models.consult import Consult
from core.threads import Message, Thread


class ConsultThread(Thread):
    consult = models.OneToOneField(Consult, on_delete=models.CASCADE, related_name="thread")

    class Meta:
        verbose_name = _("consult thread")


class ConsultMessage(Message):
    thread = models.ForeignKey(ConsultThread, on_delete=models.CASCADE, related_name="messages")

    class Meta(Message.Meta):
        verbose_name = _("consult message")
        indexes = [models.Index(fields=["thread", "created_at"])]
