"""A manifest: everything reviewers see and an edition holds, as one JSON value with a hash.

Nodes are frozen here, once; publishing copies them. So what is published is byte for byte what was reviewed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from wagtail.models import Page

from cms import faces, references, selectors
from cms.models import Course, UnitPage
from cms.richtext import clean
from core import crypto
from core.content import FrozenNode, NotReady, authors_of, block_of

FORMAT = 1
SHORTEST = 5  # minutes of a whole course


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a course from submission: where, and what."""

    place: str
    sentence: str


def freeze(course: Course, now: datetime) -> tuple[dict[str, Any], list[Missing]]:
    """The manifest of the latest drafts, and everything that is missing. Usable only when nothing is missing."""
    page = selectors.page_of(course).get_latest_revision_as_object()
    face, wrong = faces.freeze(page)
    missing = [*_missing_facts(course), *(Missing(_("Face of the course"), sentence) for sentence in wrong)]
    units: list[dict[str, Any]] = []
    drafts = [(unit, selectors.raw_blocks(unit)) for unit in selectors.units_of(course)]
    named = references.named(raw for _unit_page, blocks in drafts for raw in blocks)
    foreign = references.foreign(course, named, now)
    for number, (unit, blocks) in enumerate(drafts, start=1):
        frozen, faults = _unit(unit, blocks, number, foreign, now)
        units.append(frozen)
        missing += faults
    if not units:
        missing.append(Missing(_("Units"), _("The course has no unit yet.")))
    elif minutes_of(units) < SHORTEST:
        missing.append(Missing(_("Units"), _("The units take less than five minutes together.")))
    elif not any(node["points"] for unit in units for node in unit["nodes"]):
        missing.append(Missing(_("Questions"), _("No unit has a question: nobody could pass.")))
    manifest = _manifest(course, page, units)
    return manifest | ({"face": face} if face else {}), missing


def _manifest(course: Course, page: Page, units: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "course": str(course.pk),
        "code": course.code,
        "title": course.title,
        "summary": course.summary,
        "objectives": [line.strip() for line in course.objectives.splitlines() if line.strip()],
        "introduction": clean(page.introduction),
        "language": course.language,
        "subject": course.subject,
        "level": course.level,
        "learning_minutes": minutes_of(units),
        "pass_percent": course.pass_percent,
        "attempts_allowed": course.attempts_allowed,
        "organisation": str(course.organisation_id),
        "disclosure": course.disclosure.strip(),
        "authors": [str(a) for a in selectors.author_ids(course)],
        "landing_revision": page.latest_revision_id,
        "units": units,
    }


def minutes_of(units: list[dict[str, Any]]) -> int:
    """The time that a course takes is the time of its units, so credits cannot come from another figure."""
    return sum(unit["minutes"] for unit in units)


def _missing_facts(course: Course) -> list[Missing]:
    place = _("About the course")
    found = []
    if not course.summary:
        found.append(Missing(place, _("A summary in one or two sentences is missing.")))
    if not course.objectives.strip():
        found.append(Missing(place, _("No aim is given: say what a learner can do afterwards.")))
    return found


def _unit(
    unit: UnitPage, blocks: list[dict[str, Any]], number: int, foreign: references.Named, now: datetime
) -> tuple[dict[str, Any], list[Missing]]:
    nodes: list[dict[str, Any]] = []
    missing: list[Missing] = []
    for position, raw in enumerate(blocks, start=1):
        try:
            nodes.append(freeze_block(raw, now, foreign).to_json())
        except NotReady as error:
            place = _("Unit %(unit)s, block %(block)s") % {"unit": number, "block": position}
            missing.append(Missing(place, error.sentence()))
    if not nodes and not missing:
        missing.append(Missing(_("Unit %(unit)s") % {"unit": number}, _("The unit has no block yet.")))
    frozen = {
        "key": str(unit.key),
        "revision": unit.latest_revision_id,
        "title": unit.title,
        "minutes": unit.minutes,
        "nodes": nodes,
    }
    return frozen, missing


def freeze_block(raw: dict[str, Any], now: datetime, foreign: references.Named) -> FrozenNode:
    """Raises NotReady, also for a kind of block that nobody brings any more, and for what is in `foreign`."""
    try:
        owner = block_of(raw["type"])
    except KeyError:
        raise NotReady(_("This kind of block is no longer available.")) from None
    node = owner.freeze(raw["value"], key=str(raw["id"]), now=now)
    if (node.kind, node.reference) in foreign:
        raise NotReady(_("None of the authors may choose what this block refers to. Choose again, or take it out."))
    return node


def contributors(manifest: dict[str, Any]) -> set[UUID]:
    """Who wrote the questions, edited the cases and made the videos that it shows."""
    return authors_of(FrozenNode.from_json(node) for unit in manifest["units"] for node in unit["nodes"])


def withdrawn_since(manifest: dict[str, Any], now: datetime) -> list[Missing]:
    """References of a reviewed manifest that can no longer be frozen: their content was withdrawn in between."""
    found = []
    for number, unit in enumerate(manifest["units"], start=1):
        for position, data in enumerate(unit["nodes"], start=1):
            node = FrozenNode.from_json(data)
            if not node.reference:
                continue
            try:
                block_of(node.kind).freeze({"reference": node.reference}, key=node.key, now=now)
            except NotReady as error:
                place = _("Unit %(unit)s, block %(block)s") % {"unit": number, "block": position}
                found.append(Missing(place, error.sentence()))
    return found


def digest_of(manifest: dict[str, Any]) -> str:
    """The hash of the manifest's canonical JSON (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return crypto.digest(text.encode())
