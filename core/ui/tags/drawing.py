"""Small drawn numbers: sparkline, ring, diff. Geometry only; colours come from the stylesheet."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT, PAD = 96.0, 28.0, 3.0
TOKENS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


def _scale(values: Sequence[float], low: float, high: float) -> list[tuple[float, float]]:
    span = (high - low) or 1.0
    step = (WIDTH - 4 - PAD) / max(len(values) - 1, 1)
    return [
        (2 + step * index, HEIGHT - PAD - (value - low) / span * (HEIGHT - 2 * PAD))
        for index, value in enumerate(values)
    ]


def sparkline(
    values: Iterable[float],
    label: str,
    band_low: float | None = None,
    band_high: float | None = None,
    tone: str = "",
) -> SafeString:
    """4 to 12 values without an axis, the last one marked; the band is the reference range. `label` carries the values.

    tone: "", "up", "warn", "bad". Fewer than two values draw nothing.
    """
    points = [float(value) for value in values]
    if len(points) < 2:
        return SafeString("")
    edges = [edge for edge in (band_low, band_high) if edge is not None]
    low, high = min([*points, *edges]), max([*points, *edges])
    placed = _scale(points, low, high)
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
    band = SafeString("")
    if band_low is not None and band_high is not None:
        (_x, bottom), (_y, top) = _scale([band_low, band_high], low, high)
        band = format_html('<path class="band" d="M0 {}H96V{}H0Z"/>', f"{top:.1f}", f"{bottom:.1f}")
    last_x, last_y = placed[-1]
    return format_html(
        '<svg class="x-spark{}" viewBox="0 0 96 28" preserveAspectRatio="xMinYMid meet" role="img" aria-label="{}">'
        '{}<path d="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        f" x-spark--{tone}" if tone else "",
        label,
        band,
        path,
        f"{last_x:.1f}",
        f"{last_y:.1f}",
    )


def _arc(start: float, end: float, radius: float = 56.0, centre: float = 66.0) -> str:
    """A clockwise arc; angles in turns from twelve o'clock."""

    def point(turn: float) -> str:
        angle = 2 * math.pi * turn - math.pi / 2
        return f"{centre + radius * math.cos(angle):.2f} {centre + radius * math.sin(angle):.2f}"

    return f"M{point(start)}A{radius:g} {radius:g} 0 {int(end - start > 0.5)} 1 {point(end)}"


def ring(value: float, pending: float = 0, segments: int = 25, is_accent: bool = False) -> SafeString:
    """A ring of segments, filled up to `value`, then in a lighter tone for what is being earned (`pending`)."""
    gap = 0.006
    parts: list[tuple[str, str]] = []
    for index in range(segments):
        start, end = index / segments + gap / 2, (index + 1) / segments - gap / 2
        parts.append(("t", _arc(start, end)))
        for css, reached in (("p", value + pending), ("v2" if is_accent else "v", value)):
            filled = min(1.0, max(0.0, reached - index))
            if filled > 0:
                parts.append((css, _arc(start, start + (end - start) * filled)))
    return format_html(
        '<svg viewBox="0 0 132 132" aria-hidden="true">{}</svg>',
        format_html_join("", '<path class="{}" d="{}"/>', parts),
    )


def _wrap(tag: str, tokens: Sequence[str]) -> SafeString:
    return format_html(f"<{tag}>{{}}</{tag}>", "".join(tokens)) if tokens else SafeString("")


def diff(old: str, new: str) -> SafeString:
    """What changed from `old` to `new`: deletions struck, insertions underlined. Latin by words, Chinese by signs."""
    before, after = TOKENS.findall(old or ""), TOKENS.findall(new or "")
    pieces: list[str] = []
    for kind, a0, a1, b0, b1 in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(format_html("{}", "".join(before[a0:a1])))
        else:
            pieces += [_wrap("del", before[a0:a1]), _wrap("ins", after[b0:b1])]
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped above
