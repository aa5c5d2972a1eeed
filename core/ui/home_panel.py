"""A small panel of the first screen: a few numbers, a few lines to go on with, or what would be here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.ui.registry import Chip, Text


@dataclass(frozen=True, slots=True)
class PanelFigure:
    """One number (or a word in its place) with what it counts; `tone` is ok, warn or danger when it asks for more."""

    label: Text
    value: int | Text
    url: str = ""
    tone: str = ""

    @property
    def is_word(self) -> bool:
        return not isinstance(self.value, int)


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One thing to go on with. `meta` holds short facts."""

    title: Text
    url: str = ""
    meta: tuple[Text, ...] = ()
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class HomePanel:
    """`empty` is (what is not here, what would be): shown when there are no lines and no figure but zero."""

    title: Text
    empty: tuple[Text, Text]
    figures: Sequence[PanelFigure] = ()
    lines: Sequence[PanelLine] = ()
    more: tuple[str, Text] | None = None

    @property
    def is_empty(self) -> bool:
        return not self.lines and not any(figure.value for figure in self.figures)


def show_panel(request: HttpRequest, panel: HomePanel) -> HttpResponse:
    """A fragment for the first screen, a page of its own without script."""
    name = "ui/parts/home_panel.html" if request.headers.get("HX-Request") else "ui/home_panel.html"
    return render(request, name, {"panel": panel})
