"""Answers of one attempt that come from two windows. Pure.

A page says for each question what it was opened on (`base-KEY`, a digest) and which page it is (`page`). What another
window has answered since is never overwritten: a question that this page left alone keeps the newer answer, and one
that both answered keeps the newer one and is named. A page may go on from what it wrote itself, so the same post
sent again, or a next one after an answer that was lost on the way, is no conflict. A post that names no base is taken
as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BASE, PAGE = "base-", "page"
LONGEST_PAGE = 36


@dataclass(slots=True)
class Merged:
    """`responses` by node key as they are to be kept, `writers` the page that wrote each. `bases`: what the posting
    page stands on from now on. `behind` names newer answers that it left alone, `moved` those that it answered too."""

    responses: dict[str, dict[str, Any]] = field(default_factory=dict)
    writers: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    behind: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


def digest(response: Mapping[str, Any]) -> str:
    """The same for the same answer; what is empty has one too."""
    return hashlib.sha256(json.dumps(response, sort_keys=True).encode()).hexdigest()[:16]


def merge(
    given: Mapping[str, dict[str, Any]],
    kept: Mapping[str, dict[str, Any]],
    writers: Mapping[str, str],
    posted: Mapping[str, Any],
) -> Merged:
    """`given` and `kept` are responses by node key, `posted` the form that `given` was read from."""
    merged, page = Merged(writers=dict(writers)), str(posted.get(PAGE, ""))[:LONGEST_PAGE]
    for key, mine in given.items():
        held, base = kept.get(key, {}), posted.get(BASE + key)
        is_own = bool(page) and writers.get(key) == page
        if base is None or mine == held or is_own or base == digest(held):
            merged.responses[key], merged.bases[key] = mine, digest(mine)
            if mine != held:
                merged.writers[key] = page
        else:
            merged.responses[key] = held
            (merged.behind if base == digest(mine) else merged.moved).append(key)
    return merged
