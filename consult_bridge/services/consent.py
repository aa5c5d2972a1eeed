"""Consent to teaching use: recorded with its signed form, withdrawn at once."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult_bridge import policies
from consult_bridge.errors import ConsentMissing
from consult_bridge.events import ConsentGiven, ConsentWithdrawn
from consult_bridge.files import deleted_on_failure, store_page
from consult_bridge.models import ConsentGiver, Consult, TeachingConsent
from consult_bridge.services.moving import lock_consult, record, require
from core import outbox
from core.actor import Actor
from core.errors import Conflict, Invalid
from media_pipeline import api as media

WORDING = "2026-11"
"""The version of the printed wording in templates/consult_bridge/consent.html; a change of text raises it."""


class ConsentAlreadyGiven(Conflict):
    code = "consent_already_given"
    message = _("A valid consent is already recorded for this consult.")
    next_step = _("Withdraw it before you record another one.")


class ConsentFormWrong(Invalid):
    code = "consent_form_wrong"
    message = _("Say who signed and on which day; the day cannot lie in the future.")


def record_consent(
    *, actor: Actor, consult_id: UUID, given_by: str, signed_on: date, form: UploadedFile, now: datetime
) -> UUID:
    """Keep the signed form. Raises ConsentAlreadyGiven, ConsentFormWrong, AttachmentRefused, Forbidden."""
    if given_by not in ConsentGiver.values or signed_on > timezone.localdate(now):
        raise ConsentFormWrong
    with transaction.atomic():
        _lock_without_consent(actor, consult_id)
    page = store_page(form, folder="consents")
    with deleted_on_failure([page]), transaction.atomic():
        consult = _lock_without_consent(actor, consult_id)
        consent = TeachingConsent.unscoped.create(
            consult=consult,
            given_by=given_by,
            wording=WORDING,
            signed_on=signed_on,
            form=page.name,
            form_content_type=page.content_type,
            form_sha256=page.sha256,
            recorded_by_id=actor.person_id,
            recorded_at=now,
        )
        record(consult, "consent.given", actor=actor, now=now, details={"consent": str(consent.pk)})
        outbox.publish(ConsentGiven(consult.pk), now=now)
    return consent.pk


def _lock_without_consent(actor: Actor, consult_id: UUID) -> Consult:
    """The consult, locked, where this actor may record a consent now. Asked before the form is stored, and again."""
    consult = lock_consult(actor, consult_id)
    require(policies.may_keep_consent(actor, consult))
    if TeachingConsent.unscoped.filter(consult=consult, withdrawn_at__isnull=True).exists():
        raise ConsentAlreadyGiven
    return consult


def withdraw_consent(*, actor: Actor, consult_id: UUID, reason: str, now: datetime) -> None:
    """Take the consent back and close every release made on it, in one transaction: from its commit nothing of them
    is served anywhere. A reason is kept where one is given: the signed wording asks for none. Raises ConsentMissing,
    Forbidden."""
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.may_keep_consent(actor, consult))
        consent = (
            TeachingConsent.unscoped.select_for_update(of=("self",))
            .filter(consult=consult, withdrawn_at__isnull=True)
            .first()
        )
        if consent is None:
            raise ConsentMissing
        consent.withdrawn_at, consent.withdrawn_by_id, consent.withdrawal_reason = now, actor.person_id, reason.strip()
        consent.save()
        for release in consent.releases.all():
            media.close_release(release_id=release.pk, reason="consent_withdrawn", now=now)
            outbox.publish(ConsentWithdrawn(consult.pk, release.pk), now=now)
        record(consult, "consent.withdrawn", actor=actor, now=now, details={"consent": str(consent.pk)})
