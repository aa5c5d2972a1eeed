"""Changes of a draft's content, as pure functions: each takes the content and gives a new one.

A part is what an editor has on the screen: `head`, `learning`, or one step by its id. Its mark tells whether it is
still what the editor began with, so that two tabs on two parts do not disturb each other.
"""

from __future__ import annotations

from typing import Any

from casebook.content import DIFFICULTIES, HEAD, HEAD_TEXTS, LEARNING, STEP_KINDS, content_hash

Content = dict[str, Any]
MOST_STEPS = 40
MOST_FRAMES = 12
ANSWERING = ("reasoning", "outcome", "points")
MARK_LENGTH = 23  # "sha256:" and 64 bits: enough to tell two states of a text apart


def part_of(content: Content, part: str) -> Content | None:
    """The fields of a part; None for a step that is not there."""
    if part == HEAD:
        return {**{name: content.get(name, "") for name in HEAD_TEXTS}, "difficulty": content.get("difficulty", 1)}
    if part == LEARNING:
        return {name: content.get(name, []) for name in ("objectives", "references")}
    return next((step for step in content.get("steps", []) if step["id"] == part), None)


def mark_of(content: Content, part: str) -> str:
    """What the part looks like, in a few characters."""
    return content_hash({"part": part_of(content, part)})[:MARK_LENGTH]


def with_part(content: Content, part: str, values: Content) -> Content:
    """The content with new values for a part. A step that is not there any more comes back at the end."""
    if part in {HEAD, LEARNING}:
        return tidy({**content, **values})
    steps = list(content.get("steps", []))
    at = next((index for index, step in enumerate(steps) if step["id"] == part), len(steps))
    steps[at : at + 1] = [{**values, "id": part}]
    return tidy({**content, "steps": steps})


def with_step(content: Content, step_id: str, kind: str, after: str) -> Content:
    """An empty step behind `after`, or where its kind belongs. A second call with the same id changes nothing."""
    steps = list(content.get("steps", []))
    if kind not in STEP_KINDS or len(steps) >= MOST_STEPS or any(step["id"] == step_id for step in steps):
        return content
    at = next((index + 1 for index, step in enumerate(steps) if step["id"] == after), _place_for(kind, steps))
    steps.insert(at, {"id": step_id, "kind": kind})
    return tidy({**content, "steps": steps})


def _place_for(kind: str, steps: list[Content]) -> int:
    """Where a step of this kind belongs when no other says it: a case begins as the patient came, asks before it
    answers, and ends with its teaching points."""
    if kind == "presentation":
        return 0
    if kind == "question":
        return next((index for index, step in enumerate(steps) if step["kind"] in ANSWERING), len(steps))
    return len(steps) - 1 if kind != "points" and steps and steps[-1]["kind"] == "points" else len(steps)


def moved(content: Content, step_id: str, by: int) -> Content:
    """The step one place earlier (-1) or later (1)."""
    steps = list(content.get("steps", []))
    at = next((index for index, step in enumerate(steps) if step["id"] == step_id), None)
    if at is None or not 0 <= at + by < len(steps):
        return content
    steps.insert(at + by, steps.pop(at))
    return {**content, "steps": steps}


def without(content: Content, step_id: str) -> Content:
    return {**content, "steps": [step for step in content.get("steps", []) if step["id"] != step_id]}


def studies_in(content: Content) -> set[str]:
    """Ids of the teaching studies whose images the steps show."""
    return {step["figure"]["study"] for step in content.get("steps", []) if step.get("figure")}


def tidy(content: Content) -> Content:
    """The content in its canonical form: known keys only, stripped texts, steps of a known kind."""
    steps = [_tidy_step(index, step) for index, step in enumerate(content.get("steps", []), start=1)]
    head: Content = {name: str(content.get(name, "")).strip() for name in HEAD_TEXTS}
    difficulty = content.get("difficulty")
    return {
        **head,
        "difficulty": difficulty if difficulty in DIFFICULTIES else 1,
        "objectives": _lines(content.get("objectives")),
        "references": _lines(content.get("references")),
        "steps": [step for step in steps if step is not None],
    }


def _lines(values: Any) -> list[str]:
    return [line for line in (str(value).strip() for value in values or []) if line]


def _tidy_step(index: int, step: Content) -> Content | None:
    kind = step.get("kind", "")
    if kind not in STEP_KINDS:
        return None
    tidied: Content = {
        "id": step.get("id") or f"s{index}",
        "kind": kind,
        "heading": str(step.get("heading", "")).strip(),
        "body": str(step.get("body", "")).strip(),
    }
    if figure := step.get("figure"):
        tidied["figure"] = _tidy_figure(figure)
    question = _tidy_question(step.get("question") or {})
    if kind == "question" or question["stem"] or question["options"]:
        tidied["question"] = question
    return tidied


def _tidy_figure(figure: Content) -> Content:
    key = int(figure.get("frame") or 1)
    tidied: Content = {
        "study": str(figure["study"]),
        "series": int(figure.get("series") or 1),
        "frame": key,
        "caption": str(figure.get("caption", "")).strip(),
    }
    further = sorted({int(frame) for frame in figure.get("frames") or [] if int(frame) != key and int(frame) > 0})
    if further:
        tidied["frames"] = further[:MOST_FRAMES]
    return tidied


def _tidy_question(question: Content) -> Content:
    return {
        "stem": str(question.get("stem", "")).strip(),
        "options": _lines(question.get("options")),
        "answer": int(question.get("answer", -1)),
        "explanation": str(question.get("explanation", "")).strip(),
    }
