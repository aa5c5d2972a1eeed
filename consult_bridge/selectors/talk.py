"""Messages of a consult."""

from __future__ import annotations

from django.db.models import QuerySet

from consult_bridge.models import Consult, ConsultMessage


def messages_of(consult: Consult) -> QuerySet[ConsultMessage]:
    """Oldest first, with their authors."""
    return ConsultMessage.objects.filter(thread__consult=consult).select_related("author")
