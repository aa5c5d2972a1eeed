"""A credit scheme's rules, read from data. Nothing here knows a number: every figure comes from the scheme version.

The rules are JSON, decimals as text:

- `minutes_per_hour`: learning minutes that make one credit hour (学时);
- `hours_per_credit`: credit hours that make one credit (学分);
- `credit_step`, `hour_step`: results are rounded down to these steps, so nobody is credited with more than was done;
  a step is a multiple of a tenth, which is what pages and certificates show;
- `categories`: key -> {"zh", "en"}, and `course_category`, the key that a course counts as;
- `classes`: key -> {"zh", "en"} (I类, II类), and `class_by_level`: a course's level -> class key;
- `subjects`: key -> {"zh", "en"} (专业, 公需), `public_subjects`: the courses' subjects that count as public;
- `requirement`: {"credits", "hours"} a year;
- `course_counts`: how often one course counts, whatever its edition: "once_a_year" (also what a version means that does
  not say) or "once".

Caps for categories and the shares of subjects are provincial rules. A version that does not carry them has none, and
the pages say that the province sets them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Award:
    """What one activity brings."""

    hours: Decimal
    credits: Decimal

    @property
    def is_nothing(self) -> bool:
        return not self.hours and not self.credits


def _stepped(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_FLOOR) * step


def award_for(rules: Mapping[str, Any], learning_minutes: int) -> Award:
    """Hours and credits of a course of this many learning minutes. Raises KeyError for incomplete rules."""
    hours = _stepped(Decimal(learning_minutes) / Decimal(rules["minutes_per_hour"]), Decimal(rules["hour_step"]))
    return Award(hours, _stepped(hours / Decimal(rules["hours_per_credit"]), Decimal(rules["credit_step"])))


def least_minutes(rules: Mapping[str, Any]) -> int:
    """Learning minutes from which a course brings something: the first step of an hour, in whole minutes."""
    return int((Decimal(rules["hour_step"]) * Decimal(rules["minutes_per_hour"])).to_integral_value(ROUND_CEILING))


def check(rules: Mapping[str, Any]) -> None:
    """Raises KeyError for incomplete rules, and ValueError where a step is finer than a tenth: pages, certificates,
    notices and files show tenths, and would each round the rest in its own way.
    """
    for name in ("credit_step", "hour_step"):
        step = Decimal(rules[name])
        if step <= 0 or step % TENTH:
            raise ValueError(f"{name} is {step}: a step is a multiple of {TENTH}")
    award_for(rules, 90)


def class_of(rules: Mapping[str, Any], level: str) -> str:
    """The class key of a course's level; the scheme's default for a level it does not name."""
    return str(rules["class_by_level"].get(level, rules["class_by_level"]["default"]))


def subject_of(rules: Mapping[str, Any], course_subject: str) -> str:
    return "public" if course_subject in rules["public_subjects"] else "professional"


def counts_once_ever(rules: Mapping[str, Any]) -> bool:
    """Whether a course counts only once; otherwise it counts once in every credit year."""
    return bool(rules.get("course_counts", "once_a_year") == "once")


def words(rules: Mapping[str, Any], table: str, key: str, language: str) -> str:
    """The name of a category, class or subject in Chinese or English; the key itself when the table lacks it."""
    entry = rules.get(table, {}).get(key, {})
    return str(entry.get("en" if language.startswith("en") else "zh") or key)
