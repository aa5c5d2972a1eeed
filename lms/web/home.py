"""The first screen's panel of a learner: the course that was open last, and how many are begun and passed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.ui.access import actor_of, signed_in
from core.ui.home_panel import HomePanel, PanelFigure, PanelLine, show_panel
from core.ui.registry import Chip
from lms import selectors
from lms.next_steps import NextStep, next_steps
from lms.states import ENROLMENT

SHOWN = 3


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    numbers = selectors.numbers_by_state(actor)
    rows = list(selectors.last_touched(actor)[:SHOWN])
    begun = numbers.get("enrolled", 0) + numbers.get("in_progress", 0)
    panel = HomePanel(
        title=_("Where I was"),
        empty=(_("No course yet"), _("The course you were last in stands here, with its next unit.")),
        figures=[
            PanelFigure(_("Courses begun"), begun),
            PanelFigure(_("Courses passed"), numbers.get("passed", 0)),
        ],
        lines=[_line(step) for step in next_steps(rows, timezone.now())],
        more=(reverse("lms:my_courses"), _("All my courses")),
    )
    return show_panel(request, panel)


def _line(step: NextStep) -> PanelLine:
    return PanelLine(title=step.title, url=step.url, meta=step.meta, chip=Chip.of(ENROLMENT, step.enrolment.state))
