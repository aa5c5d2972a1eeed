"""Questions as HTML: to answer, and with the answer shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from assessment.contracts import QuestionVersionFacts, Score
from assessment.kinds import KINDS


def render_question(
    version: QuestionVersionFacts,
    *,
    key: str,
    response: Mapping[str, Any] | None = None,
    number: int | None = None,
    order: str = "",
    fault: str = "",
) -> SafeString:
    """The question's form controls, named after `key`, without a word of its answer. Belongs inside a form.

    With `order` (an attempt's id) the options stand in an order of their own, the same at every reload. `fault` says
    what to do about a `response` that cannot be handed in.
    """
    return _render(version, key, response or {}, number, order, score=None, fault=fault)


def render_answered(
    version: QuestionVersionFacts,
    *,
    key: str,
    response: Mapping[str, Any],
    score: Score,
    number: int | None = None,
    order: str = "",
) -> SafeString:
    """What was answered and what it earned, without the key and without why: the test may be taken again."""
    return _render(version, key, response, number, order, score=score, shows_key=False)


def render_result(
    version: QuestionVersionFacts,
    *,
    key: str,
    response: Mapping[str, Any],
    score: Score,
    number: int | None = None,
    order: str = "",
) -> SafeString:
    """What was answered, what is right and why. Shown once no attempt can earn by it, and to reviewers."""
    return _render(version, key, response, number, order, score=score)


def render_key(version: QuestionVersionFacts, *, key: str) -> SafeString:
    """The question with its key and explanation and nobody's answer: what a reviewer judges."""
    return _render(version, key, {}, None, score=None, is_key=True)


def _render(
    version: QuestionVersionFacts,
    key: str,
    response: Mapping[str, Any],
    number: int | None,
    order: str = "",
    *,
    score: Score | None,
    shows_key: bool = True,
    is_key: bool = False,
    fault: str = "",
) -> SafeString:
    kind, shows_key = KINDS[version.kind], is_key or (shows_key and score is not None)
    seed = f"{order}:{version.id}" if order else str(version.id)
    shown = kind.present(version.content, response, key=key, seed=seed, shows_key=shows_key)
    if order and "options" in shown:
        shown["options"] = sorted(shown["options"], key=lambda option: _place(seed, option["key"]))
    context = {
        "key": key,
        "number": number,
        "kind": kind,
        "language": version.language,
        "stem": version.stem,
        "points": version.points,
        "score": score,
        "is_open": score is None and not is_key,
        "shows_key": shows_key,
        "is_key": is_key,
        "fault": fault,
        "explanation": version.content["explanation"] if is_key else "",
        **shown,
    }
    return render_to_string(f"assessment/question/{version.kind}.html", context)


def _place(seed: str, key: str) -> bytes:
    return hashlib.sha256(f"{seed}:{key}".encode()).digest()


def line_of(version: QuestionVersionFacts) -> str:
    """What the version is called where it stands in one line."""
    return f"{KINDS[version.kind].label}: {Truncator(version.stem).chars(60)} (v{version.number})"
