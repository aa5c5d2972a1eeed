"""Reads: a reviewer's desk, a round as others may know it, who could review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, TextField
from django.db.models.functions import Cast, Greatest

from core.actor import Actor
from directory.api import get_people, people_with_permission
from peer_review.conflicts import Makers, conflicts_of, ids_of
from peer_review.contracts import Candidate, CommentFacts, ReportFacts, RoundFacts, RoundProgress, Staffing, StepBack
from peer_review.errors import ReviewNotFound
from peer_review.models import Assignment, ReviewComment, ReviewReport, ReviewRound
from peer_review.rubrics import load
from peer_review.states import LEAST
from peer_review.subjects import all_subjects, subject_of

OPEN = ("assigned", "drafting")
WORKING = (*OPEN, "submitted")
MOST_TASKS = 20  # a home page names so many
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letter(ordinal: int) -> str:
    """Reviewer 1 is A: the only name that the blind may read."""
    return LETTERS[(ordinal - 1) % len(LETTERS)]


def mine(actor: Actor) -> QuerySet[Assignment]:
    """Every assignment of this person of the kinds that they may still review, newest first."""
    if actor.person_id is None:
        return Assignment.objects.none()
    kinds = [subject.kind for subject in all_subjects() if actor.may(subject.permission)]
    rows = Assignment.objects.filter(reviewer=actor.person_id, round__subject_kind__in=kinds)
    return rows.select_related("round").order_by("-assigned_at")


def require_reviewer(actor: Actor, subject_kind: str) -> None:
    """Whoever lost the role reads the review as missing. Raises ReviewNotFound."""
    if not actor.may(subject_of(subject_kind).permission):
        raise ReviewNotFound


def mine_to_do(actor: Actor) -> QuerySet[Assignment]:
    """What waits for this person, the earliest due first."""
    return mine(actor).filter(state__in=OPEN, round__state="open").order_by("round__due_at")


def my_assignment(actor: Actor, assignment_id: UUID) -> Assignment:
    """Raises ReviewNotFound for a missing and for a foreign one alike."""
    row = mine(actor).filter(pk=assignment_id).select_related("round__decision").first()
    if row is None:
        raise ReviewNotFound
    return row


def assignment_of(round_id: UUID, person_id: UUID | None) -> UUID:
    """This person's assignment in a round. Raises ReviewNotFound."""
    found = Assignment.objects.filter(round=round_id, reviewer=person_id).values_list("pk", flat=True).first()
    if found is None:
        raise ReviewNotFound
    return found


def reviewers_now(round_id: UUID) -> list[UUID]:
    """People whose part in an open round stands, handed in or not. None once it is decided or called off."""
    rows = Assignment.objects.filter(round=round_id, round__state="open", state__in=(*OPEN, "submitted"))
    return list(rows.order_by("ordinal").values_list("reviewer_id", flat=True))


def are_asked_among(round_id: UUID | None, proposed: Sequence[UUID]) -> bool:
    """Whether those first asked in a round can have been drawn among the people proposed, or nobody was proposed."""
    first = Assignment.objects.filter(round=round_id, ordinal__lte=F("round__needed"))
    return not proposed or set(first.values_list("reviewer_id", flat=True)) <= set(proposed)


def report_of(assignment: Assignment) -> ReviewReport | None:
    return ReviewReport.objects.filter(assignment=assignment).first()


def get_round(round_id: UUID) -> RoundFacts:
    """The round as its subject's owner may know it: nobody's name, reports only after the decision.

    Raises ReviewNotFound.
    """
    row = ReviewRound.objects.filter(pk=round_id).select_related("decision").first()
    if row is None:
        raise ReviewNotFound
    decision = getattr(row, "decision", None)
    return RoundFacts(
        id=row.pk,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        number=row.number,
        title=row.title,
        manifest=row.manifest,
        manifest_hash=row.manifest_hash,
        state=row.state,
        outcome=decision.outcome if decision else "",
        opened_at=row.opened_at,
        due_at=row.due_at,
        decided_at=decision.decided_at if decision else None,
        needed=row.needed,
        submitted=row.assignments.filter(state="submitted").count(),
        missing=_missing(row.state, row.needed, row.assignments.filter(state__in=WORKING).count()),
        mean_score=decision.mean_score if decision else None,
        author_ids=ids_of(row.author_ids),
        reports=_reports(row) if decision else (),
    )


