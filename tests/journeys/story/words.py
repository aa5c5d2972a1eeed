"""What a person of one language reads: the English source, looked up in the catalogue as the pages do."""

from __future__ import annotations

import re

from django.utils import translation
from django.utils.functional import Promise


class NotTranslated(AssertionError):
    """A text that a person must read has no translation in their language."""


class Words:
    """`words("Sign in")` is what stands on the button in this language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, source: str, context: str = "", **values: object) -> str:
        """The text for `source`, its `%(name)s` filled with `values`. Raises NotTranslated."""
        with translation.override(self.language):
            text = translation.pgettext(context, source) if context else translation.gettext(source)
        self._check(source, text)
        return str(text % values) if values else str(text)

    def label(self, text: str | Promise) -> str:
        """A label of the house (a choice, a vital sign) as this person reads it."""
        with translation.override(self.language):
            return str(text)

    def counted(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The text for a number of things. Raises NotTranslated."""
        with translation.override(self.language):
            text = translation.ngettext(one, many, number)
        self._check(many, text if self.language != "en" else one)
        return str(text % {"n": number, "number": number, **values})

    def _check(self, source: str, text: str) -> None:
        if self.language != "en" and text == source:
            raise NotTranslated(f"{source!r} has no translation in {self.language}")


def named(text: str, *, optional: str = "") -> re.Pattern[str]:
    """Exactly this name, with the mark of an optional field or a count behind it, white space folded."""
    body = r"\s+".join(re.escape(part) for part in text.split())
    mark = rf"(\s+{re.escape(optional)})?" if optional else ""
    return re.compile(rf"^\s*{body}{mark}(\s+\d.*)?\s*$")


def beginning(text: str) -> re.Pattern[str]:
    """A name that begins with this text: options carry an explanation behind their word."""
    body = r"\s+".join(re.escape(part) for part in text.split())
    return re.compile(rf"^\s*{body}")
