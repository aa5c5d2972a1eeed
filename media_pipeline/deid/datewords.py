"""The forms in which a date is written, Chinese and English, in digits and in words. Runs in the cage.

Groups: `y` year, `m` month, `em` month as a word, `d` day, `d2` last day of a range; `keep` stays in the text.
"""

from __future__ import annotations

import re

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# May and March are verbs as well: only with their capital.
MONTH_WORD = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|(?-i:Mar(?:ch)?|MAR(?:CH)?)|apr(?:il)?|(?-i:May|MAY)|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
UNIT = (
    r"(?:\s*(?:[mkµμun]?g|mcg|[mdµμ]?l|[cmµμ]?m|[mµμun]?mol|mmHg|kPa|[mk]?IU|U|%|℃|°|次|片|粒|支|滴|毫升|毫克|克|升|单位|小时|分钟"
    r"|bpm|ms|Hz|kV|mA|m?Gy|HU|m?Bq|mSv|mEq|kcal|cal|copies|cells|[×x*]\s?\d|/\s?\d|/[A-Za-zµμ])(?![A-Za-z]))"
)
HAN = "一二三四五六七八九十"
DAY_HAN = f"[{HAN}廿卅]{{1,3}}"
NUMBER = rf"(?:\d{{1,2}}|{DAY_HAN})"
YEAR = r"(?:(?:19|20)\d{2}|[一二][一二三四五六七八九〇零]{3})"
BEFORE = rf"(?<![\d{HAN}])"
TO = r"\s*(?:[-–—~至到、,]|和)\s*"
RANGE = rf"(?:(?:\s*[日号])?{TO}(?P<d2>{NUMBER})\s*[日号])"
PART = r"(?:份|上旬|中旬|下旬|初(?![潮次诊始步])|底(?!物)|末(?!梢))"
ORDINAL = r"(?:st|nd|rd|th)?"
EN_RANGE = rf"(?:\s*(?:[-–—~]|to|and)\s*(?P<d2>\d{{1,2}}){ORDINAL})?"

FULL = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{BEFORE}(?P<y>{YEAR})\s*(?:年|[-/.])\s*(?P<m>{NUMBER})\s*(?:月|[-/.])\s*(?P<d>{NUMBER})(?!\d)(?:{RANGE}|\s*[日号])?",
        r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)(?!\.\d)",
        rf"(?<![A-Za-z0-9.])(?P<d>\d{{1,2}}){ORDINAL}{EN_RANGE}(?:\s+of)?[\s-]+(?P<em>{MONTH_WORD})[\s,-]+(?P<y>(?:19|20)\d{{2}})(?!\d)",
        rf"(?<![A-Za-z0-9.])(?P<d>\d{{1,2}})-(?P<em>{MONTH_WORD})-(?P<y>\d{{2}})(?!\d)",
        rf"(?<![A-Za-z])(?P<em>{MONTH_WORD})\s*(?P<d>\d{{1,2}}){ORDINAL}{EN_RANGE}(?:,\s*|\s+)(?P<y>(?:19|20)\d{{2}})(?!\d)",
    )
)
SHORT_YEAR = re.compile(rf"(?<![\d.])(?P<y>\d{{2}})\s*年\s*(?P<m>{NUMBER})\s*月\s*(?P<d>{NUMBER})(?:{RANGE}|\s*[日号])")
AMERICAN = re.compile(
    r"(?<![\d/.])(?P<one>0?[1-9]|[12]\d|3[01])/(?P<two>0?[1-9]|[12]\d|3[01])/(?P<y>(?:19|20)\d{2}|\d{2})(?![\d/.])"
)
LUNAR = re.compile(
    rf"(?:农历|阴历|旧历)?\s*(?:闰?(?:正|冬|腊)月(?:初[{HAN}]|{DAY_HAN}(?![个天余多]))?"
    rf"|闰?{DAY_HAN}月(?:初[{HAN}]|(?:十[一二三四五六七八九]?|二十[一二三四五六七八九]?|三十|廿[一二三四五六七八九]?)(?![{HAN}\s]*[个天日号余多])))"
)
NO_YEAR = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{BEFORE}(?P<m>{NUMBER})\s*月\s*(?P<d>{NUMBER})(?:{RANGE}|\s*[日号])",
        rf"(?<![A-Za-z0-9.])(?P<d>\d{{1,2}}){ORDINAL}{EN_RANGE}(?:\s+of)?[\s-]+(?P<em>{MONTH_WORD})(?![a-z])",
        rf"(?<![A-Za-z])(?P<em>{MONTH_WORD})\s*(?P<d>\d{{1,2}}){ORDINAL}{EN_RANGE}(?!\d|[.:/]\d|{UNIT})",
    )
)
MONTH_DAY = r"(?P<m>0?[1-9]|1[0-2])/(?P<d>0?[1-9]|[12]\d|3[01])"
EVENT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\d/.]){MONTH_DAY}(?=\s*(?:入院|出院|转院|转入|转出|就诊|复查|复诊|手术|发病|起病|住院))",
        rf"(?P<keep>(?:admitted|discharged|transferred|readmitted)(?:\s+on)?\s+){MONTH_DAY}(?![\d/])",
    )
)
VAGUE = re.compile(
    rf"(?<!年)(?<!年\s){BEFORE}(?:\d{{1,2}}|{DAY_HAN})\s*月{PART}|(?P<keep>(?:生于|出生于|生))[一二三四五六七八九〇零]{{2}}年"
)
NO_DAY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d)(?P<y>{YEAR})\s*(?:[-–~至到]\s*{YEAR}\s*)?年(?:\s*{NUMBER}\s*月{PART}?)?",
        rf"(?<![\d./-])(?P<y>(?:19|20)\d{{2}})(?:[-/](?:0?[1-9]|1[0-2])|\.(?:0[1-9]|1[0-2]))(?![\d/-]|\.\d|{UNIT})",
        rf"(?<![A-Za-z])(?:\d{{1,2}}-)?{MONTH_WORD}[\s,'-]*(?:of\s+)?(?P<y>(?:19|20)\d{{2}})(?!\d)",
        r"(?P<keep>\b(?:in|since|from|during|until|till|before|after|year|early|late|mid|of|around|about|by)[\s-]+)"
        rf"(?P<y>(?:19[3-9]|20[0-4])\d)(?![\d.,]\d|\d|\s*(?:to|-|–)\s*\d+(?:\.\d+)?{UNIT}|{UNIT}|\s*(?:steps|patients|cases))",
        r"(?P<keep>自|从|于)(?P<y>(?:19[3-9]|20[0-4])\d)(?=起|开始|至今|以来)",
    )
)
MONTH_ONLY = re.compile(
    rf"(?P<keep>(?<![A-Za-z])(?:in|since|until|till|from|last|this|next|early|late|mid|during|by|of)[\s-]+)(?P<em>{MONTH_WORD})(?!\s*\d)",
    re.IGNORECASE,
)
