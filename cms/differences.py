"""What changed between two manifests: by block key, as text."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from cms import faces


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One block. `state` is added, removed, changed or same; texts are plain."""

    key: str
    kind: str
    unit: str
    state: str
    old: str
    new: str


def _nodes(manifest: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    return {node["key"]: (unit["title"], node) for unit in manifest["units"] for node in unit["nodes"]}


def _text(node: dict[str, Any]) -> str:
    """A reference's version is its text: two versions of one question differ by it."""
    return node["text"] or node["reference"]


def between(old: dict[str, Any], new: dict[str, Any]) -> list[BlockChange]:
    """Every block of `new` in order, then what is gone."""
    before, after = _nodes(old), _nodes(new)
    rows = []
    for key, (unit, node) in after.items():
        held = before.get(key)
        text = _text(node)
        if held is None:
            rows.append(BlockChange(key, node["kind"], unit, "added", "", text))
            continue
        earlier = _text(held[1])
        is_same = earlier == text and held[1]["html"] == node["html"] and held[1]["reference"] == node["reference"]
        rows.append(BlockChange(key, node["kind"], unit, "same" if is_same else "changed", earlier, text))
    rows += [
        BlockChange(key, node["kind"], unit, "removed", _text(node), "")
        for key, (unit, node) in before.items()
        if key not in after
    ]
    return rows


def of_face(old: dict[str, Any], new: dict[str, Any], title: str) -> list[BlockChange]:
    """One row for a chosen face, under `title`; none while neither side has one."""
    if not old.get("face") and not new.get("face"):
        return []
    before, after = (faces.words_of(manifest.get("face", {})) for manifest in (old, new))
    return [BlockChange("course-face", "face", title, "same" if before == after else "changed", before, after)]


def size(change: BlockChange) -> tuple[int, int]:
    """(characters inserted, characters deleted)."""
    plus = minus = 0
    for kind, a0, a1, b0, b1 in SequenceMatcher(a=change.old, b=change.new, autojunk=False).get_opcodes():
        if kind != "equal":
            plus, minus = plus + (b1 - b0), minus + (a1 - a0)
    return plus, minus
