"""Every spelling of a known name: Han, pinyin, Latin, and a minority's name with its points. Runs in the cage."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from media_pipeline.deid.folding import HAN, NO_LETTER_AFTER, NO_LETTER_BEFORE, fold, has_han

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # single characters are enough; the phrases take 45 MB
from pypinyin import Style, pinyin

COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "长孙",
    "端木",
    "澹台",
    "濮阳",
    "淳于",
    "单于",
    "申屠",
    "公羊",
    "公冶",
    "赫连",
    "钟离",
    "宇文",
    "鲜于",
    "闾丘",
    "司空",
    "亓官",
    "南宫",
    "东郭",
    "呼延",
    "轩辕",
    "独孤",
    "拓跋",
    "万俟",
    "闻人",
    "宗政",
    "完颜",
)
POINTS = r"\-_.·・•‧∙⋅・\u2010-\u2015\u2027"
BETWEEN_HAN = rf"[\s{POINTS}]*"
BETWEEN_LATIN = rf"[\s,^'’{POINTS}]*"
GAP = rf"[\s,^{POINTS}]+"
BETWEEN_PARTS = rf"[\s,^=/、，{POINTS}]+"
APOSTROPHE = "['’‘ʼ`]"
ASIDE = re.compile(r"[(\[（【〔].*?[)\]）】〕]")
SHORTEST_LATIN = 4
MOST_READINGS = 4
SHORTEST_SURNAME = 3  # letters: Zhang W is a name; two letters (Ma, Lu) need two initials, since MA C is said of others
SHORTEST_JOINED = 4  # letters of a surname that initials are written to without a gap: ZHANGWG
#: What stands in the place of a character of a name. 〇 is ○ as well, once it is folded.
MASK = r"(?:[某*×〇□△●✕]|[xX](?![A-WYZa-wyz]))"
Spelling = tuple[bool, re.Pattern[str]]

# Syllables that are English words as well: a name of nothing else is only read where it is written with capitals.
ENGLISH = re.compile(
    "a|ai|an|bang|bin|ban|ben|can|dan|dang|den|die|ding|fan|fang|fen|gang|gong|hang|he|hen|kang|lang|lei|lie|long|ma|man|me"
    "|men|mi|min|nan|pan|pang|pen|pie|pin|ping|ran|rang|sang|she|song|sun|tan|ten|tie|ting|tong|wan|win|wo|yang|yin|you",
    re.IGNORECASE,
)


def name_patterns(names: Iterable[str]) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    """(All the ways in which a clerk writes these names, then those in which only a part is written)."""
    whole: list[re.Pattern[str]] = []
    parts: list[re.Pattern[str]] = []
    for name in sorted({*names} - {""}, key=len, reverse=True):
        for is_whole, pattern in _spellings(name):
            (whole if is_whole else parts).append(pattern)
    return whole, parts


def _spellings(name: str) -> Iterator[Spelling]:
    for plain in sorted({ASIDE.sub(" ", fold(name)).strip(), fold(name).strip()}, key=len, reverse=True):
        parts = [part for part in re.split(BETWEEN_PARTS, re.sub(r"[()\[\]【】〔〕]", " ", plain)) if part]
        if not parts:
            continue
        if all(is_han(part) for part in parts):
            yield from _han(parts, has_points=bool(re.search(rf"[{POINTS}]", plain)))
        elif not any(has_han(part) for part in parts):
            yield from _latin(parts)
        else:
            yield from _mixed(parts)


def is_han(text: str) -> bool:
    return re.fullmatch(f"[{HAN}]+", text) is not None


def surname_of(name: str) -> str:
    return name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]


def surnames_of(names: Iterable[str]) -> list[str]:
    """The surnames of those names that are written in Han without points."""
    plain = (re.sub(r"\s", "", ASIDE.sub("", fold(name))) for name in names)
    return sorted({surname_of(name) for name in plain if is_han(name)}, key=len, reverse=True)


def loose(text: str) -> re.Pattern[str]:
    """The text with blanks and points anywhere between its Han characters; a Latin one as a whole word.

    Xi'an is also typed Xi’an or Xian.
    """
    text = fold(text).strip()
    compact = re.sub(r"\s", "", text)
    if is_han(compact):
        return re.compile(BETWEEN_HAN.join(map(re.escape, compact)))
    inner = re.sub(APOSTROPHE, f"{APOSTROPHE}?", r"\s*".join(map(re.escape, re.split(r"\s+", text))))
    before = r"(?<![0-9A-Za-z])" if text[:1].isascii() and text[:1].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if text[-1:].isascii() and text[-1:].isalnum() else ""
    return re.compile(f"{before}{inner}{after}", re.IGNORECASE)


def _han(parts: list[str], *, has_points: bool) -> Iterator[Spelling]:
    whole = "".join(parts)
    if len(whole) == 1:
        yield True, re.compile(rf"(?<![{HAN}]){re.escape(whole)}(?![{HAN}])")
        return
    yield True, loose(whole)
    surname = "" if has_points else surname_of(whole)
    given = whole[len(surname) :]
    if surname and len(given) >= 1:
        if len(given) > 1:
            yield True, re.compile(rf"{re.escape(surname)}{MASK}{{1,2}}{re.escape(given[-1])}")
        yield True, re.compile(rf"{re.escape(surname)}(?:{MASK}{{2,3}}|{MASK}(?!\s*[{HAN}\d]))")
    for part in {*parts, given} if len(parts) > 1 or surname else {*parts}:
        if len(part) >= 2 and part != whole:
            yield False, loose(part)
    yield from _spoken(surname or parts[0], given if surname else "".join(parts[1:]))


def _spoken(surname: str, given: str) -> Iterator[Spelling]:
    """Pinyin in both orders, with and without blank, comma or caret, in any case; what a short line keeps of it.

    A surname of one syllable goes only beside the given name, a syllable of it or its initials, or where it is marked
    as a name (Ma^, Ms Ma): alone it is a word or a token too often. A compound one is nothing else, and goes alone.
    """
    first, last = _syllables(surname), _syllables(given)
    if not first or not last:
        return
    one, two = BETWEEN_LATIN.join(first), BETWEEN_LATIN.join(last)
    is_english = all(_is_english(syllable) for syllable in [*first, *last])
    orders = f"{one}{BETWEEN_LATIN}{two}|{two}{BETWEEN_LATIN}{one}"
    yield True, _word(orders if not is_english else _capital(first, last), ignore_case=not is_english)
    if short := [*_beside_initials(first, last), *_beside_a_syllable(first, last)]:
        yield True, _word("|".join(short), ignore_case=False)
    if len(last) >= 2 and not all(_is_english(syllable) for syllable in last):
        yield False, _word(two, ignore_case=True)
    if len(surname) > 1:
        yield False, _word(_never_in_situ(first, one), ignore_case=True)
    else:
        yield False, _marked(_cased(first))


def _beside_initials(first: list[str], last: list[str]) -> Iterator[str]:
    """Zhang W.G., WG Zhang, MA^WG, and joined where no other word is written so: ZHANGWG, duanmuql."""
    letters = [sorted({way[0] for way in _ways(item)}) for item in last]
    initials = BETWEEN_LATIN.join(f"[{''.join(letter).upper()}]" for letter in letters)
    title, length = _cased(first), sum(min(map(len, _ways(item))) for item in first)
    if length < SHORTEST_SURNAME and len(last) < 2:
        return
    no_more = r"(?!\.?[\s-]?[A-Z])" if length >= SHORTEST_SURNAME else f"(?!{BETWEEN_LATIN}[A-Z])"
    yield rf"{title}{GAP}{initials}{no_more}\.?|{initials}\.?{GAP}{title}"
    if len(last) >= 2 and length >= SHORTEST_JOINED and not all(_is_english(item) for item in first):
        joined = "".join(f"[{''.join(letter)}]" for letter in letters)
        yield f"(?i:{BETWEEN_LATIN.join(first)}{BETWEEN_LATIN}{joined})"


def _beside_a_syllable(first: list[str], last: list[str]) -> Iterator[str]:
    """Zhang Guo, WEI ZHANG: one syllable of a given name of two, each with a capital. Two English words are none."""
    title = _cased(first)
    for syllable in last if len(last) >= 2 else []:
        if not all(_is_english(item) for item in [*first, syllable]):
            part = _cased([syllable])
            yield f"{title}{GAP}{part}|{part}{GAP}{title}"


def _never_in_situ(first: list[str], surname: str) -> str:
    """司徒 is written like the place of a carcinoma."""
    is_latin = {"si"} & {*_ways(first[0])} and {"tu"} & {*_ways(first[-1])}
    return rf"(?<!in[\s_-])(?<!ex[\s_-]){surname}" if is_latin else surname


def _marked(surname: str) -> re.Pattern[str]:
    """With its capital behind a form of address or a label, or before the caret of a DICOM name."""
    label = r"(?:M(?:r|rs|s|iss|R|RS|S|ISS)\.?|(?i:name)\s*[:=_])\s*"
    return re.compile(
        f"{NO_LETTER_BEFORE}(?:(?P<keep>{label}){surname}{NO_LETTER_AFTER}|{surname}{NO_LETTER_AFTER}(?=\\^))"
    )


def _capital(first: list[str], last: list[str]) -> str:
    """The same where every part begins with a capital."""
    one, two = _cased(first), _cased(last)
    return f"{one}{BETWEEN_LATIN}{two}|{two}{BETWEEN_LATIN}{one}"


def _cased(syllables: list[str]) -> str:
    """Zhang, Weiguo, WeiGuo, WEIGUO; never all small."""
    title, small, upper = (
        [f"(?:{'|'.join(change(way) for way in _ways(item))})" for item in syllables]
        for change in (str.capitalize, str.lower, str.upper)
    )
    styles = ([title[0], *small[1:]], title, upper)
    return f"(?:{'|'.join(dict.fromkeys(BETWEEN_LATIN.join(style) for style in styles))})"


def _syllables(han: str) -> list[str]:
    """For each character a group of its readings; [] when one has none."""
    found = []
    for readings in pinyin(han, style=Style.NORMAL, heteronym=True, errors="ignore") if han else []:
        ways = sorted({way for reading in readings[:MOST_READINGS] for way in _written(reading)}, key=len, reverse=True)
        found.append(f"(?:{'|'.join(ways)})")
    return found if len(found) == len(han) else []


def _written(reading: str) -> set[str]:
    """ü is typed v, u or yu."""
    plain = re.sub(r"[^a-zv]", "", fold(reading).lower())
    return {plain, plain.replace("v", "u"), plain.replace("v", "yu")} - {""}


def _ways(syllable: str) -> list[str]:
    return syllable.removeprefix("(?:").removesuffix(")").split("|")


def _is_english(syllable: str) -> bool:
    return all(ENGLISH.fullmatch(way) for way in _ways(syllable))


def _word(inner: str, *, ignore_case: bool) -> re.Pattern[str]:
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    return re.compile(f"{NO_LETTER_BEFORE}(?:{inner}){NO_LETTER_AFTER}", flags)


def _latin(parts: list[str]) -> Iterator[Spelling]:
    """In both orders, however the parts are set apart; a longer part alone where it has its capital."""
    escaped = [re.escape(part) for part in parts]
    gap = BETWEEN_LATIN if sum(map(len, parts)) >= SHORTEST_LATIN else BETWEEN_LATIN[:-1] + "+"
    turned = [[*escaped[1:], escaped[0]], [escaped[-1], *escaped[:-1]], escaped[::-1]]
    orders = "|".join(dict.fromkeys(gap.join(order) for order in (escaped, *turned)))
    is_english = all(ENGLISH.fullmatch(part) for part in parts)
    yield True, _word(_titled(parts, gap) if is_english else orders, ignore_case=not is_english)
    for part in parts:
        if len(parts) > 1 and len(part) >= SHORTEST_LATIN and not ENGLISH.fullmatch(part):
            yield (
                False,
                _word("|".join({re.escape(way) for way in (part, part.capitalize(), part.upper())}), ignore_case=False),
            )


def _titled(parts: list[str], gap: str) -> str:
    """Parts that are English words as well: as recorded, or with their capitals."""
    ways = [f"(?:{re.escape(part.capitalize())}|{re.escape(part.upper())})" for part in parts]
    return "|".join([gap.join(map(re.escape, parts)), gap.join(ways), gap.join(reversed(ways))])


def _mixed(parts: list[str]) -> Iterator[Spelling]:
    """Han and Latin in one field: 张伟 Zhang Wei, or parts that hold both."""
    yield True, _word(BETWEEN_LATIN.join(map(re.escape, parts)), ignore_case=True)
    han = [part for part in parts if is_han(part)]
    latin = [part for part in parts if not has_han(part)]
    if han:
        yield from _han(han, has_points=False)
    if latin:
        yield from _latin(latin)
    for part in parts:
        if part not in han and part not in latin:
            yield True, _word(re.escape(part), ignore_case=True)
