"""Durable work of directory."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from core.jobs import job
from directory.models import Invitation
from directory.services import invitations


@job("directory.send_invitation", max_attempts=8)
def send_invitation(context: Any, *, invitation_id: str) -> dict[str, Any]:
    """Sends an invitation that was not sent yet. A repeated run after a crash may send it twice, with the same link."""
    now = context.now()
    invitation = Invitation.objects.select_related("organisation").get(pk=UUID(invitation_id))
    if invitation.sent_at is not None or invitation.accepted_at is not None:
        return {"sent": False}
    with translation.override(settings.LANGUAGE_CODE):
        invitations.send(invitation, now)
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=now)
    return {"sent": True}