def progress_of(round_ids: Iterable[UUID | None]) -> dict[UUID, RoundProgress]:
    """How far each round is, for a list of subjects; one query. Ids that are None or unknown are left out."""
    wanted = {round_id for round_id in round_ids if round_id}
    rows = ReviewRound.objects.filter(pk__in=wanted).annotate(
        submitted=Count("assignments", filter=Q(assignments__state="submitted")),
        working=Count("assignments", filter=Q(assignments__state__in=WORKING)),
    )
    values = rows.values_list(
        "pk", "needed", "submitted", "due_at", "decision__outcome", "working", "state", "author_ids"
    )
    return {
        pk: RoundProgress(needed, done, due_at, outcome or "", _missing(state, needed, working), ids_of(authors))
        for pk, needed, done, due_at, outcome, working, state, authors in values
    }


def _missing(state: str, needed: int, working: int) -> int:
    return max(0, max(needed, LEAST) - working) if state == "open" else 0


def answerable_by(actor: Actor) -> QuerySet[ReviewRound]:
    """Rounds of what the actor may hand in."""
    condition = Q(pk__in=[])
    for subject in all_subjects():
        condition |= Q(subject_kind=subject.kind, subject_id__in=subject.answerable_ids(actor))
    return ReviewRound.objects.filter(condition)


def staffable_by(actor: Actor) -> QuerySet[ReviewRound]:
    """Rounds of a desk that the actor leads, but for what they wrote themselves: who is left to ask tells who was.

    Authors are looked for as text, since SQLite cannot search a list.
    """
    condition = Q(pk__in=[])
    for subject in all_subjects():
        condition |= Q(subject_kind=subject.kind, subject_id__in=subject.staffable_ids(actor))
    rows = ReviewRound.objects.filter(condition).annotate(authors=Cast("author_ids", TextField()))
    return rows.exclude(authors__contains=str(actor.person_id))


def leads_of(row: ReviewRound, now: datetime) -> list[UUID]:
    """Whom an empty place of this round waits for."""
    authors = ids_of(row.author_ids)
    return [lead for lead in subject_of(row.subject_kind).leads(row.subject_id, now) if lead not in authors]


def rounds_without_reviewer(actor: Actor) -> list[ReviewRound]:
    """Open rounds with an empty place that this person may fill; the 20 due first."""
    if actor.person_id is None:
        return []
    rows = staffable_by(actor).filter(state="open").order_by("due_at", "pk")
    short = rows.annotate(working=Count("assignments", filter=Q(assignments__state__in=WORKING))).filter(
        working__lt=Greatest(F("needed"), LEAST)
    )
    return list(short[:MOST_TASKS])


def staffing_of(actor: Actor, round_id: UUID, now: datetime) -> Staffing:
    """For whoever may name a reviewer. Raises ReviewNotFound for anybody else, the authors among them."""
    row = staffable_by(actor).filter(pk=round_id).first()
    if row is None:
        raise ReviewNotFound
    working = row.assignments.filter(state__in=WORKING).count()
    asked = set(row.assignments.values_list("reviewer_id", flat=True))
    return Staffing(
        kind=row.subject_kind,
        title=row.title,
        number=row.number,
        needed=row.needed,
        submitted=row.assignments.filter(state="submitted").count(),
        missing=_missing(row.state, row.needed, working),
        offered=[c for c in offered_for(row, now) if c.person_id not in asked],
        stepped_back=[
            StepBack(label=letter(assignment.ordinal), reason=assignment.conflict)
            for assignment in row.assignments.filter(state="conflicted").order_by("ordinal")
        ],
    )


