"""The tree of organisations as areas of the supervision page: the one looked at, its parts, who belongs to which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation

from core.actor import Actor
from core.ui.figures import Area, Areas, Size
from directory.area_sizes import reporting_in, sizes_by_path
from directory.models import Organisation, OrganisationKind
from directory.selectors import STEP, ancestor_paths, organisations_below

CHINESE_TAILS = re.compile(r"(?<=..)([市县区]?卫生健康(委员会|局)|人民医院|中心卫生院|卫生室)$")
ENGLISH_TAILS = re.compile(
    r"( Municipal| County| Provincial)?( Health (Commission|Bureau|Centre)|( People's)? Hospital| Clinic)$"
)


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
    """The area `wanted` (an id) or everything the actor has; None for a foreign one."""
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
    tree = list(below.values_list("pk", "path"))
    part_paths = {path for _pk, path in tree if len(path) == size} if here else set(roots)
    parts = list(below.filter(path__in=part_paths, is_active=True))
    trail = visible.filter(path__in=ancestor_paths(here.path)[:-1]) if here else Organisation.objects.none()
    return Areas(
        here=_area(here, language) if here else None,
        trail=tuple(_area(row, language) for row in trail),
        parts=_parts(parts, language),
        part_of=_owners(tree, {row.path: row.pk for row in parts}, here),
        is_root=here is None or here.path in roots,
        sizes_for=partial(_sizes, actor, here, parts, is_chosen=bool(wanted)),
        reporting=cache(partial(reporting_in, [here.path] if here else sorted(roots))),
    )


def _sizes(
    actor: Actor, here: Organisation | None, parts: Sequence[Organisation], permission: str, *, is_chosen: bool
) -> dict[UUID, Size]:
    """By part, and by the area itself where that is the actor's: who works in what they have by `permission`.

    A part outside of that is absent. Figures of an area that was chosen are those of all of it or none.
    """
    held = _roots(actor, [permission])
    if here is not None and here.path.startswith(tuple(held)):
        sizes = sizes_by_path(here.path)
        return {row.pk: sizes.get(row.path, Size()) for row in (here, *parts)}
    found: dict[UUID, Size] = {}
    for part in parts if not is_chosen else ():
        inside = [part.path] if part.path.startswith(tuple(held)) else [p for p in held if p.startswith(part.path)]
        if inside:
            found[part.pk] = sum((size for path in inside for size in sizes_by_path(path).values()), Size())
    return found


def _owners(tree: Sequence[tuple[UUID, str]], parts: dict[str, UUID], here: Organisation | None) -> dict[UUID, UUID]:
    """Organisation id -> id of the part it belongs to; the area itself, where it has numbers of its own."""
    found = {}
    for pk, path in tree:
        owner = next((parts[head] for head in ancestor_paths(path) if head in parts), None)
        if owner is None and here is not None and pk == here.pk:
            owner = here.pk
        if owner is not None:
            found[pk] = owner
    return found
