"""What stands on an editor's desk: the versions of the own organisations, by what has to be done with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from casebook import policies
from casebook.contracts import CaseCard
from casebook.models import CaseVersion
from casebook.selectors import Amendment, amendments_of, card
from core.actor import Actor
from media_pipeline import api as media
from peer_review import api as peer_review

_APPROVED = Q(state="in_review", approved_at__isnull=False)
#: Views of the desk in the order in which they are offered. Withdrawn versions stand in none.
VIEWS: dict[str, Q] = {
    "open": ~Q(state__in=["withdrawn", "retired"]),
    "draft": Q(state="draft"),
    "review": Q(state="in_review", approved_at__isnull=True),
    "approved": _APPROVED,
    "published": Q(state="published"),
    "retired": Q(state="retired"),
}


@dataclass(frozen=True, slots=True)
class DeskFilters:
    """What is set above the list; "" sets nothing. `text` looks into titles, or is a case's number."""

    text: str = ""
    specialty: str = ""


@dataclass(frozen=True, slots=True)
class DeskVersion:
    """A version on the desk. `progress` only while its reviewers read; `editors` are those of the case, by name."""

    id: UUID
    case_id: UUID
    number: int
    state: str
    card: CaseCard
    editors: tuple[str, ...]
    changed_at: datetime
    round_id: UUID | None
    progress: peer_review.RoundProgress | None
    may_edit: bool
    may_take_back: bool
    may_staff: bool
    may_publish: bool
    may_revise: bool
    may_retire: bool
    amendment: Amendment | None


def desk_versions(actor: Actor, filters: DeskFilters, view: str = "open") -> QuerySet[CaseVersion]:
    """One view: what waits for this desk first, then the last changed. A closed release hides its versions."""
    turn = Case(
        When(_APPROVED, then=Value(0)),
        *(When(state=state, then=Value(place)) for place, state in enumerate(("draft", "in_review", "published"), 1)),
        default=Value(4),
    )
    later = CaseVersion.unscoped.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
    rows = (
        _filtered(actor, filters)
        .filter(VIEWS[view])
        .annotate(
            has_later=Exists(later),
            is_later_in_review=Exists(later.filter(state="in_review")),
            is_later_published=Exists(later.filter(state="published")),
        )
    )
    return rows.annotate(turn=turn).order_by("turn", "-updated_at").prefetch_related("case__editors")


def desk_counts(actor: Actor, filters: DeskFilters) -> dict[str, int]:
    """How many versions each view holds, in one query."""
    numbers = {name: Count("pk", filter=condition) for name, condition in VIEWS.items()}
    return dict(_filtered(actor, filters).aggregate(**numbers))


def _filtered(actor: Actor, filters: DeskFilters) -> QuerySet[CaseVersion]:
    visible: QuerySet[CaseVersion] = CaseVersion.objects.visible_to(actor)
    rows = visible.filter(release_id__in=media.open_release_ids())
    if filters.specialty:
        rows = rows.filter(case__specialty=filters.specialty)
    for word in filters.text.split():
        rows = rows.filter(Q(content__title__icontains=word) | Q(case__code__iexact=word))
    return rows


def as_rows(actor: Actor, versions: Iterable[CaseVersion]) -> list[DeskVersion]:
    """What the page shows of each. Asks for all rounds at once."""
    versions = list(versions)
    progress = peer_review.progress_of(version.round_id for version in versions if version.state == "in_review")
    amendments = amendments_of(version.release_id for version in versions)
    return [_row(actor, version, progress, amendments.get(version.release_id)) for version in versions]


def _row(actor: Actor, version: CaseVersion, progress: dict[UUID, Any], amendment: Amendment | None) -> DeskVersion:
    round_now = progress.get(version.round_id) if version.round_id and not version.approved_at else None
    return DeskVersion(
        id=version.pk,
        case_id=version.case_id,
        number=version.number,
        state=version.state,
        card=card(version),
        editors=tuple(person.name for person in version.case.editors.all()),
        changed_at=version.updated_at,
        round_id=version.round_id,
        progress=round_now,
        may_edit=policies.may_edit(actor, version),
        may_take_back=policies.may_take_back(actor, version),
        may_staff=round_now is not None and policies.may_staff(actor, version, round_now.author_ids),
        may_publish=policies.may_publish(actor, version) and not _is_overtaken(version),
        may_revise=_is_revisable(version) and actor.may("case.edit", version.case.organisation.path),
        may_retire=policies.may_retire(actor, version),
        amendment=amendment,
    )


def _is_revisable(version: Any) -> bool:
    """What is published while none after it is in review, and what was sent back or retired and has none after it."""
    if version.state == "published":
        return not version.is_later_in_review
    return version.state == "retired" and not version.has_later


def _is_overtaken(version: Any) -> bool:
    """A newer one is published; the older would not replace it."""
    is_later_published: bool = version.is_later_published
    return is_later_published
