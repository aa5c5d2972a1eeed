"""Take one patient's identifiers out of clinical texts, Chinese and English. Runs in the cage.

The caller knows the patient: names, numbers, dates, places and telephones come as lists and go first, in every spelling
a clerk uses. What no list can know (other people, identity-card numbers, telephones) goes by pattern. Dates become days
counted from the first one, ages become bands (六十多岁), since both are needed to learn from a case. The replacing
words are of one language, the case's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from media_pipeline.deid.ages import age_band, replace_ages
from media_pipeline.deid.days import DayCounter
from media_pipeline.deid.folding import Draft, fold, has_han
from media_pipeline.deid.folding import is_chinese as language_of
from media_pipeline.deid.names import BETWEEN_HAN, is_han, loose, name_patterns, surnames_of
from media_pipeline.deid.patterns import ADDRESSES, HOMES, PATTERNS
from media_pipeline.deid.people import met_pattern, name_in, people_patterns

__all__ = ["Identifiers", "TextCleaner", "age_band"]

CARE = "(?=(?:第[一二三]|中心|县|市|镇|乡)?(?:人民|中医|妇幼保?健?)?(?:医院|卫生院|卫生室|诊所|中心|保健院))"
UNITS = (
    "[年月日天周次例级岁分秒期%]|小时|"
    r"(?:day|week|month|year|hour|minute|min|h|d|mm|cm|m|[kKµμ]?g|m[gLl]|L|T|mmHg|bpm)s?(?![A-Za-z])"
)
NOT_MEASURED = rf"(?!\.\d)(?!\s*(?:{UNITS}))"
LEVELS = "省市县区镇乡村旗"
SHORTEST_SPACED = 6
SHORTEST_ALONE = 7  # digits of a telephone without its area code
SHORTEST_LOOSE = 4


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What is known of one patient. Dates are ISO; names may hold those of relatives and doctors."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


class TextCleaner:
    """Cleans texts of one patient. `counts` says how many of each kind were replaced.

    `people` maps the names of those whom a title or a label has shown to what takes their place. `is_chinese`,
    `first_day` and `people` hand on what another cleaner of the same case found in its texts.
    """

    def __init__(
        self,
        identifiers: Identifiers,
        texts: Iterable[str] = (),
        *,
        is_chinese: bool | None = None,
        first_day: date | None = None,
        people: Mapping[str, str] | None = None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.people = dict(people or {})
        texts = list(texts)
        known = [*identifiers.names, *identifiers.places]
        self.is_chinese = language_of(texts if any(texts) else known) if is_chinese is None else is_chinese
        names, parts = name_patterns(identifiers.names)
        self._figures = [("place", _figures(place)) for place in identifiers.places if _is_figures(place)]
        self._literals = [*_literals(identifiers), *(("name", pattern) for pattern in names)]
        self._people = [*people_patterns(surnames_of(identifiers.names)), *(("name", pattern) for pattern in parts)]
        self._days = DayCounter(first_day) if first_day else DayCounter.over([*identifiers.dates, *texts])
        self._meet(texts)

    @property
    def first_day(self) -> date | None:
        return self._days.first

    def clean(self, text: str) -> str:
        """The text without identifiers; replacements are words in brackets, days and age bands."""
        if not text:
            return text
        draft = Draft(text)
        for kind, pattern in (*ADDRESSES, *self._literals, *PATTERNS, *HOMES):
            self._take_out(draft, kind, pattern)
        self.counts["date"] += self._days.replace(draft, is_chinese=self.is_chinese)
        for kind, pattern in self._figures:
            self._take_out(draft, kind, pattern)
        for kind, pattern in self._people:
            self._take_out(draft, kind, pattern, is_person=True)
        for name, kind in [*self.people.items()]:
            self._take_out(draft, kind, met_pattern(name))
        self.counts["age"] += replace_ages(draft, is_chinese=self.is_chinese)
        return draft.finished()

    def _meet(self, texts: list[str]) -> None:
        """Who is shown as a person in one text of a case goes from all of them."""
        for text in texts:
            self.clean(text)
        self.counts.clear()

    def _take_out(self, draft: Draft, kind: str, pattern: re.Pattern[str], *, is_person: bool = False) -> None:
        word = WORDS[kind][0 if self.is_chinese else 1]

        def taken(match: re.Match[str]) -> str:
            if is_person and (name := name_in(match)):
                self.people.setdefault(name, kind)
            return word

        self.counts[kind] += draft.replace(pattern, taken)


WORDS = {
    "name": ("[姓名]", "[name]"),
    "number": ("[编号]", "[number]"),
    "phone": ("[电话]", "[telephone]"),
    "place": ("[地点]", "[place]"),
    "address": ("[地址]", "[address]"),
    "doctor": ("[医务人员]", "[staff]"),
}


def _literals(known: Identifiers) -> Iterable[tuple[str, re.Pattern[str]]]:
    """Longest first, so that a hospital's full name goes before the county in it."""
    for place in sorted({place for place in known.places if not _is_figures(place)}, key=len, reverse=True):
        yield "place", loose(place) if _is_long(place) else _exactly(place)
    for place in known.places:
        if is_han(place) and len(place) >= 3 and place[-1] in LEVELS:
            yield "place", re.compile(BETWEEN_HAN.join(map(re.escape, place[:-1])) + CARE)
    phones = {part for entry in known.phones for part in _each(entry)}
    for phone in sorted(phones, key=len, reverse=True):
        if digits := re.sub(r"\D", "", fold(phone)):
            yield "phone", _dialled(digits) if len(digits) >= SHORTEST_SPACED else _dialled_inside(phone)
    for number in sorted({*known.numbers} - {""}, key=len, reverse=True):
        yield "number", re.compile(rf"(?<![0-9A-Za-z]){_spaced(number)}(?![0-9A-Za-z])", re.IGNORECASE)
        if len(number) >= 15:
            yield "number", re.compile(rf"(?P<keep>尾号\s*){re.escape(number[-4:])}(?!\d)")


