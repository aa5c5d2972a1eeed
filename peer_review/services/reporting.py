"""A reviewer's report: save, submit, step back, agree to be named; and the decision when the last one is in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Text
from core.outbox import publish
from core.ui.page_cache import bump_epoch
from peer_review.errors import ConflictOfInterest, ReportIncomplete, ReportStale
from peer_review.events import ReviewersChanged, RoundDecided
from peer_review.marks import mark_of
from peer_review.models import Assignment, Decision, ReviewReport, ReviewRound
from peer_review.rubrics import Rubric, parse
from peer_review.selectors import report_of
from peer_review.services.locking import locked_assignment
from peer_review.services.noting import note
from peer_review.services.opening import conflicts_now
from peer_review.services.staffing import fill_place
from peer_review.states import ASSIGNMENT, LEAST, ROUND, Outcome, Verdict


def save_report(
    *,
    actor: Actor,
    assignment_id: UUID,
    scores: dict[str, int],
    reasons: dict[str, str],
    summary: str,
    is_named: bool | None = None,
    revision: str | None = None,
    now: datetime,
) -> str:
    """Keep a draft; anything may be missing. Returns its new mark.

    `revision` is the mark of the draft that was open, None does not ask. Raises ReviewNotFound, WrongState,
    ReportIncomplete (foreign score), ReportStale.
    """
    with transaction.atomic():
        assignment, row = locked_assignment(actor, assignment_id)
        ROUND.check(row.state, "decide")
        assignment.state = ASSIGNMENT.check(assignment.state, "save")
        _require_unchanged(assignment, revision)
        if is_named is not None:
            assignment.is_named = is_named
        assignment.save(update_fields=["state", "is_named"])
        return mark_of(assignment, _keep(assignment, row, scores, reasons, summary, now))


def _require_unchanged(assignment: Assignment, revision: str | None) -> None:
    """Two windows of one reviewer do not overwrite each other. Raises ReportStale."""
    if revision is not None and revision != mark_of(assignment, report_of(assignment)):
        raise ReportStale


def _keep(
    assignment: Assignment,
    row: ReviewRound,
    scores: dict[str, int],
    reasons: dict[str, str],
    summary: str,
    now: datetime,
) -> ReviewReport:
    rubric = parse(row.rubric)
    known = {item.key for item in rubric.items}
    if any(key not in known or score not in rubric.scale for key, score in scores.items()):
        raise ReportIncomplete(_("A score is outside the scale of this rubric."))
    report, _is_new = ReviewReport.objects.update_or_create(
        assignment=assignment,
        defaults={
            "manifest_hash": row.manifest_hash,
            "scores": scores,
            "reasons": _kept_reasons(rubric, reasons),
            "summary": summary.strip(),
            "weighted_score": rubric.weighted(scores),
            "saved_at": now,
        },
    )
    return report


def _kept_reasons(rubric: Rubric, reasons: dict[str, str]) -> dict[str, str]:
    known = {item.key for item in rubric.items}
    return {key: text.strip() for key, text in reasons.items() if key in known and text.strip()}


def submit_report(
    *,
    actor: Actor,
    assignment_id: UUID,
    scores: dict[str, int],
    reasons: dict[str, str],
    summary: str,
    verdict: str,
    is_named: bool | None,
    revision: str | None = None,
    now: datetime,
) -> str:
    """Hand the report in; the last one decides the round. Returns the outcome, "" while others are still writing.

    The same report once more, from a second click, changes nothing and is no error.

    Raises ReportIncomplete (fields), ReportStale, ConflictOfInterest, ReviewNotFound, WrongState. A refused report is
    not lost: the caller keeps what was typed.
    """
    with transaction.atomic():
        assignment, row = locked_assignment(actor, assignment_id)
        if assignment.is_named == is_named and _is_handed_in(assignment, row, scores, reasons, summary, verdict):
            return _outcome_of(row)
        ROUND.check(row.state, "decide")
        assignment.state = ASSIGNMENT.check(assignment.state, "submit")
        _require_unchanged(assignment, revision)
        if conflicts := conflicts_now(row, assignment.reviewer_id):
            raise ConflictOfInterest(name=actor.name, reason=conflicts[0])
        _require_complete(parse(row.rubric), scores, reasons, summary, verdict)
        report = _keep(assignment, row, scores, reasons, summary, now)
        report.verdict, report.submitted_at = verdict, now
        report.save(update_fields=["verdict", "submitted_at"])
        assignment.is_named, assignment.finished_at = is_named, now
        assignment.save(update_fields=["state", "is_named", "finished_at"])
        note("review.reported", actor, row, now, verdict=verdict, hash=row.manifest_hash)
        return _decide_if_complete(row, now)


def _is_handed_in(
    assignment: Assignment,
    row: ReviewRound,
    scores: dict[str, int],
    reasons: dict[str, str],
    summary: str,
    verdict: str,
) -> bool:
    """Whether this very report is in already."""
    if assignment.state != "submitted":
        return False
    held = ReviewReport.objects.get(assignment=assignment)
    given = (scores, _kept_reasons(parse(row.rubric), reasons), summary.strip(), verdict)
    return (held.scores, held.reasons, held.summary, held.verdict) == given


def _outcome_of(row: ReviewRound) -> str:
    """The outcome of a decided round, "" of one that is open or was called off."""
    return Decision.objects.filter(round=row).values_list("outcome", flat=True).first() or ""


def _require_complete(
    rubric: Rubric, scores: dict[str, int], reasons: dict[str, str], summary: str, verdict: str
) -> None:
    fields: dict[str, list[Text]] = {}
    for item in rubric.missing(scores):
        fields[f"score_{item.key}"] = [_("Not scored yet.")]
    for key, score in scores.items():
        if rubric.needs_reason(score) and not reasons.get(key, "").strip():
            fields[f"reason_{key}"] = [_("A low score needs a reason.")]
    if verdict not in Verdict.values:
        fields["verdict"] = [_("Choose a verdict.")]
    elif verdict != Verdict.APPROVE and not summary.strip():
        fields["summary"] = [_("Say what has to change.")]
    if fields:
        raise ReportIncomplete(fields=fields)


def _decide_if_complete(row: ReviewRound, now: datetime) -> str:
    reports = list(ReviewReport.objects.filter(assignment__round=row, assignment__state="submitted"))
    if len(reports) < max(row.needed, LEAST):
        return ""
    outcome = _outcome({report.verdict for report in reports})
    scores = [report.weighted_score for report in reports if report.weighted_score is not None]
    mean = (sum(scores, Decimal(0)) / len(scores)).quantize(Decimal("0.01"))
    row.state = ROUND.check(row.state, "decide")
    row.save(update_fields=["state"])
    Decision.objects.create(round=row, outcome=outcome, mean_score=mean, decided_at=now)
    publish(RoundDecided(round_id=row.pk, outcome=outcome), now=now)
    return outcome


def _outcome(verdicts: set[str]) -> str:
    """One "do not approve" outweighs all, one "changes" outweighs approval."""
    if Verdict.REJECT in verdicts:
        return Outcome.REJECTED.value
    return Outcome.CHANGES_REQUESTED.value if Verdict.CHANGES in verdicts else Outcome.APPROVED.value


def declare_conflict(*, actor: Actor, assignment_id: UUID, reason: str, now: datetime) -> None:
    """Step back. The next free peer is asked; with nobody free the round waits for its desk to name somebody."""
    with transaction.atomic():
        assignment, row = locked_assignment(actor, assignment_id)
        ROUND.check(row.state, "decide")
        assignment.state = ASSIGNMENT.check(assignment.state, "declare_conflict")
        if not reason.strip():
            raise ReportIncomplete(fields={"reason": [_("Say what the conflict is; only the desk’s lead reads it.")]})
        assignment.conflict, assignment.finished_at = reason.strip()[:300], now
        assignment.save(update_fields=["state", "conflict", "finished_at"])
        fill_place(row, now)
        note("review.conflict_declared", actor, row, now)
        publish(ReviewersChanged(round_id=row.pk), now=now)


def set_naming(*, actor: Actor, assignment_id: UUID, is_named: bool, now: datetime) -> None:
    """Agree to be named on the published page, or take it back; possible at any time, and seen there at once."""
    with transaction.atomic():
        assignment, row = locked_assignment(actor, assignment_id)
        assignment.is_named = is_named
        assignment.save(update_fields=["is_named"])
        note("review.naming_set", actor, row, now, named=is_named)
        transaction.on_commit(bump_epoch)
