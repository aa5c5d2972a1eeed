"""Text as a search index sees it.

Neither SQLite's FTS5 nor PostgreSQL's `simple` finds a Chinese word inside a sentence, so a run of Chinese, Japanese
or Korean characters is stored as overlapping pairs (bigrams) and its last character alone: 教学病例 -> 教学 学病 病例
例. A question of two or more characters is the phrase of its pairs; a single character is the beginning of a pair. The
lone last character also keeps a phrase from reaching over the border of a run. Latin words are NFKC, lower case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.search.contracts import Term

LONGEST_TEXT = 100_000  # characters of a body that are indexed; a book chapter has about 30,000
LONGEST_WORD = 64
MOST_TERMS = 12
LONGEST_QUERY = 200
SNIPPET = 160

_CJK = "぀-ヿ㐀-䶿一-鿿가-힯豈-﫿\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+)")


_PLAIN_MARKS = re.compile(r"\*\*|^[ \t]*- ", re.MULTILINE)
_SENTENCE_END = re.compile(r"[。！？；]\s*|[.!?]\s+")


def normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def index_words(text: str) -> list[str]:
    """The words of a text in order, as they are stored."""
    words: list[str] = []
    for match in _RUN.finditer(normal(text[:LONGEST_TEXT])):
        if run := match["cjk"]:
            words += [*_pairs(run), run[-1]]
        else:
            words.append(match["word"][:LONGEST_WORD])
    return words


def spaced(text: str) -> str:
    """Runs and words with blanks between, for an analyzer of its own that would else join words at an apostrophe."""
    return " ".join(match[0] for match in _RUN.finditer(normal(text[:LONGEST_TEXT])))


def parse(query: str) -> tuple[Term, ...]:
    """The question as terms; empty when it holds no letter, digit or character."""
    terms = []
    for match in _RUN.finditer(normal(query[:LONGEST_QUERY])):
        if run := match["cjk"]:
            terms.append(Term(tuple(_pairs(run)), False) if len(run) > 1 else Term((run,), True))
        else:
            word = match["word"][:LONGEST_WORD]
            terms.append(Term((word,), len(word) >= 3))
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]


def needles(query: str) -> tuple[str, ...]:
    """What to mark in a hit: whole runs and words, longest first."""
    found = {match[0] for match in _RUN.finditer(normal(query[:LONGEST_QUERY]))}
    return tuple(sorted(found, key=lambda needle: (-len(needle), needle)))


def highlight(text: str, query: str) -> SafeString:
    """The whole text, escaped, with what matches in <mark>."""
    return _marked(text, list(_spans(text, needles(query))))


def snippet(text: str, query: str, width: int = SNIPPET) -> SafeString:
    """About `width` characters around the first match, escaped, with what matches in <mark>.

    It begins where the match's sentence does, unless that lies too far before; marks of plain text (`**`, a leading
    "- ") are left out.
    """
    flat = " ".join(_PLAIN_MARKS.sub("", text[:LONGEST_TEXT]).split())
    wanted = needles(query)
    first = next(iter(_spans(flat, wanted)), (0, 0))
    start = _sentence_start(flat, first[0], width // 2)
    is_whole = start is not None
    if start is None:
        start = max(0, first[0] - width // 4)
    end = min(len(flat), start + width)
    piece = flat[start:end]
    before, after = ("" if is_whole else "… "), (" …" if end < len(flat) else "")
    return mark_safe(before + _marked(piece, list(_spans(piece, wanted))) + after)  # noqa: S308 - parts are escaped


def _sentence_start(flat: str, place: int, reach: int) -> int | None:
    """Where the sentence around `place` begins; None when that is more than `reach` characters before."""
    start = max((match.end() for match in _SENTENCE_END.finditer(flat, 0, place)), default=0)
    return start if place - start <= reach else None


def _spans(text: str, wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places in the text, as it was written, where a needle stands in its normal form; never overlapping."""
    if not wanted:
        return
    changed, places = _normal_with_places(text)
    pattern = re.compile("|".join(_needle_pattern(needle) for needle in wanted))
    for match in pattern.finditer(changed):
        yield places[match.start()], places[match.end() - 1] + 1


def _normal_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The normal form, and for each of its letters the place in `text` that it came from."""
    changed = normal(text)
    if len(changed) == len(text):
        return changed, range(len(text))
    letters, places = [], []
    for place, letter in enumerate(text):
        for one in normal(letter):
            letters.append(one)
            places.append(place)
    return "".join(letters), places


def _needle_pattern(needle: str) -> str:
    """A Latin word is marked where a word begins; a run of characters anywhere."""
    if re.match(f"[{_CJK}]", needle):
        return re.escape(needle)
    return rf"(?<![^\W_{_CJK}]){re.escape(needle)}"


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> SafeString:
    parts, place = [], 0
    for start, end in spans:
        if start < place:
            continue
        parts += [escape(text[place:start]), "<mark>", escape(text[start:end]), "</mark>"]
        place = end
    parts.append(escape(text[place:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped
