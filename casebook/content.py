"""What a case is made of: an ordered list of steps, read one after the other.

A step is a plain dictionary (it is stored as JSON and hashed):
`{"id", "kind", "heading", "body", "figure"?, "question"?}` with
`figure = {"study": teaching study id, "series": number, "frame": key image, "frames"?: further images, "caption"}` and
`question = {"stem", "options": [...], "answer": index, "explanation"}`. Any step may hold a question.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STEP_KINDS: dict[str, str | Promise] = {
    "presentation": _("Presentation"),
    "examination": _("Examination and tests"),
    "images": pgettext_lazy("medical images", "Images"),
    "question": pgettext_lazy("case", "Question"),
    "reasoning": _("Reasoning"),
    "outcome": _("What happened"),
    "points": _("Teaching points"),
}
REQUIRED_KINDS = ("presentation", "question", "points")
SEXES: dict[str, str | Promise] = {"female": _("female"), "male": _("male")}
AGE_TENS = ("0-1", "2-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+")
AGE_WIDER = ("0-17", "18-39", "40-59", "60+")
"""For a case whose patient has too few alike in the region within ten years (k-anonymity)."""
AGE_BANDS = (*AGE_TENS, *AGE_WIDER)
SHORTEST_CHOICE = 2

DIFFICULTIES: dict[int, str | Promise] = {
    1: pgettext_lazy("case", "Basic"),
    2: pgettext_lazy("case", "Intermediate"),
    3: pgettext_lazy("case", "Advanced"),
}
HEAD_TEXTS = ("title", "summary", "age_band", "sex", "specialty")
HEAD, LEARNING = "head", "learning"
"""The parts of a draft that are no step: what the case is, and what it is for."""

MARK = re.compile(
    r"\[\s*(?:姓名|编号|电话|地点|地址|医务人员|日期|name|number|telephone|place|address|staff|date)\s*\]",
    re.IGNORECASE,
)
"""What the cleaning of a release's texts leaves in the place of what it took out."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that a draft lacks; `step` is None when it concerns the whole case.

    `field` names the form's field where it is mended; `adds` is the kind of a step that is not there at all.
    """

    step: str | None
    sentence: str | Promise
    field: str = ""
    adds: str = ""

    @property
    def part(self) -> str:
        """The part of the draft where it is mended; "" where that part has to be added first."""
        return "" if self.adds else self.step or HEAD

    @property
    def action(self) -> str:
        """What the editor's button does about it: adds the step, or goes to the very field."""
        if self.adds:
            return f"add:{self.adds}"
        return f"go:{self.part}#id_part-{self.field}" if self.field else f"go:{self.part}"


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8)."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def years_of(age_band: str) -> tuple[int, int | None]:
    """The first year of a band and the first after it: "60-69" -> (60, 70), "80+" -> (80, None). Raises ValueError."""
    if age_band not in AGE_BANDS:
        raise ValueError(age_band)
    low, _dash, high = age_band.rstrip("+").partition("-")
    return int(low), int(high) + 1 if high else None


def wider_than(age_band: str) -> tuple[str, ...]:
    """The wider bands that share years with this one, itself when it is one; none for no band."""
    if age_band not in AGE_BANDS:
        return ()
    low, end = years_of(age_band)
    spans = ((band, *years_of(band)) for band in AGE_WIDER)
    return tuple(
        band for band, first, after in spans if (end is None or first < end) and (after is None or low < after)
    )


def remains_of(content: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a withdrawn case's text: how many steps it had. Nothing of it can be read."""
    steps = content.get("withdrawn_steps", len(content.get("steps", [])))
    return {"title": "", "summary": "", "steps": [], "withdrawn_steps": steps}


def gaps(content: dict[str, Any]) -> list[Gap]:
    """What is missing before the case can be reviewed; empty when it is ready."""
    found: list[Gap] = []
    if not content.get("title"):
        found.append(Gap(None, _("a title"), "title"))
    if content.get("age_band") not in AGE_BANDS:
        found.append(Gap(None, _("an age band"), "age_band"))
    steps = content.get("steps", [])
    kinds = {step["kind"] for step in steps}
    found += [
        Gap(None, _("a step “%(kind)s”") % {"kind": STEP_KINDS[kind]}, adds=kind)
        for kind in REQUIRED_KINDS
        if kind not in kinds
    ]
    for step in steps:
        found += _step_gaps(step)
    return found + _marks_left(content)


def advice(content: dict[str, Any]) -> list[Gap]:
    """What would make the case better but does not keep it from review."""
    found: list[Gap] = []
    if not content.get("summary"):
        found.append(Gap(HEAD, _("one or two sentences for the list of cases"), "summary"))
    if not content.get("objectives"):
        found.append(Gap(LEARNING, _("what a reader can do after this case"), "objectives"))
    if not content.get("references"):
        found.append(Gap(LEARNING, _("the guideline or paper that the teaching points rest on"), "references"))
    return found


def _step_gaps(step: dict[str, Any]) -> list[Gap]:
    if step["kind"] == "question" or step.get("question"):
        return _question_gaps(step["id"], step.get("question") or {})
    if step["kind"] == "images" and not (step.get("figure") or {}).get("caption"):
        return [Gap(step["id"], _("a caption that says what the image shows"), "caption")]
    return [] if step.get("body") or step.get("figure") else [Gap(step["id"], _("the step’s text"), "body")]


def _question_gaps(step_id: str, question: dict[str, Any]) -> list[Gap]:
    """Everything that a question lacks, so that an editor does not mend it one by one."""
    found = []
    options = [option for option in question.get("options", []) if option.strip()]
    answer = question.get("answer", -1)
    if not question.get("stem"):
        found.append(Gap(step_id, _("the question’s text"), "stem"))
    if len(options) < SHORTEST_CHOICE:
        found.append(Gap(step_id, _("at least two answers to choose from"), "options"))
    if answer < 0:
        found.append(Gap(step_id, _("which answer is right"), "answer"))
    elif answer >= len(options):
        values = {"number": answer + 1, "count": len(options)}
        sentence = _("a right answer that is there: number %(number)s is given, answers to choose from: %(count)s")
        found.append(Gap(step_id, sentence % values, "answer"))
    if not question.get("explanation"):
        found.append(Gap(step_id, _("an explanation of the answer"), "explanation"))
    return found


def _marks_left(content: dict[str, Any]) -> list[Gap]:
    """Places where the cleaning's own marks still stand: a reader must never meet them."""
    found = []
    for step, field, text in _texts_of(content):
        if marks := list(dict.fromkeys(MARK.findall(text))):
            sentence = _("your own words in the place of %(marks)s") % {"marks": " ".join(marks)}
            found.append(Gap(step, sentence, field))
    return found


def _texts_of(content: dict[str, Any]) -> Iterator[tuple[str | None, str, str]]:
    """(step or part, field of its form, text) of everything that an editor writes."""
    for name in ("title", "summary"):
        yield None, name, content.get(name, "")
    for name in ("objectives", "references"):
        yield LEARNING, name, "\n".join(content.get(name, []))
    for step in content.get("steps", []):
        question = step.get("question") or {}
        texts = {
            "heading": step.get("heading", ""),
            "body": step.get("body", ""),
            "caption": (step.get("figure") or {}).get("caption", ""),
            "stem": question.get("stem", ""),
            "options": "\n".join(question.get("options", [])),
            "explanation": question.get("explanation", ""),
        }
        yield from ((step["id"], field, text) for field, text in texts.items())
