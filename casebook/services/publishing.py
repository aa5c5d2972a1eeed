"""Freeze, review, publish, retire and withdraw versions."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from casebook.content import content_hash, gaps, remains_of
from casebook.errors import CaseIncomplete, CaseNotFound, NewerPublished, NotApproved, OneReviewer, TooFewAlike
from casebook.events import CaseVersionPublished, CaseVersionWithdrawn
from casebook.models import CaseVersion
from casebook.notices import tell_of_publication
from casebook.policies import PUBLISH
from casebook.selectors import likeness_of
from casebook.services.audience import admit_readers, admit_reviewers, dismiss_readers
from casebook.services.curating import locked_for_editing
from casebook.services.indexing import index_version, unindex_case
from casebook.states import CASE_VERSION
from core import audit
from core.actor import SYSTEM, Actor
from core.outbox import publish
from media_pipeline import api as media
from peer_review import api as peer_review

REVIEW_TIME = timedelta(days=7)
LONGEST_REASON = 400
SUBJECT = "case_version"


def freeze_version(
    *, actor: Actor, version_id: UUID, reviewer_ids: list[UUID], like_reason: str = "", now: datetime
) -> UUID:
    """Freeze a complete draft and open a review round on its hash. Returns the round's id, to a second click its own.

    Asks the consult side how many patients are like this one (k-anonymity); where they are too few, `like_reason` says
    to the reviewers why that does no harm. Two are drawn among `reviewer_ids`, else the two least busy are asked.
    Raises CaseIncomplete, OneReviewer, TooFewAlike, WrongState, ReleaseClosed, and peer_review's refusals of reviewers.
    """
    with transaction.atomic():
        version = locked_for_editing(actor, version_id)
        if version.round_id and _was_sent(version, actor, reviewer_ids):
            return version.round_id
        _step(version, "freeze", actor)
        _require_submittable(version, reviewer_ids)
        media.get_release(version.release_id)
        likeness = likeness_of(version, now=now)
        if likeness.is_too_few and not like_reason.strip():
            raise TooFewAlike
        version.like_count = likeness.count
        version.like_reason = like_reason.strip()[:LONGEST_REASON] if likeness.is_too_few else ""
        version.content_hash = content_hash(version.content)
        version.frozen_at = now
        version.round_id = peer_review.open_round(
            actor=actor,
            subject_kind=SUBJECT,
            subject_id=version.pk,
            title=f"{version.case.code} {version.content['title']}",
            manifest={"version": str(version.pk), "content": version.content_hash},
            manifest_hash=version.content_hash,
            author_ids=list(version.case.editors.values_list("pk", flat=True)),
            reviewer_ids=reviewer_ids,
            due_at=now + REVIEW_TIME,
            now=now,
            organisation_path=version.case.organisation.path,
        )
        version.save()
        admit_reviewers(version, now)
        _audit("case.frozen", actor, version, now)
    return version.round_id


def _was_sent(version: CaseVersion, actor: Actor, reviewer_ids: list[UUID]) -> bool:
    """The second of two clicks, that proposes the same people, before anything was decided."""
    if version.approved_at is not None or not _was_done(version, "freeze", actor):
        return False
    return peer_review.are_asked_among(version.round_id, reviewer_ids)


def _step(version: CaseVersion, verb: str, actor: Actor) -> None:
    """Along the machine; whoever calls saves. Raises WrongState."""
    version.state = CASE_VERSION.check(version.state, verb)
    version.last_verb, version.last_verb_by = verb, actor.person_id


def _was_done(version: CaseVersion, verb: str, actor: Actor) -> bool:
    """Whether the last step of this version is this very deed of this person: the second of two clicks."""
    return (version.last_verb, version.last_verb_by) == (verb, actor.person_id)


def _require_submittable(version: CaseVersion, reviewer_ids: list[UUID]) -> None:
    """Raises CaseIncomplete, OneReviewer."""
    missing = gaps(version.content)
    if missing:
        raise CaseIncomplete(missing=", ".join(str(gap.sentence) for gap in missing))
    if len(set(reviewer_ids)) == 1:
        raise OneReviewer


def take_back(*, actor: Actor, version_id: UUID, now: datetime, seen: str | None = None) -> None:
    """From review, or from its approval, back to a draft; an open round is called off. Twice is no error.

    `seen` is the mark of the round's standing that the actor was shown, None does not ask. Raises Forbidden,
    CaseNotFound, WrongState, and peer_review's ReviewWentOn.
    """
    with transaction.atomic():
        version = locked_for_editing(actor, version_id)
        if _was_done(version, "take_back", actor):
            return
        _step(version, "take_back", actor)
        if version.round_id and seen is not None:
            peer_review.require_seen(version.round_id, seen)
        _call_off(version, actor, now)
        admit_reviewers(version, now)
        version.content_hash, version.frozen_at, version.approved_at, version.round_id = "", None, None, None
        version.updated_at = now
        version.save()
        _audit("case.taken_back", actor, version, now)


def _call_off(version: CaseVersion, actor: Actor, now: datetime) -> None:
    """No reviewer is left with a task on something that has gone."""
    if version.round_id and peer_review.get_round(version.round_id).state == "open":
        peer_review.cancel_round(actor=actor, round_id=version.round_id, now=now)


def note_decision(*, round_id: UUID, now: datetime) -> None:
    """A round on one of our versions was decided: read the outcome and act on it."""
    with transaction.atomic():
        version = CaseVersion.unscoped.select_for_update().filter(round_id=round_id, state="in_review").first()
        if version is None:
            return
        admit_reviewers(version, now)
        outcome = peer_review.get_round(round_id).outcome
        if outcome == "approved":
            version.approved_at = now
            version.save()
        elif outcome in {"changes_requested", "rejected"}:
            _step(version, "send_back", SYSTEM)
            version.save()


def note_reviewers(*, round_id: UUID, now: datetime) -> None:
    """Somebody stepped back from a round on one of our versions, or took a place: read who reviews it now."""
    with transaction.atomic():
        version = CaseVersion.unscoped.select_for_update().filter(round_id=round_id, state="in_review").first()
        if version is not None:
            admit_reviewers(version, now)


def publish_version(*, actor: Actor, version_id: UUID, now: datetime) -> None:
    """Open an approved version to readers; the version published before is retired. Twice is no error.

    Raises Forbidden, CaseNotFound, NotApproved, NewerPublished, WrongState, ReleaseClosed.
    """
    actor.require("case.publish")
    with transaction.atomic():
        version = _locked_for_publishing(actor, version_id)
        if _was_done(version, "publish", actor):
            return
        if version.approved_at is None and CASE_VERSION.allows(version.state, "publish"):
            raise NotApproved
        _step(version, "publish", actor)
        media.get_release(version.release_id)
        _retire_older(version, actor)
        version.published_at = now
        version.save()
        _describe_case(version)
        admit_readers(version, now)
        index_version(version, now=now)
        tell_of_publication(version, now=now)
        _audit("case.published", actor, version, now)
        publish(CaseVersionPublished(version.pk), now=now)


def _retire_older(version: CaseVersion, actor: Actor) -> None:
    """One version is in force. Raises NewerPublished."""
    for older in CaseVersion.unscoped.select_for_update().filter(case=version.case, state="published"):
        if older.number > version.number:
            raise NewerPublished(number=older.number)
        _step(older, "retire", actor)
        older.save()


def _describe_case(version: CaseVersion) -> None:
    """The published version decides under which specialty and difficulty the case is found."""
    case, content = version.case, version.content
    case.specialty = content.get("specialty") or case.specialty
    case.difficulty = content.get("difficulty") or case.difficulty
    case.save(update_fields=["specialty", "difficulty"])


def _locked_for_publishing(actor: Actor, version_id: UUID) -> CaseVersion:
    rows = CaseVersion.objects.visible_to(actor, PUBLISH).select_for_update(of=("self",))
    version: CaseVersion | None = rows.filter(pk=version_id).first()
    if version is None:
        raise CaseNotFound
    return version


def retire_version(*, actor: Actor, version_id: UUID, now: datetime) -> None:
    """Take a published version from the lists; courses that pin it keep showing it. Twice is no error."""
    actor.require("case.publish")
    with transaction.atomic():
        version = _locked_for_publishing(actor, version_id)
        if _was_done(version, "retire", actor):
            return
        _step(version, "retire", actor)
        version.save()
        dismiss_readers(version)
        unindex_case(version.case_id, now=now)
        _audit("case.retired", actor, version, now)


def withdraw_release(*, release_id: UUID, now: datetime) -> None:
    """A release was closed: every version that rests on it is withdrawn and emptied, but for hash and number of steps.

    The release's key is gone already. The editors' own words were never sealed with it, so they go here.
    """
    if media.get_release_state(release_id) != "closed":
        return
    left = CaseVersion.unscoped.select_for_update().filter(release_id=release_id).exclude(state="withdrawn")
    with transaction.atomic():
        while versions := list(left.all()):  # an editor may have begun another while a row was awaited
            for version in versions:
                _withdraw(version, now)


def _withdraw(version: CaseVersion, now: datetime) -> None:
    _step(version, "withdraw", SYSTEM)
    version.content, version.like_reason = remains_of(version.content), ""
    version.save()
    version.saves.all().delete()
    peer_review.withdraw_subject(subject_kind=SUBJECT, subject_id=version.pk, title=version.case.code, now=now)
    unindex_case(version.case_id, now=now)
    _audit("case.withdrawn", SYSTEM, version, now)
    publish(CaseVersionWithdrawn(version.pk), now=now)


def _audit(action: str, actor: Actor, version: CaseVersion, now: datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject_type="casebook.CaseVersion",
        subject_id=version.pk,
        organisation_path=version.case.organisation.path,
        now=now,
    )
