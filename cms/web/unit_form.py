"""The form behind a unit in Wagtail's editor: it offers what the person who edits may choose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamBlock
from wagtail.blocks.base import BlockWidget

from core.actor import ANONYMOUS, Actor
from core.content import all_blocks, block_of, offer_of
from directory.api import actor_for_person


class UnitForm(WagtailAdminPageForm):
    """Wagtail keeps one set of blocks for everybody; here each form has its own, with this person's choices and with
    what the course's draft and its edition in use hold already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "body" not in self.fields:
            return
        now = timezone.now()
        field: Any = self.fields["body"]
        options = field.block.meta
        field.block = StreamBlock(_blocks(self.instance, self._actor(now), now))
        field.block.set_meta_options({"required": options.required})
        widget = BlockWidget(field.block)
        widget.is_required = field.required
        field.widget = widget
        if held := self.initial.get("body"):  # bound to the model's blocks: those say nothing of what is chosen
            self.initial["body"] = field.block.to_python(held.get_prep_value())

    def _actor(self, now: datetime) -> Actor:
        return actor_for_person(self.for_user.pk, now) if self.for_user else ANONYMOUS


def _blocks(unit: Any, actor: Actor, now: datetime) -> list[tuple[str, Any]]:
    held = _held_lines(unit, now)
    return [
        (owner.kind, owner.editor(offer_of(owner, actor=actor, now=now, held=held.get(owner.kind, {}))))
        for owner in all_blocks()
    ]


def _held_lines(unit: Any, now: datetime) -> dict[str, dict[str, str]]:
    """Kind -> reference -> its line; none for what nobody of this course may have put there."""
    from cms import references, selectors

    course = selectors.course_of_unit(unit)
    held = references.held(course) | references.named(selectors.raw_blocks(unit))
    foreign = references.foreign(course, held, now)
    lines: dict[str, dict[str, str]] = {}
    for kind, reference in sorted(held):
        line = "" if (kind, reference) in foreign else block_of(kind).line(reference, now=now)
        lines.setdefault(kind, {})[reference] = line
    return lines
