"""How often a unit's questions may be answered, and when the answers are shown. Pure.

The rule: an edition gives a number of attempts one after the other; when they are used up, one more opens 24 hours
after the last (Moodle calls it the enforced delay between later attempts). A unit whose best attempt reaches the
edition's pass mark is passed, and stays so: it is judged by what the attempt earned when it was handed in, or by what
a void lifted that to. Key and explanation are shown from then on and the test is closed: whoever has seen the answers
cannot earn points with them. Hence an attempt that is still open then (in another tab, or under a void that lifts an
earlier one) keeps the answers shut until it is handed in; after the course was passed it is scored and counts no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from cms.contracts import Edition
from lms import grading
from lms.models import Enrolment

WAIT = timedelta(hours=24)


class Answered(Protocol):
    """An attempt as far as the rule looks at it: a row, or what it earned. `submitted_at` is None while it is open."""

    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def points(self) -> Decimal: ...
    @property
    def max_points(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Chances:
    """`allowed` attempts without waiting, `used` so far; `opens_at` is set once they are used up. `is_passed` when the
    unit is, or the whole course; `is_unit_passed` tells which. `is_answering`: an attempt at it is open.
    """

    allowed: int
    used: int
    is_passed: bool
    opens_at: datetime | None
    is_unit_passed: bool
    is_answering: bool

    @property
    def shows_key(self) -> bool:
        return self.is_passed and not self.is_answering

    @property
    def next_number(self) -> int:
        return self.used + 1

    @property
    def left(self) -> int:
        """Attempts that may still be made without waiting."""
        return max(0, self.allowed - self.used)

    def is_waiting(self, now: datetime) -> bool:
        return not self.is_passed and self.opens_at is not None and now < self.opens_at

    def may_start(self, now: datetime) -> bool:
        return not self.is_passed and not self.is_waiting(now)


def counts(enrolment: Enrolment, attempt: Answered) -> bool:
    """Whether what the attempt earned counts: it was handed in, and not after the course was passed."""
    ended, passed = attempt.submitted_at, enrolment.finished_at if enrolment.state == "passed" else None
    return ended is not None and (passed is None or ended <= passed)


def chances_in(edition: Edition, enrolment: Enrolment, attempts: Sequence[Answered]) -> Chances:
    """`attempts` are those of the enrolment at one unit, the open one among them."""
    moments = [a.submitted_at for a in attempts if a.submitted_at is not None]
    is_used_up = len(moments) >= edition.attempts_allowed
    is_unit_passed = any(
        counts(enrolment, a) and grading.reaches_mark(edition, a.points, a.max_points) for a in attempts
    )
    return Chances(
        allowed=edition.attempts_allowed,
        used=len(moments),
        is_passed=enrolment.state == "passed" or is_unit_passed,
        opens_at=max(moments) + WAIT if is_used_up else None,
        is_unit_passed=is_unit_passed,
        is_answering=len(moments) < len(attempts),
    )
