"""What was posted, as values the services take; and the page's rows as the template needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import ngettext

from core.ids import uuid7
from core.numbers import whole_number
from peer_review.contracts import CommentFacts, ReviewBlock
from peer_review.marks import mark_of
from peer_review.models import Assignment, ReviewReport, ReviewRound
from peer_review.rubrics import Rubric, parse


@dataclass(frozen=True, slots=True)
class Posted:
    scores: dict[str, int]
    reasons: dict[str, str]
    summary: str
    verdict: str
    is_named: bool | None
    revision: str | None


def read_report(data: QueryDict, rubric: Rubric) -> Posted:
    """Scores that are not whole numbers count as not given; the service checks the scale."""
    scores = {i.key: whole_number(data.get(f"score_{i.key}")) for i in rubric.items}
    named = data.get("is_named", "")
    return Posted(
        scores={key: score for key, score in scores.items() if score is not None},
        reasons={i.key: data.get(f"reason_{i.key}", "") for i in rubric.items},
        summary=data.get("summary", ""),
        verdict=data.get("verdict", ""),
        is_named={"yes": True, "no": False}.get(named),
        revision=data.get("revision"),
    )


def posted_from(assignment: Assignment, report: ReviewReport | None) -> Posted:
    """The saved draft in the shape of a posted form."""
    is_named, revision = assignment.is_named, mark_of(assignment, report)
    if report is None:
        return Posted({}, {}, "", "", is_named, revision)
    return Posted(report.scores, report.reasons, report.summary, report.verdict, is_named, revision)


def missing_words() -> dict[str, str]:
    """How many items are not scored, for the page's script to put its number into."""
    one, many = "%(n)s item is not scored yet", "%(n)s items are not scored yet"
    return {name: ngettext(one, many, n) % {"n": "{n}"} for name, n in (("one", 1), ("many", 2))}


def rubric_rows(rubric: Rubric, posted: Posted, errors: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """One row per rubric item: label, hint, weight in per cent, the scale with the chosen step, reason, errors."""
    return [
        {
            "key": item.key,
            "label": item.label(language),
            "hint": item.hint(language),
            "weight": item.weight,
            "steps": [{"value": step, "is_chosen": posted.scores.get(item.key) == step} for step in rubric.scale],
            "reason": posted.reasons.get(item.key, ""),
            "errors": [*errors.get(f"score_{item.key}", ()), *errors.get(f"reason_{item.key}", ())],
        }
        for item in rubric.items
    ]


def error_summary(rubric: Rubric, errors: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """(anchor on the page, sentence) of all that is missing, in the order of the page."""
    labels = {f"{kind}_{item.key}": item.label(language) for item in rubric.items for kind in ("score", "reason")}
    order = [*labels, "summary", *errors]
    rows = sorted(errors.items(), key=lambda row: order.index(row[0]))
    return [
        (name, f"{labels[name]}: {text}" if name in labels else str(text)) for name, texts in rows for text in texts
    ]


def block_rows(blocks: Sequence[ReviewBlock], comments: Sequence[CommentFacts]) -> list[dict[str, Any]]:
    """Blocks with their threads and a fresh key for the next comment."""
    by_anchor: dict[str, list[CommentFacts]] = {}
    for comment in comments:
        by_anchor.setdefault(comment.anchor, []).append(comment)
    return [
        {
            "block": block,
            "threads": by_anchor.get(block.anchor, []),
            "open": any(not c.is_resolved for c in by_anchor.get(block.anchor, [])),
            "comment_key": uuid7(),
        }
        for block in blocks
    ]


def sections(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows grouped under their headings, in order; each heading counts its own."""
    grouped: list[dict[str, Any]] = []
    for row in rows:
        heading = row["block"].section
        if not grouped or grouped[-1]["heading"] != heading:
            grouped.append({"heading": heading, "rows": []})
        grouped[-1]["rows"].append({**row, "number": len(grouped[-1]["rows"]) + 1})
    return grouped


def rubric_of(row: ReviewRound) -> Rubric:
    return parse(row.rubric)
