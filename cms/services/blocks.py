"""Blocks of a unit's draft, changed without the JavaScript editor; each change is a page revision."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.blocks import StreamValue

from cms import references, selectors
from cms.errors import CourseNotFound
from cms.models import UnitPage
from cms.services.units import draft_of, keep
from core.actor import Actor
from core.content import block_of


def _write(unit: UnitPage, raw: list[dict[str, Any]]) -> None:
    block = UnitPage._meta.get_field("body").stream_block
    unit.body = StreamValue(block, raw, is_lazy=True)


def _index(raw: list[dict[str, Any]], block_id: str) -> int:
    for position, block in enumerate(raw):
        if str(block["id"]) == block_id:
            return position
    raise CourseNotFound


def add_block(
    *, actor: Actor, course_id: UUID, unit_id: int, block_id: UUID, kind: str, value: dict[str, Any], now: datetime
) -> str:
    """Add a last block; `block_id` is minted by the form and becomes the node's lasting key. Returns it.

    Raises CourseNotEditable, CourseNotFound for a kind that nobody brings, ReferenceRefused.
    """
    try:
        block_of(kind)
    except KeyError:
        raise CourseNotFound from None
    with transaction.atomic():
        unit = draft_of(actor, course_id, unit_id, None)
        raw = selectors.raw_blocks(unit)
        if all(str(block["id"]) != str(block_id) for block in raw):
            references.require_choosable(selectors.course_of_unit(unit), kind, value, actor=actor, now=now)
            _write(unit, [*raw, {"type": kind, "value": value, "id": str(block_id)}])
            keep(unit, actor, course_id, now, "course.block_added")
    return str(block_id)


def change_block(
    *,
    actor: Actor,
    course_id: UUID,
    unit_id: int,
    revision_id: int | None,
    block_id: str,
    value: dict[str, Any],
    now: datetime,
) -> None:
    """Raises StaleForm when the unit was saved after the form was opened, ReferenceRefused."""
    with transaction.atomic():
        unit = draft_of(actor, course_id, unit_id, revision_id)
        raw = selectors.raw_blocks(unit)
        changed = raw[_index(raw, block_id)]
        references.require_choosable(selectors.course_of_unit(unit), changed["type"], value, actor=actor, now=now)
        changed["value"] = value
        _write(unit, raw)
        keep(unit, actor, course_id, now, "course.block_changed")


def move_block(*, actor: Actor, course_id: UUID, unit_id: int, block_id: str, up: bool, now: datetime) -> None:
    """One place up or down; at the end nothing happens."""
    with transaction.atomic():
        unit = draft_of(actor, course_id, unit_id, None)
        raw = selectors.raw_blocks(unit)
        place = _index(raw, block_id)
        target = place - 1 if up else place + 1
        if 0 <= target < len(raw):
            raw[place], raw[target] = raw[target], raw[place]
            _write(unit, raw)
            keep(unit, actor, course_id, now, "course.block_moved")


def remove_block(*, actor: Actor, course_id: UUID, unit_id: int, block_id: str, now: datetime) -> None:
    with transaction.atomic():
        unit = draft_of(actor, course_id, unit_id, None)
        raw = selectors.raw_blocks(unit)
        del raw[_index(raw, block_id)]
        _write(unit, raw)
        keep(unit, actor, course_id, now, "course.block_removed")
