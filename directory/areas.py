"""The tree of organisations as areas of the supervision page: the one looked at, its parts, who belongs to which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import translation

from core.actor import Actor
from core.ui.figures import Area, Areas, Size
from directory.models import Organisation, OrganisationKind
from directory.selectors import STEP, ancestor_paths, organisations_below

CHINESE_TAILS = re.compile(r"(?<=..)([市县区]?卫生健康(委员会|局)|人民医院|中心卫生院|卫生室)$")
ENGLISH_TAILS = re.compile(
    r"( Municipal| County| Provincial)?( Health (Commission|Bureau|Centre)|( People's)? Hospital| Clinic)$"
)

#: What a doctor's professional title says (住院医师, 乡村医生); those of nurses, technicians and pharmacists do not.
DOCTORS = Q(memberships__title__contains="医师") | Q(memberships__title__contains="医生")
STAFF = Q(memberships__is_primary=True, memberships__person__is_active=True)
Member = tuple[UUID, str, int, int]


def short_name(organisation: Organisation, language: str) -> str:
    """What stands on a tile: the place alone for an authority, without its kind for a house."""
    name = organisation.display_name(language)
    return (ENGLISH_TAILS if language == "en" else CHINESE_TAILS).sub("", name) or name


def _area(row: Organisation, language: str, *, is_apart: bool = False) -> Area:
    name, short = row.display_name(language), short_name(row, language)
    return Area(row.pk, name, short, row.level, row.map_column, row.map_row, is_apart)


def _parts(rows: Sequence[Organisation], language: str) -> tuple[Area, ...]:
    """Hospitals among authorities or township centres stand apart; among themselves they are compared."""
    kinds = {row.kind for row in rows}
    apart = OrganisationKind.HOSPITAL if len(kinds) > 1 else None
    return tuple(_area(row, language, is_apart=row.kind == apart) for row in rows)


def _members(below: QuerySet[Organisation]) -> list[Member]:
    """Each organisation's id and path, its people on the platform, and the doctors among them. One query."""
    counted = below.annotate(
        people=Count("memberships", filter=STAFF), doctors=Count("memberships", filter=STAFF & DOCTORS)
    )
    return list(counted.values_list("pk", "path", "people", "doctors"))


def _roots(actor: Actor, permissions: Sequence[str]) -> list[str]:
    """Paths of the organisations in which the actor holds one of `permissions`, without those below another."""
    held = sorted({g.organisation_path for g in actor.grants if g.permissions & set(permissions)})
    return [path for path in held if not any(path != other and path.startswith(other) for other in held)]


def _chosen(rows: QuerySet[Organisation], wanted: str) -> Organisation | None:
    """Raises LookupError for what is not among `rows`."""
    if not wanted:
        return None
    try:
        found = rows.filter(pk=UUID(wanted)).first()
    except ValueError:
        found = None
    if found is None:
        raise LookupError(wanted)
    return found


def areas_of(actor: Actor, permissions: Sequence[str], wanted: str) -> Areas | None:
    """The area `wanted` (an id) or everything the actor has; None for a foreign one. Three queries."""
    roots = _roots(actor, permissions)
    visible, language = organisations_below(roots), translation.get_language() or ""
    try:
        here = _chosen(visible, wanted)
    except LookupError:
        return None
    if here is None and len(roots) == 1:
        here = visible.filter(path=roots[0]).first()
    below = visible.filter(path__startswith=here.path) if here else visible
    size = len(here.path) + STEP if here else 0
    members = _members(below)
    part_paths = {path for _pk, path, *_staff in members if len(path) == size} if here else set(roots)
    parts = list(below.filter(path__in=part_paths, is_active=True))
    trail = visible.filter(path__in=ancestor_paths(here.path)[:-1]) if here else Organisation.objects.none()
    part_of = _owners(members, {row.path: row.pk for row in parts}, here)
    return Areas(
        here=_area(here, language) if here else None,
        trail=tuple(_area(row, language) for row in trail),
        parts=_parts(parts, language),
        part_of=part_of,
        is_root=here is None or here.path in roots,
        sizes=_sizes(members, part_of),
    )


def _sizes(members: Sequence[Member], part_of: dict[UUID, UUID]) -> dict[UUID, Size]:
    found: dict[UUID, Size] = {}
    for pk, _path, people, doctors in members:
        if pk in part_of:
            found[part_of[pk]] = found.get(part_of[pk], Size()) + Size(people, doctors)
    return found


def _owners(members: Sequence[Member], parts: dict[str, UUID], here: Organisation | None) -> dict[UUID, UUID]:
    """Organisation id -> id of the part it belongs to; the area itself, where it has numbers of its own."""
    found = {}
    for pk, path, *_staff in members:
        owner = next((parts[head] for head in ancestor_paths(path) if head in parts), None)
        if owner is None and here is not None and pk == here.pk:
            owner = here.pk
        if owner is not None:
            found[pk] = owner
    return found
