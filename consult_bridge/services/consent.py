"""Consent to teaching use: recorded with its signed form, withdrawn at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult_bridge import policies
from consult_bridge.errors import ConsentMissing
from consult_bridge.events import ConsentGiven, ConsentWithdrawn
from consult_bridge.files import StoredPage, deleted_on_failure, digest_of, store_page
from consult_bridge.models import ConsentGiver, Consult, TeachingConsent
from consult_bridge.services.moving import lock_consult, record, require
from core import outbox
from core.actor import Actor
from core.errors import Conflict, Invalid
from core.ui.tags.times import written
from media_pipeline import api as media

WORDING = "2026-11"
"""The version of the printed wording in templates/consult_bridge/consent.html; a change of text raises it."""


class ConsentAlreadyGiven(Conflict):
    code = "consent_already_given"
    message = _("%(name)s recorded a valid consent for this consult already (%(when)s). Yours was not added.")
    next_step = _("Look at the recorded one. Only where it is wrong, withdraw it and record another one.")


class ConsentWithdrawnAlready(Conflict):
    code = "consent_withdrawn_already"
    message = _("%(name)s withdrew this consent already (%(when)s). Nothing was changed.")
    next_step = _("Nothing of this case is shown for teaching any more.")


class ConsentReplaced(ConsentWithdrawnAlready):
    """A page from before: the consent it showed is withdrawn, and another one is valid."""

    code = "consent_replaced"
    next_step = _("Another consent is valid now. Withdraw that one only if it is meant.")


class ConsentFormWrong(Invalid):
    code = "consent_form_wrong"
    message = _("Say who signed and on which day; the day cannot lie in the future.")


class ConsentBeforeBirth(Invalid):
    code = "consent_before_birth"
    message = _("The patient was born on %(birth_date)s: no consent was signed before that. Nothing was stored.")
    next_step = _("Correct the day on which it was signed, or have the date of birth corrected.")


def record_consent(
    *, actor: Actor, consult_id: UUID, given_by: str, signed_on: date, form: UploadedFile, now: datetime
) -> UUID:
    """Keep the signed form. A second click finds the consent that the first one recorded.

    Raises ConsentAlreadyGiven, ConsentFormWrong, ConsentBeforeBirth, AttachmentRefused, Forbidden.
    """
    if given_by not in ConsentGiver.values or signed_on > timezone.localdate(now):
        raise ConsentFormWrong
    same = {"given_by": given_by, "signed_on": signed_on, "form_sha256": digest_of(form)}
    with transaction.atomic():
        _consult, before = _lock_to_record(actor, consult_id, same)
        if before is not None:
            return before.pk
    page = store_page(form, folder="consents")
    try:
        with deleted_on_failure([page]), transaction.atomic():
            consult, before = _lock_to_record(actor, consult_id, same)
            if before is not None:
                raise _RecordedMeanwhile(before.pk)
            return _store(consult, page, same, actor=actor, now=now)
    except _RecordedMeanwhile as first:
        return first.consent_id


def _store(consult: Consult, page: StoredPage, same: Mapping[str, Any], *, actor: Actor, now: datetime) -> UUID:
    consent = TeachingConsent.unscoped.create(
        **same,
        consult=consult,
        wording=WORDING,
        form=page.name,
        form_content_type=page.content_type,
        recorded_by_id=actor.person_id,
        recorded_at=now,
    )
    record(consult, "consent.given", actor=actor, now=now, details={"consent": str(consent.pk)})
    outbox.publish(ConsentGiven(consult.pk), now=now)
    return consent.pk


class _RecordedMeanwhile(Exception):
    """The other of two clicks was faster: this one's page goes again."""

    def __init__(self, consent_id: UUID) -> None:
        self.consent_id = consent_id
        super().__init__()


def _lock_to_record(actor: Actor, consult_id: UUID, same: Mapping[str, Any]) -> tuple[Consult, TeachingConsent | None]:
    """The consult, locked, and the consent if the same person has recorded this very form already. Asked before the
    form is stored, and again."""
    consult = lock_consult(actor, consult_id)
    require(policies.may_keep_consent(actor, consult))
    valid = TeachingConsent.unscoped.filter(consult=consult, withdrawn_at__isnull=True)
    given = valid.select_related("recorded_by").first()
    if given is None:
        _require_born(consult, same["signed_on"])
        return consult, None
    if not valid.filter(**same, recorded_by=actor.person_id).exists():
        raise ConsentAlreadyGiven(name=given.recorded_by.name, when=written(given.recorded_at))
    return consult, given


def _require_born(consult: Consult, signed_on: date) -> None:
    born = consult.patient.birth_date
    if born is not None and signed_on < born:
        error = ConsentBeforeBirth(birth_date=written(born))
        error.fields = {"signed_on": [error.sentence()]}
        raise error


def withdraw_consent(
    *, actor: Actor, consult_id: UUID, reason: str, consent_id: UUID | None = None, now: datetime
) -> None:
    """Take the consent back and close every release made on it, in one transaction: from its commit nothing of them
    is served anywhere. A reason is kept where one is given: the signed wording asks for none. A second click changes
    nothing. `consent_id` is the one that the actor has seen, else the valid one is meant. Raises ConsentMissing,
    ConsentWithdrawnAlready, ConsentReplaced, Forbidden."""
    words = reason.strip()
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.may_keep_consent(actor, consult))
        consent = (
            TeachingConsent.unscoped.select_for_update(of=("self",))
            .filter(consult=consult, withdrawn_at__isnull=True)
            .first()
        )
        if consent is None:
            _require_withdrawn_by(actor, consult, words)
            return
        if consent_id is not None and consent_id != consent.pk:
            raise _replaced(consult, consent_id)
        consent.withdrawn_at, consent.withdrawn_by_id, consent.withdrawal_reason = now, actor.person_id, words
        consent.save()
        for release in consent.releases.all():
            media.close_release(release_id=release.pk, reason="consent_withdrawn", now=now)
            outbox.publish(ConsentWithdrawn(consult.pk, release.pk), now=now)
        record(consult, "consent.withdrawn", actor=actor, now=now, details={"consent": str(consent.pk)})


def _replaced(consult: Consult, consent_id: UUID) -> Conflict:
    gone = TeachingConsent.unscoped.filter(consult=consult, pk=consent_id).select_related("withdrawn_by").first()
    if gone is None or gone.withdrawn_by is None or gone.withdrawn_at is None:
        return ConsentMissing()
    return ConsentReplaced(name=gone.withdrawn_by.name, when=written(gone.withdrawn_at))


def _require_withdrawn_by(actor: Actor, consult: Consult, words: str) -> None:
    """That this person withdrew it with these words: the first of two clicks."""
    last = TeachingConsent.unscoped.filter(consult=consult).select_related("withdrawn_by").order_by("-withdrawn_at")
    before = last.first()
    if before is None or before.withdrawn_by is None or before.withdrawn_at is None:
        raise ConsentMissing
    if (before.withdrawn_by_id, before.withdrawal_reason) != (actor.person_id, words):
        raise ConsentWithdrawnAlready(name=before.withdrawn_by.name, when=written(before.withdrawn_at))
