"""Calendar dates in clinical texts become days counted from the first one (第 3 天, day 3). Runs in the cage.

A date whose day cannot be known for sure (05/03/2024, 正月十五) becomes a bracketed word: a wrong day would be worse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from media_pipeline.deid.ages import DECADES, read_number
from media_pipeline.deid.datewords import (
    AMERICAN,
    EVENT,
    FULL,
    LUNAR,
    MONTH_ONLY,
    MONTHS,
    NO_DAY,
    NO_YEAR,
    SHORT_YEAR,
    VAGUE,
)
from media_pipeline.deid.folding import Draft, fold

EXACT_DAYS = 730
EXACT_YEARS = 10
Read = Callable[[re.Match[str]], "tuple[date | None, date | None]"]


@dataclass(frozen=True, slots=True)
class DayCounter:
    """`first` is day 1; None when nothing is dated, and then dates without a year stay unresolvable and are removed."""

    first: date | None

    @classmethod
    def over(cls, texts: Iterable[str]) -> DayCounter:
        """Counts from the earliest full date in all texts of the case."""
        found = [day for text in texts for day in _full_dates(fold(text))]
        recent = [day for day in found if max(found).year - day.year <= 1]
        return cls(min(recent, default=None))

    def replace(self, draft: Draft, *, is_chinese: bool) -> int:
        """Days for dates; how many were replaced."""

        def days(read: Read) -> Callable[[re.Match[str]], str]:
            return lambda match: self._words(*read(match), is_chinese)

        unknown = "[日期]" if is_chinese else "[date]"
        count = sum(draft.replace(pattern, days(_read_full)) for pattern in FULL)
        count += draft.replace(SHORT_YEAR, days(_read_full))
        count += draft.replace(AMERICAN, days(_read_american))
        count += draft.replace(LUNAR, lambda match: unknown)
        for pattern in (*NO_YEAR, *EVENT):
            count += draft.replace(pattern, days(self._read_short))
        count += draft.replace(VAGUE, lambda match: unknown)
        for pattern in NO_DAY:
            count += draft.replace(pattern, lambda match: self._years(_number(match, "y"), is_chinese))
        return count + draft.replace(MONTH_ONLY, lambda match: unknown)

    def _words(self, day: date | None, last: date | None, is_chinese: bool) -> str:
        """One day, or from one to another."""
        if last is None:
            return self._word(day, is_chinese)
        middle = "至" if is_chinese else " to "
        return f"{self._word(day, is_chinese)}{middle}{self._word(last, is_chinese)}"

    def _word(self, day: date | None, is_chinese: bool) -> str:
        if day is None or self.first is None:
            return "[日期]" if is_chinese else "[date]"
        number = (day - self.first).days + 1
        if number >= 1:
            return f"第 {number} 天" if is_chinese else f"day {number}"
        if 1 - number > EXACT_DAYS:
            return self._years(day.year, is_chinese)
        return f"第 1 天前 {1 - number} 天" if is_chinese else f"{1 - number} days before day 1"

    def _years(self, year: int | None, is_chinese: bool) -> str:
        """From ten years on by decades: the year of birth would say the age."""
        if self.first is None or year is None:
            return "[日期]" if is_chinese else "[date]"
        ago = self.first.year - year
        if ago <= 0:
            return "当年" if is_chinese else "that year"
        if ago < EXACT_YEARS:
            return f"约 {ago} 年前" if is_chinese else f"about {ago} years before"
        decade = ago // 10
        if is_chinese:
            return f"{'' if decade == 1 else DECADES[min(decade, 9)]}十多年前"
        return f"more than {decade}0 years before"

    def _read_short(self, match: re.Match[str]) -> tuple[date | None, date | None]:
        """A month and day of the year that brings it closest to day 1."""
        if self.first is None:
            return None, None
        month, day = _month_of(match), _number(match, "d")
        options = [made for year in (-1, 0, 1) if (made := _date(self.first.year + year, month, day))]
        found = min(options, key=lambda option: abs((option - self.first).days), default=None)  # type: ignore[operator]
        return found, _last(found, _number(match, "d2"))


def _full_dates(text: str) -> Iterator[date]:
    for pattern in (*FULL, SHORT_YEAR):
        for match in pattern.finditer(text):
            day, _last_day = _read_full(match)
            if day:
                yield day


def _read_full(match: re.Match[str]) -> tuple[date | None, date | None]:
    year = _number(match, "y")
    if year is not None and year < 100:
        year += 2000 if year < 50 else 1900
    day = _date(year, _month_of(match), _number(match, "d"))
    return day, _last(day, _number(match, "d2"))


def _read_american(match: re.Match[str]) -> tuple[date | None, date | None]:
    """Month or day first? Known only when one of them is above twelve, or both are the same."""
    one, two = int(match["one"]), int(match["two"])
    year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
    if one > 12 or one == two:
        return _date(year, two, one), None
    return (_date(year, one, two), None) if two > 12 else (None, None)


def _last(first: date | None, day: int | None) -> date | None:
    """The end of a range that says only a day: of the same month, or of the next when it is smaller."""
    if first is None or day is None:
        return None
    month = first.month + (day < first.day)
    return _date(first.year + (month > 12), (month - 1) % 12 + 1, day)


def _number(match: re.Match[str], name: str) -> int | None:
    """A number in digits or Han; a year may be said digit by digit (二〇二四)."""
    said = match.groupdict().get(name)
    if not said:
        return None
    if name == "y" and not said.isdecimal():
        return int("".join(str("零一二三四五六七八九".find(digit.replace("〇", "零"))) for digit in said))
    return read_number(said.replace("廿", "二十").replace("卅", "三十"))


def _month_of(match: re.Match[str]) -> int | None:
    word = match.groupdict().get("em")
    return MONTHS.index(word[:3].lower()) + 1 if word else _number(match, "m")


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
