"""Calendar dates in clinical texts become days counted from the first one (第 3 天, day 3). Runs in the cage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH_WORD = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
FULL = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})\s*(?:年|[-/.])\s*(?P<m>\d{1,2})\s*(?:月|[-/.])\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"
    r"|(?<!\d)(?P<cy>(?:19|20)\d{2})(?P<cm>0[1-9]|1[0-2])(?P<cd>0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|\b(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<em>{MONTH_WORD}),?\s+(?P<ey>(?:19|20)\d{{2}})\b"
    rf"|\b(?P<am>{MONTH_WORD})\s+(?P<ad>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<ay>(?:19|20)\d{{2}})\b",
    re.IGNORECASE,
)
NO_YEAR = re.compile(
    rf"(?<!\d)(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*[日号]|\b(?P<ed>\d{{1,2}})\s+(?P<em>{MONTH_WORD})(?![a-z])",
    re.IGNORECASE,
)
NO_DAY = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})\s*年(?:\s*(?P<m>\d{1,2})\s*月(?:份)?)?")


@dataclass(frozen=True, slots=True)
class DayCounter:
    """`first` is day 1; None when nothing is dated, and then dates without a year stay unresolvable and are removed."""

    first: date | None

    @classmethod
    def over(cls, texts: Iterable[str]) -> DayCounter:
        """Counts from the earliest full date in all texts of the case."""
        found = [day for text in texts for day in _full_dates(text)]
        recent = [day for day in found if max(found).year - day.year <= 1]
        return cls(min(recent, default=None))

    def replace(self, text: str, *, is_chinese: bool) -> tuple[str, int]:
        """(The text with days for dates, how many were replaced.)"""
        count = 0
        for pattern, read in ((FULL, _read_full), (NO_YEAR, self._read_short)):
            text, replaced = pattern.subn(lambda m, read=read: self._word(read(m), is_chinese), text)  # type: ignore[misc]
            count += replaced
        text, replaced = NO_DAY.subn(lambda m: self._years(int(m["y"]), is_chinese), text)
        return text, count + replaced

    def _word(self, day: date | None, is_chinese: bool) -> str:
        if day is None or self.first is None:
            return "[日期]" if is_chinese else "[date]"
        number = (day - self.first).days + 1
        if number >= 1:
            return f"第 {number} 天" if is_chinese else f"day {number}"
        return f"第 1 天前 {1 - number} 天" if is_chinese else f"{1 - number} days before day 1"

    def _years(self, year: int, is_chinese: bool) -> str:
        if self.first is None:
            return "[日期]" if is_chinese else "[date]"
        ago = self.first.year - year
        if ago <= 0:
            return "当年" if is_chinese else "that year"
        return f"约 {ago} 年前" if is_chinese else f"about {ago} years before"

    def _read_short(self, match: re.Match[str]) -> date | None:
        """A month and day of the year that brings it closest to day 1."""
        if self.first is None:
            return None
        month = int(match["m"]) if match["m"] else _month(match["em"])
        day = int(match["d"] or match["ed"])
        options = [made for year in (-1, 0, 1) if (made := _date(self.first.year + year, month, day))]
        return min(options, key=lambda option: abs((option - self.first).days), default=None)  # type: ignore[operator]


def _full_dates(text: str) -> Iterator[date]:
    for match in FULL.finditer(text):
        if day := _read_full(match):
            yield day


def _read_full(match: re.Match[str]) -> date | None:
    if match["y"]:
        return _date(int(match["y"]), int(match["m"]), int(match["d"]))
    if match["cy"]:
        return _date(int(match["cy"]), int(match["cm"]), int(match["cd"]))
    if match["ey"]:
        return _date(int(match["ey"]), _month(match["em"]), int(match["ed"]))
    return _date(int(match["ay"]), _month(match["am"]), int(match["ad"]))


def _month(word: str) -> int:
    return MONTHS.index(word[:3].lower()) + 1


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
