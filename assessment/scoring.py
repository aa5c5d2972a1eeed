"""The one scorer. Pure: the same version and response give the same score, on any machine, at any time."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from assessment.contracts import QuestionVersionFacts, Score
from assessment.kinds import KINDS

HUNDREDTH = Decimal("0.01")


def score(version: QuestionVersionFacts, response: Mapping[str, Any]) -> Score:
    """Score any response, however malformed: what cannot be read earns nothing. Never raises."""
    kind = KINDS[version.kind]
    share = kind.share(version.content, response)
    most = Decimal(version.points)
    earned = (Decimal(share.numerator) * most / Decimal(share.denominator)).quantize(HUNDREDTH, ROUND_HALF_UP)
    return Score(
        points=earned,
        max_points=most,
        is_correct=share == 1,
        is_answered=bool(response),
        feedback=str(version.content["explanation"]),
    )


def read_response(version: QuestionVersionFacts, data: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The response to one node in a posted form; {} when it was left out or is not one of the choices offered.

    Raises StaleAnswers for a form that this site does not print any more: nothing was read of it.
    """
    return KINDS[version.kind].read(version.content, data, key)


def is_complete(version: QuestionVersionFacts, response: Mapping[str, Any]) -> bool:
    """False when the question, or a part of it, was left empty."""
    return KINDS[version.kind].is_complete(version.content, response)


def fault_of(version: QuestionVersionFacts, response: Mapping[str, Any]) -> str:
    """What to do about a response that cannot be read, such as a word for a number; "" when there is nothing to do."""
    return str(KINDS[version.kind].fault(response))


def perfect_response(version: QuestionVersionFacts) -> dict[str, Any]:
    """The response that earns every point: for reviewers, and for the seeded history."""
    return KINDS[version.kind].perfect(version.content)
