"""Questions as HTML: to answer, and with the answer shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from assessment.contracts import QuestionVersionFacts, Score
from assessment.kinds import KINDS


def render_question(
    version: QuestionVersionFacts, *, key: str, response: Mapping[str, Any] | None = None, number: int | None = None
) -> SafeString:
    """The question's form controls, named after `key`, without a word of its answer. Belongs inside a form."""
    return _render(version, key, response or {}, number, score=None)


def render_result(
    version: QuestionVersionFacts, *, key: str, response: Mapping[str, Any], score: Score, number: int | None = None
) -> SafeString:
    """What was answered, what is right and why. Shown only after the attempt was submitted, and to reviewers."""
    return _render(version, key, response, number, score=score)


def _render(
    version: QuestionVersionFacts, key: str, response: Mapping[str, Any], number: int | None, *, score: Score | None
) -> SafeString:
    kind = KINDS[version.kind]
    context = {
        "key": key,
        "number": number,
        "kind": kind,
        "language": version.language,
        "stem": version.stem,
        "points": version.points,
        "score": score,
        "is_open": score is None,
        **kind.present(version.content, response, seed=str(version.id), shows_key=score is not None),
    }
    return render_to_string(f"assessment/question/{version.kind}.html", context)
