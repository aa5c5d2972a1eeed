"""Consents of a consult."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consult_bridge import policies
from consult_bridge.errors import ConsultNotFound
from consult_bridge.models import Consult, TeachingConsent
from consult_bridge.selectors.consults import get_consult
from consult_bridge.trail import note_reading
from core.actor import Actor
from core.errors import Forbidden


def consents_of(consult: Consult) -> QuerySet[TeachingConsent]:
    """Newest first, withdrawn ones included."""
    return (
        TeachingConsent.unscoped.filter(consult=consult)
        .select_related("recorded_by", "withdrawn_by")
        .order_by("-recorded_at")
    )


def valid_consent(consult: Consult) -> TeachingConsent | None:
    return consents_of(consult).filter(withdrawn_at__isnull=True).first()


def consent_entries(consult: Consult) -> list[dict[str, object]]:
    """Each consent and its withdrawal as lines of the history, for those who may know of them. The reason of a
    withdrawal stays on the page of the consent, with those who took it."""
    entries: list[dict[str, object]] = []
    for row in consents_of(consult):
        signed = _("Consent to teaching use recorded, signed by %(who)s") % {"who": row.get_given_by_display()}
        entries.append({"text": signed, "at": row.recorded_at, "who": row.recorded_by.name, "state": "done"})
        if row.withdrawn_at and row.withdrawn_by:
            words = _("Consent to teaching use withdrawn")
            entries.append({"text": words, "at": row.withdrawn_at, "who": row.withdrawn_by.name, "state": "bad"})
    return entries


def consult_to_consent(actor: Actor, consult_id: UUID, *, now: datetime) -> Consult:
    """The consult, for who takes its consent and takes it back. Raises ConsultNotFound, Forbidden."""
    consult = get_consult(actor, consult_id, now=now)
    if not policies.may_keep_consent(actor, consult):
        raise Forbidden
    return consult


def get_consent(actor: Actor, consult_id: UUID, consent_id: UUID, *, now: datetime) -> TeachingConsent:
    """A signed consent form, for who may know of it; audited. Raises ConsultNotFound."""
    rows = TeachingConsent.objects.visible_to(actor).select_related("consult__requesting_organisation")
    row = rows.filter(consult_id=consult_id, pk=consent_id).first()
    if row is None or not policies.knows_of_teaching(actor, row.consult):
        raise ConsultNotFound
    note_reading(actor=actor, consult=row.consult, now=now, part="consent", part_id=row.pk)
    return row