def _each(phone: str) -> Iterable[str]:
    """The numbers of one entry: those between signs that set numbers apart, and whole ones with a blank between."""
    for part in re.split(r"[/;,、|]", fold(phone)):
        numbers = part.split()
        is_several = len(numbers) > 1 and all(len(re.sub(r"\D", "", n)) >= SHORTEST_ALONE for n in numbers)
        yield from numbers if is_several else [part]


def _dialled(digits: str) -> re.Pattern[str]:
    """A telephone as people set it apart."""
    return re.compile(r"(?<!\d)(?:[(]?\+?86[)]?[\s-]*)?[(]?" + r"[\s()\-—]*".join(digits) + r"(?!\d)")


def _dialled_inside(phone: str) -> re.Pattern[str]:
    """A short number of a house's own network is a whole number: together, or set apart as it was recorded."""
    groups = re.findall(r"\d+", fold(phone))
    return re.compile(rf"(?<!\d)(?<!\d\.)(?:{''.join(groups)}|{r'[ -]'.join(groups)})(?!\d)(?!\.\d)")


def _is_figures(place: str) -> bool:
    """A room, or house, entrance and flat."""
    return re.search(r"[^\W_]", place) is not None and re.search(r"[^\W\d_]", place) is None


def _figures(place: str) -> re.Pattern[str]:
    """Looked for when the dates are gone, since a room may be numbered like a year; never a measured value."""
    inner = r"\s*[\s\-—/]\s*".join(re.findall(r"\d+", fold(place)))
    return re.compile(rf"(?<![\d./年月-]){inner}(?![-./]?\d){NOT_MEASURED}")


def _is_long(place: str) -> bool:
    """Not only a few capitals: spelt otherwise, those are words of medicine."""
    plain = fold(place)
    has_word = re.search("[a-z]{2}", plain) is not None
    return has_han(plain) or has_word or len(re.findall(r"[^\W\d_]", plain)) >= SHORTEST_LOOSE


def _exactly(place: str) -> re.Pattern[str]:
    """As a whole word and in its case; what is counted or measured (ICU 3 days, MRI 3.0T) is no place."""
    inner = r"\s*".join(map(re.escape, fold(place).split()))
    is_counted = NOT_MEASURED if place[-1].isdigit() else ""
    return re.compile(rf"(?<![0-9A-Za-z]){inner}(?![0-9A-Za-z]){is_counted}")


def _spaced(number: str) -> str:
    """A number with blanks and dashes anywhere; one with none of its own as well.

    A few digits alone stand as they are: 13886 is not the pressure 138/86.
    """
    if number.isdigit() and len(number) < SHORTEST_SPACED:
        return re.escape(fold(number))
    return r"[\s\-_/.]*".join(map(re.escape, re.sub(r"[\s\-_/.]", "", fold(number)))) or re.escape(number)
