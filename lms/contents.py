"""The parts of a unit as they are listed beside it: what each is called, what is done, where the learner stopped."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cms.contracts import EditionUnit
from core.content import FrozenNode, block_of
from lms import grading
from lms.models import Progress
from lms.presenting import ShownNode

DONE, SEEN, OPEN = "done", "seen", "open"
HEADING = re.compile(r"<(?:(h[2-6])\b[^>]*|(span)[^>]* data-part-name)>(?P<name>.*?)</(?:\1|\2)>", re.DOTALL)
LONGEST_NAME = 60
TEST = "test"  # the anchor of the unit's questions


@dataclass(frozen=True, slots=True)
class Part:
    """`key` is its anchor on the page, `state` is "done", "seen" or "open". `is_content`: the name is the course's own
    words, not the interface's."""

    key: str
    name: str
    icon: str
    state: str
    is_content: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """`reached` counts parts that are done or were looked at. `resume` is the part to go on with, None at the start."""

    parts: Sequence[Part]
    reached: int
    resume: Part | None

    @property
    def total(self) -> int:
        return len(self.parts)


def contents_of(
    unit: EditionUnit, shown: Sequence[ShownNode], progress: Progress, voids: Collection[str], *, is_unpassed: bool
) -> Contents:
    """Every part that still stands, in order, the questions as one part at the end. No query.

    `is_unpassed`: the questions were answered, and the test is not passed.
    """
    done, seen = frozenset(progress.done), progress.seen or []
    nodes = {node.key: node for node in grading.standing(unit, voids)}
    parts = [_part(nodes[one.key], one, _state(one.key, done, seen)) for one in shown if one.key in nodes]
    questions = [node.key for node in nodes.values() if node.is_scored]
    if questions:
        icon = block_of(nodes[questions[0]].kind).icon
        answered = SEEN if is_unpassed else DONE
        state = answered if all(key in done for key in questions) else OPEN
        parts.append(Part(TEST, _("Test"), icon, state, is_content=False))
    return Contents(parts, sum(part.state != OPEN for part in parts), _resume(parts, seen))


def _state(key: str, done: Collection[str], seen: Collection[str]) -> str:
    if key in done:
        return DONE
    return SEEN if key in seen else OPEN


def _resume(parts: Sequence[Part], seen: Sequence[str]) -> Part | None:
    """The part that was looked at last, while it is neither done nor the first."""
    last = {key: place for place, key in enumerate(seen)}
    looked_at = [part for part in parts[1:] if part.state == SEEN and part.key in last]
    return max(looked_at, key=lambda part: last[part.key], default=None)


def _part(node: FrozenNode, shown: ShownNode, state: str) -> Part:
    block = block_of(node.kind)
    name = _heading(shown.html) or Truncator(node.text.partition("\n")[0]).chars(LONGEST_NAME)
    return Part(node.key, name or str(block.label), block.icon, state, is_content=bool(name))


def _heading(html: str) -> str:
    """The first heading or marked name that a part shows, as plain text, read from what is drawn: a withdrawn case has
    none."""
    found = HEADING.search(html)
    return Truncator(unescape(strip_tags(found.group("name"))).strip()).chars(LONGEST_NAME) if found else ""
