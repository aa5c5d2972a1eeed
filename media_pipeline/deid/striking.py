"""Words that a reader selects go from a cleaned text, wherever they stand and however they are spaced."""

from __future__ import annotations

import re

from media_pipeline.deid.folding import HAN, Draft, fold

BETWEEN_HAN = re.compile(f"(?<=[{HAN}])(?=[{HAN}])")
WORD = ("[已划去]", "[struck out]")


def strike(text: str, words: str, *, is_chinese: bool) -> tuple[str, int]:
    """(The text without these words, how often they stood there.) A Latin word or number goes as a whole if it can."""
    draft = Draft(text)
    word = WORD[0 if is_chinese else 1]
    count = draft.replace(_pattern(words, is_whole=True), lambda match: word)
    if not count:
        count = draft.replace(_pattern(words, is_whole=False), lambda match: word)
    return (draft.finished(), count) if count else (text, 0)


def strike_value(value: str, words: str, *, is_whole: bool) -> tuple[str, int]:
    """The same for a value of an image's header, where nothing takes the words' place.

    So it grows no longer than its kind of value may be (PS3.5, 6.2), and needs no other character set.
    """
    draft = Draft(value)
    count = draft.replace(_pattern(words, is_whole=is_whole), lambda match: "")
    return (" ".join(draft.finished().split()), count) if count else (value, 0)


def stands_whole(text: str, words: str) -> bool:
    """Whether the words stand there by themselves, not only inside of longer ones."""
    return _pattern(words, is_whole=True).search(fold(text)) is not None


def _pattern(words: str, *, is_whole: bool) -> re.Pattern[str]:
    said = " ".join(fold(words).split())
    inner = BETWEEN_HAN.sub(r"\\s*", re.escape(said).replace(r"\ ", r"\s*"))
    if is_whole:
        before = "(?<![0-9A-Za-z])" if said[:1].isascii() and said[:1].isalnum() else ""
        after = "(?![0-9A-Za-z])" if said[-1:].isascii() and said[-1:].isalnum() else ""
        inner = f"{before}{inner}{after}"
    return re.compile(inner, re.IGNORECASE)
