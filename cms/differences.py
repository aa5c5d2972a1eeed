"""What changed between two manifests, block by block: for the authors' page and for the reviewers' alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from core.content import FrozenNode, block_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: its unit's key, number and title, and its own number there."""

    unit_key: str
    unit_number: int
    unit: str
    number: int


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One block. `state` is added, removed, unfinished (drafted, not to be frozen yet), changed or same.

    `place` is where it stands, of a block that is gone where it stood; `was` is the earlier place of one that moved.
    Texts are plain; of a reference they are what its owner calls it now, and never its id.
    """

    node: FrozenNode
    place: Place
    state: str
    old: str = ""
    new: str = ""
    was: Place | None = None

    @property
    def key(self) -> str:
        return self.node.key


Standing = tuple[Place, FrozenNode]


def _standing(manifest: dict[str, Any]) -> dict[str, Standing]:
    return {
        node["key"]: (Place(str(unit["key"]), unit_number, unit["title"], number), FrozenNode.from_json(node))
        for unit_number, unit in enumerate(manifest["units"], start=1)
        for number, node in enumerate(unit["nodes"], start=1)
    }


def words_of(node: FrozenNode, now: datetime) -> str:
    """The block's text, or what its owner calls what it refers to; "" where its kind has no owner any more."""
    if node.text or not node.reference:
        return node.text
    try:
        owner = block_of(node.kind)
    except KeyError:
        return ""
    return owner.describe(node, now=now)


def between(
    old: dict[str, Any], new: dict[str, Any], now: datetime, drafted: Collection[str] = ()
) -> list[BlockChange]:
    """Every block of `new` in order, then what is gone. `drafted`: keys of blocks that stand in the draft, also of
    those that cannot be frozen yet.
    """
    before, after = _standing(old), _standing(new)
    moved = _moved(before, after)
    rows = [_change(before.get(key), held, moved.get(key), now) for key, held in after.items()]
    for key, (place, node) in before.items():
        if key not in after:
            is_drafted = key in drafted
            text = "" if is_drafted else words_of(node, now)
            rows.append(BlockChange(node, place, "unfinished" if is_drafted else "removed", text))
    return rows


def _change(earlier: Standing | None, present: Standing, was: Place | None, now: datetime) -> BlockChange:
    place, node = present
    if earlier is None:
        return BlockChange(node, place, "added", "", words_of(node, now))
    held = earlier[1]
    if (held.text, held.html, held.reference) == (node.text, node.html, node.reference):
        return BlockChange(node, place, "same", was=was)
    return BlockChange(node, place, "changed", words_of(held, now), words_of(node, now), was)


def _moved(before: dict[str, Standing], after: dict[str, Standing]) -> dict[str, Place]:
    """Where those blocks stood that now stand in another unit, or in another order among those that stayed in theirs.

    A block is not moved by one that was put in, taken out or moved past it.
    """
    both = [key for key in after if key in before]
    stayed = [key for key in both if before[key][0].unit_key == after[key][0].unit_key]
    unmoved: set[str] = set()
    for unit_key in {after[key][0].unit_key for key in stayed}:
        new_order = [key for key in stayed if after[key][0].unit_key == unit_key]
        old_order = sorted(new_order, key=lambda key: before[key][0].number)
        for match in SequenceMatcher(a=old_order, b=new_order, autojunk=False).get_matching_blocks():
            unmoved.update(old_order[match.a : match.a + match.size])
    return {key: before[key][0] for key in both if key not in unmoved}


def size(change: BlockChange) -> tuple[int, int]:
    """(characters inserted, characters deleted)."""
    plus = minus = 0
    for kind, a0, a1, b0, b1 in SequenceMatcher(a=change.old, b=change.new, autojunk=False).get_opcodes():
        if kind != "equal":
            plus, minus = plus + (b1 - b0), minus + (a1 - a0)
    return plus, minus
