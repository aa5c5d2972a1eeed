"""One text while it is being cleaned: matched in one plain spelling, changed in its own. Runs in the cage."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
#: Edges of a word in letters: a Han character or a digit beside it does not make it another word.
LETTER = rf"[^\W\d_{HAN}]"
NO_LETTER_BEFORE, NO_LETTER_AFTER = rf"(?<!{LETTER})", rf"(?!{LETTER})"

# What a word is replaced by stands as one character of these planes until the end, so that no later pattern reads it.
FIRST_MARK, LAST_MARK = 0xF0000, 0x10FFFD
INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff" + chr(FIRST_MARK) + "-" + chr(LAST_MARK) + "]"
)
MARK = re.compile(f"[{chr(FIRST_MARK)}-{chr(LAST_MARK)}]")
LETTERS_OF_HAN = 3  # a Chinese word has about two characters, an English one about six
Word = Callable[[re.Match[str]], str | None]


def fold(text: str) -> str:
    """The text as it is matched, character for character: full-width forms, compatibility signs and accents plain."""
    return text.translate(_plain_characters())


def has_han(text: str) -> bool:
    return re.search(f"[{HAN}]", text) is not None


def is_chinese(texts: Iterable[str]) -> bool:
    """Which language there is more of: laboratory names are Latin in a Chinese case."""
    joined = fold("\n".join(texts))
    return len(re.findall(f"[{HAN}]", joined)) * LETTERS_OF_HAN >= len(re.findall("[A-Za-z]", joined))


class Draft:
    """A text that loses words one pattern after the other."""

    def __init__(self, text: str) -> None:
        self.text = INVISIBLE.sub("", text)
        self._folded = fold(self.text)
        self._words: dict[str, str] = {}

    def replace(self, pattern: re.Pattern[str], word: Word) -> int:
        """Put `word(match)` in place of each match, how often; a group named `keep` in front of it stays.

        A word of None leaves the match as it is.
        """
        count, end, pieces = 0, 0, []
        for match in pattern.finditer(self._folded):
            replacement = word(match)
            if replacement is None:
                continue
            start = match.end("keep") if match.groupdict().get("keep") else match.start()
            pieces += [self.text[end:start], self._mark(replacement)]
            end = match.end()
            count += 1
        if count:
            self.text = "".join([*pieces, self.text[end:]])
            self._folded = fold(self.text)
        return count

    def finished(self) -> str:
        """The text with its words; one that ends in a letter or digit is set apart from what follows."""
        return "".join(self._pieces())

    def _mark(self, word: str) -> str:
        return self._words.setdefault(word, chr(FIRST_MARK + len(self._words)))

    def _pieces(self) -> Iterator[str]:
        words, end = {mark: word for word, mark in self._words.items()}, 0
        for match in MARK.finditer(self.text):
            before, after = self.text[: match.start()][-1:], self.text[match.end() :][:1]
            word = words[match[0]]
            yield self.text[end : match.start()]
            yield (" " if _touch(before, word[:1]) else "") + word + (" " if _touch(word[-1:], after) else "")
            end = match.end()
        yield self.text[end:]


def _touch(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


@cache
def _plain_characters() -> dict[int, str]:
    """Characters whose plain form is one character. Numbers set higher or lower keep their place: 10² is not 102."""
    plain: dict[int, str] = {0x25CB: "\u3007"}
    for code in range(0x80, min(sys.maxunicode, 0x1FFFF)):
        character = chr(code)
        if unicodedata.category(character) in {"No", "Cn", "Co", "Cs"}:
            continue
        form = unicodedata.normalize("NFKC", character)
        base = "".join(part for part in unicodedata.normalize("NFKD", form) if not unicodedata.combining(part))
        found = base if len(base) == 1 else form
        if len(found) == 1 and found != character:
            plain[code] = found
    return plain
