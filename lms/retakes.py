"""Units that are done but whose test is not passed: which to take again, and when. Pure.

A unit is done once all of it was read and answered, whatever that earned: progress counts what was done, a pass what
was earned. So a learner can have done everything and still have to answer again, and is told which unit, and when.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cms.contracts import Edition
from lms import grading
from lms.chances import Answered, chances_in
from lms.models import Enrolment


@dataclass(frozen=True, slots=True)
class Retake:
    """The unit at place `number`. `opens_at` is None when its questions can be answered now."""

    number: int
    title: str
    opens_at: datetime | None


def retakes(
    edition: Edition,
    enrolment: Enrolment,
    voids: Collection[str],
    attempts: Mapping[str, Sequence[Answered]],
    now: datetime,
) -> list[Retake]:
    """In the order of the units; `attempts` maps a unit's key to those at it. None once the course is passed."""
    if enrolment.state == "passed":
        return []
    done, found = frozenset(enrolment.progress.done), []
    for number, unit in enumerate(edition.units, 1):
        made = attempts.get(unit.key)
        if not made or not grading.questions(unit, voids) or not grading.unit_is_done(unit, done, voids):
            continue
        chances = chances_in(edition, enrolment, made)
        if not chances.is_passed:
            found.append(Retake(number, unit.title, chances.opens_at if chances.is_waiting(now) else None))
    return found


def first_of(found: Iterable[Retake]) -> Retake | None:
    """The one to go on with: the first that can be answered now, else the one that opens first."""
    return min(found, key=lambda one: (one.opens_at is not None, one.opens_at or one.number), default=None)