def _reports(row: ReviewRound) -> tuple[ReportFacts, ...]:
    reports = ReviewReport.objects.filter(assignment__round=row, assignment__state="submitted")
    return tuple(
        ReportFacts(
            label=letter(report.assignment.ordinal),
            verdict=report.verdict,
            weighted_score=report.weighted_score,
            scores=report.scores,
            reasons=report.reasons,
            summary=report.summary,
            submitted_at=report.submitted_at,
        )
        for report in reports.select_related("assignment").order_by("assignment__ordinal")
    )


def manifest_before(*, subject_kind: str, subject_id: UUID, manifest_hash: str) -> dict[str, Any] | None:
    """What was reviewed last before the round with this hash; None where nothing was.

    A round that was called off reviewed nothing: its text may never have been read.
    """
    rounds = ReviewRound.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    number = rounds.filter(manifest_hash=manifest_hash).order_by("-number").values_list("number", flat=True).first()
    reviewed = rounds.filter(state="decided", number__lt=number or 0).exclude(manifest_hash=manifest_hash)
    earlier = reviewed.order_by("-number").first()
    return earlier.manifest if earlier else None


def comments_of(round_id: UUID) -> tuple[CommentFacts, ...]:
    """Threads beside the blocks, oldest first, blind."""
    rows = list(ReviewComment.objects.filter(round=round_id).select_related("assignment"))
    replies: dict[UUID, list[CommentFacts]] = {}
    for row in rows:
        if row.parent_id:
            replies.setdefault(row.parent_id, []).append(_comment(row))
    return tuple(_comment(row, tuple(replies.get(row.pk, ()))) for row in rows if not row.parent_id)


def _comment(row: ReviewComment, replies: tuple[CommentFacts, ...] = ()) -> CommentFacts:
    return CommentFacts(
        id=row.pk,
        author="reviewer" if row.assignment else "author",
        label=letter(row.assignment.ordinal) if row.assignment else "",
        anchor=row.anchor,
        text=row.text,
        written_at=row.written_at,
        is_resolved=row.resolved_at is not None,
        replies=replies,
    )


def named_reviewers(round_id: UUID) -> tuple[list[UUID], int]:
    """(people who agreed to be named, how many reviewed), for the published page; not in the order of their letters."""
    done = Assignment.objects.filter(round=round_id, state="submitted").order_by("reviewer_id")
    return list(done.filter(is_named=True).values_list("reviewer_id", flat=True)), done.count()


def candidates(
    *, subject_kind: str, author_ids: Iterable[UUID], now: datetime, contributor_ids: Iterable[UUID] = ()
) -> list[Candidate]:
    """Everybody who holds the reviewing permission, the least burdened first; those with a conflict come last.

    `contributor_ids` wrote what the authors only show.
    """
    return offered(subject_kind, Makers(frozenset(author_ids), frozenset(contributor_ids)), now)


def offered_for(row: ReviewRound, now: datetime) -> list[Candidate]:
    """As `candidates`, for a round that was opened before."""
    return offered(row.subject_kind, Makers.of(row), now)


def offered(subject_kind: str, makers: Makers, now: datetime) -> list[Candidate]:
    subject = subject_of(subject_kind)
    people = people_with_permission(subject.permission, now)
    cards = get_people(people)
    burden = Counter(
        Assignment.objects.filter(reviewer__in=people, state__in=OPEN).values_list("reviewer_id", flat=True)
    )
    rules = load(subject.rubric)["conflicts"]
    found = [
        Candidate(
            person_id=person_id,
            name=cards[person_id].name,
            organisation_name=cards[person_id].shown_organisation,
            title=cards[person_id].title,
            open_reviews=burden[person_id],
            conflicts=tuple(str(c) for c in conflicts_of(person_id, makers, rules)),
            department_name=cards[person_id].shown_department,
            places=cards[person_id].places,
            specialty=cards[person_id].specialty,
        )
        for person_id in people
        if person_id in cards
    ]
    return sorted(found, key=lambda c: (bool(c.conflicts), c.open_reviews, c.person_id))
