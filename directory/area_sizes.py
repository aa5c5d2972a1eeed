"""How big areas are: who works there and is on the platform, and how many licensed doctors their houses reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import reduce
from operator import or_
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Left

from core import kept
from core.ui.figures import Size
from directory.models import LicensedDoctors, Membership, Organisation, OrganisationKind
from directory.selectors import STEP, ancestor_paths

#: What a doctor's professional title says (住院医师, 乡村医生); those of nurses, technicians and pharmacists do not.
DOCTORS = Q(title__contains="医师") | Q(title__contains="医生")
KEPT_SECONDS = 15 * 60
ANY_REPORT = "sizes:any-report"


def sizes_by_path(path: str) -> dict[str, Size]:
    """Of `path` itself and of each organisation right under it, all below them included, by their paths.

    Two or three queries, then kept. As in the credit year, the people of authorities are not counted. Where nobody of
    the whole installation has reported doctors, those with an account stand for them.
    """
    key = _key(path, is_reporting=_has_any_report())
    found: dict[str, tuple[int, ...]] | None = cache.get(key)
    if found is None:
        found = {part: _plain(size) for part, size in _read(path).items()}
        kept.keep(key, found, KEPT_SECONDS)
    return {part: Size(*numbers) for part, numbers in found.items()}


def forget_sizes(path: str) -> None:
    """Of an organisation whose number has changed, and of everything above it."""
    kept.forget(ANY_REPORT)
    for above in ancestor_paths(path):
        kept.forget(_key(above, is_reporting=True))


def _key(path: str, *, is_reporting: bool) -> str:
    return f"sizes:{'reported' if is_reporting else 'accounts'}:{path}"


def _plain(size: Size) -> tuple[int, ...]:
    return (size.people, size.doctors, size.houses, size.reported)


def _has_any_report() -> bool:
    """Whether this installation compares by what was reported; the first report changes that for everybody."""
    known: bool | None = cache.get(ANY_REPORT)
    if known is None:
        known = LicensedDoctors.objects.exists()
        kept.keep(ANY_REPORT, known, KEPT_SECONDS)
    return known


def _read(path: str) -> dict[str, Size]:
    sizes: dict[str, Size] = defaultdict(Size)
    is_reporting = _has_any_report()
    for part, people, doctors in _staff(path):
        sizes[part] += Size(people, 0 if is_reporting else doctors)
    for part, houses, reported, licensed in _reported(path) if is_reporting else ():
        sizes[part] += Size(0, licensed or 0, houses, reported)
    return dict(sizes)


def reporting_in(roots: Sequence[str]) -> frozenset[UUID] | None:
    """Those at or below one of `roots` that have reported their doctors; None where nobody of the installation has."""
    if not _has_any_report():
        return None
    inside = reduce(or_, (Q(organisation__path__startswith=root) for root in roots), Q(pk__in=()))
    return frozenset(LicensedDoctors.objects.filter(inside).values_list("organisation_id", flat=True))


def _staff(path: str) -> list[tuple[str, int, int]]:
    rows = Membership.objects.filter(is_primary=True, person__is_active=True, organisation__path__startswith=path)
    below = rows.exclude(organisation__kind=OrganisationKind.AUTHORITY)
    by_path = below.annotate(part=Left("organisation__path", len(path) + STEP)).values("part").order_by()
    counts = by_path.annotate(people=Count("pk"), doctors=Count("pk", filter=DOCTORS))
    return list(counts.values_list("part", "people", "doctors"))


def _reported(path: str) -> list[tuple[str, int, int, int | None]]:
    """Houses, those among them that reported for any year, and the sum of each one's newest number."""
    newest = LicensedDoctors.objects.filter(organisation=OuterRef("pk")).order_by("-year").values("number")[:1]
    houses = Organisation.objects.filter(path__startswith=path, is_active=True).exclude(kind=OrganisationKind.AUTHORITY)
    rows = houses.annotate(part=Left("path", len(path) + STEP), newest=Subquery(newest)).values("part").order_by()
    sums = rows.annotate(houses=Count("pk"), reported=Count("newest"), doctors=Sum("newest"))
    return list(sums.values_list("part", "houses", "reported", "doctors"))
