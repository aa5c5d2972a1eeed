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
AGE_BANDS = (
    *("0-1", "2-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+"),
    *("0-17", "18-39", "40-59", "60+"),  # wider, where too few patients of a region are like this one
)

DIFFICULTIES: dict[int, str | Promise] = {
    1: pgettext_lazy("case", "Basic"),
    2: pgettext_lazy("case", "Intermediate"),
    3: pgettext_lazy("case", "Advanced"),
}
HEAD_TEXTS = ("title", "summary", "age_band", "sex", "specialty")
HEAD, LEARNING = "head", "learning"
"""The parts of a draft that are no step: what the case is, and what it is for."""

MARK = re.compile(r"\[(?:姓名|编号|电话|地点|地址|医务人员|name|number|telephone|place|address|staff)\]")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that a draft lacks; `step` is None when it concerns the whole case."""

    step: str | None
    sentence: str | Promise

    @property
    def part(self) -> str:
        """The part of the draft where it is mended."""
        return self.step or HEAD


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


def remains_of(content: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a withdrawn case's text: how many steps it had. Nothing of it can be read."""
    steps = content.get("withdrawn_steps", len(content.get("steps", [])))
    return {"title": "", "summary": "", "steps": [], "withdrawn_steps": steps}


def gaps(content: dict[str, Any]) -> list[Gap]:
    """What is missing before the case can be reviewed; empty when it is ready."""
    found: list[Gap] = []
    if not content.get("title"):
        found.append(Gap(None, _("a title")))
    if content.get("age_band") not in AGE_BANDS:
        found.append(Gap(None, _("an age band")))
    steps = content.get("steps", [])
    kinds = {step["kind"] for step in steps}
    found += [
        Gap(None, _("a step “%(kind)s”") % {"kind": STEP_KINDS[kind]}) for kind in REQUIRED_KINDS if kind not in kinds
    ]
    for step in steps:
        found += _step_gaps(step)
    return found


def advice(content: dict[str, Any]) -> list[Gap]:
    """What would make the case better but does not keep it from review."""
    found: list[Gap] = []
    if not content.get("summary"):
        found.append(Gap(HEAD, _("one or two sentences for the list of cases")))
    if not content.get("objectives"):
        found.append(Gap(LEARNING, _("what a reader can do after this case")))
    if not content.get("references"):
        found.append(Gap(LEARNING, _("the guideline or paper that the teaching points rest on")))
    for step in content.get("steps", []):
        if MARK.search(f"{step.get('heading', '')} {step.get('body', '')}"):
            found.append(Gap(step["id"], _("marks of de-identification such as [name] stand in the text")))
    return found


def _step_gaps(step: dict[str, Any]) -> list[Gap]:
    if step["kind"] == "question" or step.get("question"):
        question = step.get("question") or {}
        options = [option for option in question.get("options", []) if option.strip()]
        if not question.get("stem"):
            return [Gap(step["id"], _("the question's text"))]
        if len(options) < 2:
            return [Gap(step["id"], _("at least two answers to choose from"))]
        if not 0 <= question.get("answer", -1) < len(options):
            return [Gap(step["id"], _("which answer is right"))]
        return [] if question.get("explanation") else [Gap(step["id"], _("an explanation of the answer"))]
    if step["kind"] == "images" and not (step.get("figure") or {}).get("caption"):
        return [Gap(step["id"], _("a caption that says what the image shows"))]
    return [] if step.get("body") or step.get("figure") else [Gap(step["id"], _("the step's text"))]
