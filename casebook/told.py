"""A released text under the name it has in the record: "无" alone says nothing, "既往史：无。" does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

NAMES: dict[str, str | Promise] = {
    "chief_complaint": _("Chief complaint"),
    "present_history": _("History of present illness"),
    "past_history": _("Past history"),
    "medication": _("Medication"),
    "allergies": _("Allergies"),
}
SHORT = frozenset({"past_history", "medication", "allergies"})
"""Stand one after the other in one paragraph, where each is a line at most."""

ENDS = ("。", ".", "！", "!", "？", "?", "；", ";")


def told(texts: Mapping[str, str], names: Iterable[str]) -> str:
    """Those of the texts that are there, in this order, each under its name, in the language of the cases."""
    paragraphs: list[str] = []
    is_going_on = False
    with translation.override(settings.LANGUAGE_CODE):
        for name in names:
            if name not in texts:
                continue
            line, is_short = _named(name, texts[name].strip()), name in SHORT and "\n" not in texts[name].strip()
            if is_short and is_going_on:
                paragraphs[-1] += line
            else:
                paragraphs.append(line)
            is_going_on = is_short
    return "\n\n".join(paragraphs)


def _named(name: str, text: str) -> str:
    if name not in NAMES:
        return text
    ended = text if text.endswith(ENDS) else text + pgettext("end of a sentence", ".")
    return pgettext("record", "%(name)s: %(text)s") % {"name": NAMES[name], "text": ended}
