"""What a release says of the patient, read back from its one line "男，六十多岁。": sex and the band of the age."""

from __future__ import annotations

import re

_SEX = {"女": "female", "男": "male"}
_DECADE = re.compile(r"([二三四五六七八])十多岁")
_NUMERALS = "零一二三四五六七"


def facts_of(line: str) -> dict[str, str]:
    """{"sex", "age_band"} as a draft holds them, "" for what the line leaves open: below ten years the bands are
    narrower than what de-identification says.
    """
    return {"sex": _SEX.get(line[:1], ""), "age_band": _band(line)}


def _band(line: str) -> str:
    if "十几岁" in line:
        return "10-19"
    if "九十岁以上" in line or "八十多岁" in line:
        return "80+"
    decade = _DECADE.search(line)
    if decade is None:
        return ""
    number = _NUMERALS.index(decade[1])
    return f"{number}0-{number}9"
