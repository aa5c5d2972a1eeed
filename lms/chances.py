"""How often a unit's questions may be answered, and when the answers are shown. Pure.

The rule: an edition gives a number of attempts one after the other; when they are used up, one more opens 24 hours
after the last (Moodle calls it the enforced delay between later attempts). A unit whose best attempt reaches the
edition's pass mark is passed. Key and explanation are shown from then on and the test is closed: whoever has seen the
answers cannot earn points with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cms.contracts import Edition, EditionUnit
from lms import grading
from lms.grading import Earned
from lms.models import Attempt

WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Chances:
    """`allowed` attempts without waiting, `used` so far; `opens_at` is set once they are used up. `is_passed` when the
    unit is, or the whole course; `is_unit_passed` tells which.
    """

    allowed: int
    used: int
    is_passed: bool
    opens_at: datetime | None
    is_unit_passed: bool

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


def chances_in(
    edition: Edition,
    unit: EditionUnit,
    voids: Collection[str],
    *,
    course_is_passed: bool,
    submitted: Sequence[Attempt],
    earned: Iterable[Earned],
) -> Chances:
    """`submitted` and `earned` are of this unit alone, in order."""
    moments = [a.submitted_at for a in submitted if a.submitted_at is not None]
    is_used_up = len(moments) >= edition.attempts_allowed
    is_unit_passed = grading.unit_is_passed(edition, unit, voids, earned)
    return Chances(
        allowed=edition.attempts_allowed,
        used=len(moments),
        is_passed=course_is_passed or is_unit_passed,
        opens_at=max(moments) + WAIT if is_used_up else None,
        is_unit_passed=is_unit_passed,
    )
