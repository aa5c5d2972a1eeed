"""An age becomes a band of ten years; a criterion (≥75岁, 65-74岁) is no age of anybody. Runs in the cage."""

from __future__ import annotations

import re
from collections.abc import Callable

from media_pipeline.deid.folding import Draft

NUMERALS = "零〇一二三四五六七八九"
DECADES = "零十二三四五六七八九"
HAN_NUMBER = "[一二三四五六七八九十百零〇两]{1,5}"
FREE = r"(?<![\d.≥>≤<])(?<!\d[~\-–至到])(?<![≥>≤<]\s)"
NO_RANGE = r"(?!\d|\s*[-–~至到/+.]\s*\d|\s*\+)"
TUBES = r"(?!\s*(?:导|鞘|引|猪|支|双|造|微|catheter|sheath|guid|stent|tube|pigtail|drain|foley|introducer))"

SPOKEN_ZH = re.compile(
    rf"(?:{FREE}(?P<age>\d{{1,3}})|(?<![一二三四五六七八九十百])(?P<age2>{HAN_NUMBER}))\s*(?:周|足)?岁"
)
LABEL_ZH = re.compile(
    rf"(?P<keep>(?:年龄|现年|年已|享年)\s*(?:为|是|约)?\s*[:：]?\s*)(?P<age>\d{{1,3}}){NO_RANGE}(?!\s*[岁个月天周])"
)
SLASH = re.compile(
    r"(?P<keep>(?<![A-Za-z0-9/])(?:[FM]|男|女)/)(?P<age>\d{2,3})(?![\d/])"
    r"|(?<![\d/.])(?P<age2>\d{2,3})(?=/[FM](?![A-Za-z/]))"
)
OLD_EN = re.compile(
    rf"{FREE}(?P<age>\d{{1,3}})(?P<tail>[- ]?(?:years?|yrs?|y)\.?[- ](?:old|of[- ]age)|[- ]?y\.?/?o\.?(?![A-Za-z])"
    r"|y(?=,|\s*(?:male|female|man|woman|boy|girl|M|F)(?![A-Za-z])))",
    re.IGNORECASE,
)
LABEL_EN = re.compile(
    r"(?P<keep>(?<!gestational )(?<!corrected )(?<!bone )\b(?:aged|age)(?:\s+(?:is|of|about)|\s*[:=])?\s*)"
    rf"(?<![A-Za-z])(?P<age>\d{{1,3}}){NO_RANGE}(?!\s*(?:w|d|mo)[a-z]*\b)",
    re.IGNORECASE,
)
# 12F is a catheter and 98.6F a temperature: a letter for the sex is believed at the beginning, or from 36 to 94.
SEX_EN = re.compile(
    rf"(?:\A\s*(?P<age>\d{{1,2}})(?=\s?[FMYy](?![A-Za-z0-9]){TUBES})"
    rf"|(?<![\w.])(?P<age2>3[6-9]|[4-8]\d|9[0-4])(?=\s?[FM](?![A-Za-z0-9]){TUBES}))"
)
TWO_AGES = re.compile(r"(?<![\d.])(?P<age>\d{1,3})\s*[-–~至到]\s*(?P<last>\d{1,3})\s*(?:周)?岁")
WIDE = 5


def replace_ages(draft: Draft, *, is_chinese: bool) -> int:
    """How many ages became bands."""

    def banded(match: re.Match[str]) -> str | None:
        years = read_number(match["age"] or match.groupdict().get("age2") or "")
        return None if years is None else _spoken(match, years, is_chinese)

    def bare(match: re.Match[str]) -> str | None:
        years = read_number(match["age"] or match.groupdict().get("age2") or "")
        return None if years is None else _plain(years, is_chinese)

    def narrow(match: re.Match[str]) -> str | None:
        is_band = int(match["last"]) - int(match["age"]) >= WIDE
        return None if is_band else age_band(int(match["age"]), is_chinese=is_chinese)

    table: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
        (TWO_AGES, narrow),
        (SPOKEN_ZH, banded),
        (OLD_EN, banded),
        (LABEL_ZH, bare),
        (LABEL_EN, bare),
        (SLASH, bare),
        (SEX_EN, bare),
    )
    return sum(draft.replace(pattern, word) for pattern, word in table)


def age_band(years: int, *, is_chinese: bool) -> str:
    """六十多岁 for 60 to 69; one band above 89, one below ten."""
    decade = years // 10
    if is_chinese:
        if decade >= 9:
            return "九十岁以上"
        if decade == 0:
            return "不满十岁"
        return "十几岁" if decade == 1 else f"{DECADES[decade]}十多岁"
    if decade >= 9:
        return "over 89"
    return "under 10" if decade == 0 else f"{decade}0-{decade}9"


def read_number(text: str) -> int | None:
    """Up to 199, in digits or in Han; None for what is no number (几十) and for two numbers said at once (三四)."""
    if text.isdecimal():
        return int(text)
    hundreds, _hundred, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    parts = [hundreds, tens, ones.lstrip("零〇")]
    values = [_digit(part) for part in parts]
    if not text or None in values or (not ten and not hundreds and len(ones) > 1):
        return None
    count = [value or 0 for value in values]
    return count[0] * 100 + (count[1] or (1 if ten else 0)) * 10 + count[2]


def _digit(character: str) -> int | None:
    if not character:
        return 0
    found = NUMERALS.replace("〇", "").find(character.replace("两", "二"))
    return found if found >= 0 and len(character) == 1 else None


def _spoken(match: re.Match[str], years: int, is_chinese: bool) -> str:
    """An English form keeps its words (60-69-year-old) in an English case; a Chinese one is a word of its own."""
    if is_chinese:
        return age_band(years, is_chinese=True)
    tail = match.groupdict().get("tail")
    return age_band(years, is_chinese=False) + (tail if tail is not None else " years old")


def _plain(years: int, is_chinese: bool) -> str:
    return age_band(years, is_chinese=is_chinese)
