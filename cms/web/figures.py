"""Figures of the course desk on other pages: each is a view of the desk, named and counted as there."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from cms import selectors
from cms.web.desk import DESK_LABELS
from core.actor import Actor
from core.ui.home_panel import PanelFigure

#: Views of courses that somebody must act on.
WAITING = ("changes", "approved")


def desk_figures(actor: Actor, views: Sequence[str]) -> list[PanelFigure]:
    """What waits for its authors, or to be published, is marked where there is any."""
    counts, desk = selectors.desk_counts(actor, selectors.DeskFilters()), reverse("cms:desk")
    return [
        PanelFigure(
            DESK_LABELS[view],
            counts[view],
            f"{desk}?tab={view}",
            "warn" if view in WAITING and counts[view] else "",
        )
        for view in views
    ]
