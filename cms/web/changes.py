"""What changed in a course, for its desk: fact by fact and block by block, by the comparison that reviewers see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cms import differences, manifests, selectors
from cms.models import Course
from cms.reviewed_facts import changes_of
from cms.reviewing import compared_with
from cms.states import AUTHORS_FIXED
from core.content import label_of
from core.ui.access import signed_in

STATES = ("added", "changed", "moved", "removed", "unfinished", "same")


@dataclass(frozen=True, slots=True)
class Row:
    """One block in words; `state` is one of `STATES`, `name` "" where the block has none beside its kind."""

    change: differences.BlockChange
    state: str
    kind: str
    name: str


@dataclass(slots=True)
class Section:
    """The blocks of a unit: those to be read, and those that stayed as they were."""

    title: str
    rows: list[Row] = field(default_factory=list)
    same: list[Row] = field(default_factory=list)


@require_GET
@signed_in
def changes(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """What is in review beside what its reviewers compare it with, else the draft beside what was handed in last."""
    found = selectors.desk_course(request.actor, course_id)
    now = timezone.now()
    is_handed_in = found.state in AUTHORS_FIXED
    new: Any = found.manifest if is_handed_in else manifests.freeze(found, now)[0]
    held = compared_with(new) if is_handed_in else found.manifest or selectors.current_manifest(course_id)
    drafted = () if is_handed_in else _drafted(found)
    rows = [_row(change, now) for change in differences.between(held or {"units": []}, new, now, drafted)]
    facts = changes_of(new, held)
    numbers = Counter(row.state for row in rows)
    context = {
        "course": found,
        "is_handed_in": is_handed_in,
        "held": held,
        "edition": _edition_of(found, held),
        "facts": [change for change in facts if change.state == "changed"],
        "same_facts": [change.title for change in facts if change.state == "same"],
        "sections": _sections(rows, new),
        "numbers": [(state, numbers[state]) for state in STATES if numbers[state]],
    }
    return render(request, "cms/desk/changes.html", context)


def _drafted(course: Course) -> set[str]:
    return {str(raw["id"]) for unit in selectors.units_of(course) for raw in selectors.raw_blocks(unit)}


def _edition_of(course: Course, held: dict[str, Any] | None) -> int | None:
    """The number of the edition in use, when that is what is compared with."""
    edition = course.current_edition
    if edition is None or not held or edition.content_hash != manifests.digest_of(held):
        return None
    return edition.number


def _row(change: differences.BlockChange, now: datetime) -> Row:
    kind, name = label_of(change.node.kind), differences.words_of(change.node, now).split("\n")[0]
    return Row(change, "moved" if change.state == "same" and change.was else change.state, kind, name[:80])


def _sections(rows: list[Row], manifest: dict[str, Any]) -> list[Section]:
    """The units in their order, each with what was taken out of it; then those that are gone."""
    sections: dict[str, Section] = {}
    for number, unit in enumerate(manifest["units"], start=1):
        title = _("Unit %(number)s: %(title)s") % {"number": number, "title": unit["title"]}
        sections[str(unit["key"])] = Section(title)
    for row in rows:
        place = row.change.place
        if place.unit_key not in sections:
            sections[place.unit_key] = Section(_("Unit taken out: %(title)s") % {"title": place.unit})
        section = sections[place.unit_key]
        (section.same if row.state == "same" else section.rows).append(row)
    return [section for section in sections.values() if section.rows or section.same]
