"""Messages of a consult."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from consult_bridge.models import Consult, ConsultMessage


def messages_of(consult: Consult) -> QuerySet[ConsultMessage]:
    """Oldest first, with their authors."""
    return ConsultMessage.objects.filter(thread__consult=consult).select_related("author")


def authors_in(consult: Consult) -> set[UUID]:
    """Who has written a message in it."""
    rows = ConsultMessage.objects.filter(thread__consult=consult).order_by()
    return {author for author in rows.values_list("author_id", flat=True) if author}
