"""Enter credits, and reverse them by a second entry."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from cms import api as cms
from core import audit, notify
from core.actor import SYSTEM, Actor
from core.ids import uuid7
from credits.errors import AlreadyReversed, EntryNotFound, ReasonMissing
from credits.models import Certificate, CreditEntry, SchemeVersion
from credits.selectors.repeating import repetition_of
from credits.selectors.years import scheme_at, version_in_force
from credits.services import certifying
from credits.services.activities import ensure_activity, local_day
from lms import api as lms
from lms.contracts import CompletionFacts


@transaction.atomic
def credit_completion(*, completion_id: UUID, now: datetime) -> CreditEntry | None:
    """Enter what a passed course brings, with its certificate; once for each completion, and once for each course and
    credit year, or once ever where the scheme says so: passed again, the line that holds is brought back and the person
    told.

    None for a course that is worth neither a credit nor an hour (the pass stays, in lms), and while no scheme covers
    the day and the place where it was passed: once a version does, `credits.services.beginning` comes back to it.
    A completion that was entered under one version is never entered
    under a later one, also when that reaches back. Raises lms.errors.CompletionNotFound.
    """
    completion = lms.get_completion(completion_id)
    known = CreditEntry.unscoped.filter(person_id=completion.person_id, source=source_of(completion)).first()
    if known is not None:
        return known
    day = local_day(completion.completed_at)
    version = version_in_force(scheme_at(completion.organisation_id), day)
    if version is None:
        return None
    repetition = repetition_of(person_id=completion.person_id, course_id=completion.course_id, version=version, day=day)
    if repetition.held is not None:
        _tell_repeated(repetition.is_once_ever, repetition.held, completion.id, now)
        return repetition.held
    entry = _enter(completion, version, repetition.counts_as, now)
    if entry and entry.source != source_of(completion):  # another pass of the course was faster, this moment
        _tell_repeated(repetition.is_once_ever, entry, completion.id, now)
    return entry


def source_of(completion: CompletionFacts) -> str:
    """By what the ledger knows where a line came from."""
    return f"completion:{completion.id}"


def _enter(completion: CompletionFacts, version: SchemeVersion, counts_as: str, now: datetime) -> CreditEntry | None:
    """The line, its certificate and the notice; the other's line when somebody was faster. None over nothing."""
    edition = cms.get_edition(completion.edition_id)
    activity = ensure_activity(edition, version, now)
    if not activity.credits and not activity.hours:
        return None
    entry, is_new = CreditEntry.unscoped.get_or_create(
        person_id=completion.person_id,
        counts_as=counts_as,
        reverses=None,
        defaults={
            "source": source_of(completion),
            "scheme_version": version,
            "organisation_id": completion.organisation_id,
            "activity": activity,
            "credits": activity.credits,
            "hours": activity.hours,
            "earned_on": local_day(completion.completed_at),
            "entered_at": now,
        },
    )
    if not is_new:
        return entry
    _record("credit.entered", SYSTEM, entry, now)
    certificate = certifying.issue(actor=SYSTEM, entry=entry, edition=edition, score=str(completion.score), now=now)
    notify.notify(
        person_ids=[entry.person_id],
        kind="credits.entered",
        params={"title": activity.title, "credits": f"{entry.credits:.1f}"},
        url=reverse("credits:certificate", args=[certificate.pk]),
        key=f"credit:{entry.pk}",
        now=now,
    )
    return entry


def _tell_repeated(is_once_ever: bool, held: CreditEntry, completion_id: UUID, now: datetime) -> None:
    notify.notify(
        person_ids=[held.person_id],
        kind="credits.repeated_ever" if is_once_ever else "credits.repeated",
        params={"title": held.activity.title},
        url=reverse("credits:transcript"),
        key=f"repeated:{completion_id}",
        now=now,
    )


@transaction.atomic
def reverse_entry(*, actor: Actor, entry_id: UUID, reason: str, now: datetime, reversal_id: UUID | None = None) -> UUID:
    """Take an entry back by a second one; returns the second one's id. The entry's certificate is revoked with it,
    because it says that these credits were awarded.

    `reversal_id` is the form's key. Raises EntryNotFound (also for a foreign one), Forbidden for one's own without the
    right, ReasonMissing, AlreadyReversed.
    """
    rows = CreditEntry.objects.visible_to(actor).select_related("organisation", "activity")
    rows = rows.select_for_update(of=("self",))  # of two officers at once the second meets the first's line
    entry = rows.filter(pk=entry_id, reverses__isnull=True).first()
    if entry is None:
        raise EntryNotFound
    actor.require("credit.administer", entry.organisation.path if entry.organisation else "")
    if not reason.strip():
        raise ReasonMissing(fields={"reason": [ReasonMissing.message]})
    held = CreditEntry.unscoped.filter(reverses=entry).first()
    if held is not None:
        if held.pk == reversal_id:
            return held.pk
        raise AlreadyReversed
    reversal = _second_line(entry, actor, reversal_id or uuid7(), reason.strip(), now)
    _record("credit.reversed", actor, reversal, now)
    _revoke_certificate_of(entry, actor, reversal.reason, now)
    notify.notify(
        person_ids=[entry.person_id],
        kind="credits.reversed",
        params={"title": entry.activity.title},
        url=reverse("credits:transcript"),
        key=f"credit:{reversal.pk}",
        now=now,
    )
    return reversal.pk


def _second_line(entry: CreditEntry, actor: Actor, reversal_id: UUID, reason: str, now: datetime) -> CreditEntry:
    reversal = CreditEntry(
        id=reversal_id,
        person_id=entry.person_id,
        organisation_id=entry.organisation_id,
        scheme_version_id=entry.scheme_version_id,
        activity_id=entry.activity_id,
        source=f"reversal:{entry.pk}",
        credits=-entry.credits,
        hours=-entry.hours,
        earned_on=entry.earned_on,
        entered_at=now,
        entered_by_id=actor.person_id,
        reverses=entry,
        reason=reason,
    )
    reversal.save(force_insert=True)
    return reversal


def _revoke_certificate_of(entry: CreditEntry, actor: Actor, reason: str, now: datetime) -> None:
    certificate = Certificate.unscoped.select_for_update().filter(entry=entry, state="valid").first()
    if certificate is not None:
        certifying.revoke(actor=actor, certificate=certificate, reason=reason, now=now)


def _record(action: str, actor: Actor, entry: CreditEntry, now: datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject_type="credit_entry",
        subject_id=entry.pk,
        organisation_path=entry.organisation.path if entry.organisation else "",
        details={"credits": str(entry.credits), "source": entry.source},
        now=now,
    )
