"""Icons, status chips, urgency flags and avatars: the small marks of the house."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import MACHINES, Machine
from core.ui.registry import Chip

SPRITE = "ui/icons.svg"
TONE_CLASSES = {"grey": "", "blue": "info", "amber": "warn", "red": "danger", "green": "ok", "apricot": "accent"}
URGENCIES = {
    "stat": pgettext_lazy("urgency", "Stat"),
    "urgent": pgettext_lazy("urgency", "Urgent"),
    "routine": pgettext_lazy("urgency", "Routine"),
}


def icon(name: str, size: str = "") -> SafeString:
    """A Lucide icon from the static sprite, silent to screen readers; the word stands beside it. size: "", "lg"."""
    return _icon(name, size, static(SPRITE))


@lru_cache(maxsize=512)
def _icon(name: str, size: str, sprite: str) -> SafeString:
    extra = f" x-i--{size}" if size else ""
    return format_html(
        '<svg class="x-i{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', extra, sprite, name
    )


def glyph(name: str) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 16 16" aria-hidden="true"><use href="{}#state-{}"/></svg>', static(SPRITE), name
    )


def draw_chip(chip: Chip) -> SafeString:
    tone = TONE_CLASSES[chip.tone]
    css = f"x-chip x-chip--{tone}" if tone else "x-chip"
    if not chip.glyph:
        return format_html('<span class="{} x-chip--plain">{}</span>', css, chip.label)
    return format_html('<span class="{}">{}{}</span>', css, glyph(chip.glyph), chip.label)


def chip(machine: Machine | Chip | str, state: str = "", mine: bool = False) -> SafeString:
    """A state: `{% chip "consult" consult.state %}`, `{% chip machine state %}` or `{% chip chip_object %}`.

    `mine=True` draws it in apricot with the arrow: it waits for the reader. Raises KeyError for what is unknown.
    """
    if isinstance(machine, Chip):
        return draw_chip(machine)
    found = MACHINES[machine] if isinstance(machine, str) else machine
    shown = Chip.of(found, state)
    return draw_chip(Chip(shown.label, "next", "apricot") if mine else shown)


def plain_chip(label: Any, tone: str = "grey", glyph_name: str = "") -> SafeString:
    """A chip that is not a state of a machine. tone: grey, blue, amber, red, green, apricot."""
    return draw_chip(Chip(label, glyph_name, tone))


def flag(urgency: str) -> SafeString:
    """The urgency flag: stat, urgent, routine. Raises KeyError for another word."""
    return format_html('<span class="x-flag x-flag--{}">{}</span>', urgency, URGENCIES[urgency])


def avatar(name: str, size: str = "") -> SafeString:
    """The first character of a name on one of four grounds, the same for the same name. size: "", "lg", "sm"."""
    variant = ("", " x-av--b", " x-av--c", " x-av--d")[zlib.crc32(name.encode()) % 4]
    extra = f" x-av--{size}" if size else ""
    return format_html('<span class="x-av{}{}" aria-hidden="true">{}</span>', variant, extra, name[:1] or "·")


def count_badge(number: int, is_due: bool = False) -> SafeString:
    """A number that waits for the reader; nothing for zero, "99+" above 99."""
    if not number:
        return SafeString("")
    css = "x-count x-count--due" if is_due else "x-count"
    shown = str(number) if number < 100 else "99+"
    return format_html('<span class="{}">{}<span class="x-sr"> {}</span></span>', css, shown, _("waiting for you"))
