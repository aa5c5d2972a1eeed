"""Consents of a consult."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from consult_bridge.errors import ConsultNotFound
from consult_bridge.models import Consult, TeachingConsent
from core.actor import Actor


def consents_of(consult: Consult) -> QuerySet[TeachingConsent]:
    """Newest first, withdrawn ones included."""
    return (
        TeachingConsent.unscoped.filter(consult=consult)
        .select_related("recorded_by", "withdrawn_by")
        .order_by("-recorded_at")
    )


def valid_consent(consult: Consult) -> TeachingConsent | None:
    return consents_of(consult).filter(withdrawn_at__isnull=True).first()


def get_consent(actor: Actor, consult_id: UUID, consent_id: UUID) -> TeachingConsent:
    """Raises ConsultNotFound."""
    row = TeachingConsent.objects.visible_to(actor).filter(consult_id=consult_id, pk=consent_id).first()
    if row is None:
        raise ConsultNotFound
    return row
