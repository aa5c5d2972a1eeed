"""The first screen's panel of a reviewer: which reports are due, and when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.ui.access import actor_of, requires
from core.ui.home_panel import HomePanel, PanelFigure, PanelLine, show_panel
from core.ui.registry import Chip
from core.ui.tags.times import written
from peer_review import selectors
from peer_review.models import Assignment
from peer_review.states import ASSIGNMENT
from peer_review.subjects import subject_of

SHOWN = 3


@require_safe
@requires("course.review")
def due_panel(request: HttpRequest) -> HttpResponse:
    waiting, desk = selectors.mine_to_do(actor_of(request)), reverse("peer_review:desk")
    late = waiting.filter(round__due_at__lt=timezone.now()).count()
    panel = HomePanel(
        title=_("Reports due"),
        empty=(_("No report is due"), _("Submissions you are asked to review stand here with their date.")),
        figures=[
            PanelFigure(_("Reviews to write"), waiting.count(), desk),
            PanelFigure(_("Past their date"), late, desk, "danger" if late else ""),
        ],
        lines=[_line(row) for row in waiting[:SHOWN]],
        more=(desk, _("Open my reviews")),
    )
    return show_panel(request, panel)


def _line(row: Assignment) -> PanelLine:
    due = row.round.due_at
    meta = (subject_of(row.round.subject_kind).label, _("due %(day)s") % {"day": written(due)}) if due else ()
    return PanelLine(
        title=row.round.title,
        url=reverse("peer_review:assignment", args=[row.pk]),
        meta=meta,
        chip=Chip.of(ASSIGNMENT, row.state),
    )
