"""The first screen's panel of a course author: what came back, what is being reviewed, what is in hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms import selectors
from cms.states import COURSE, EDITABLE
from cms.web.figures import desk_figures
from core.ui.access import actor_of, requires
from core.ui.home_panel import HomePanel, PanelLine, show_panel
from core.ui.registry import Chip

SHOWN = 3


@require_safe
@requires("course.author")
def desk_panel(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    shown = selectors.desk_courses(actor).filter(state__in=EDITABLE).order_by("state", "-changed_at")
    panel = HomePanel(
        title=_("My course desk"),
        empty=(_("No course yet"), _("Courses you write stand here, first those whose reviewers ask for changes.")),
        figures=desk_figures(actor, ("changes", "review", "draft")),
        lines=[
            PanelLine(
                title=course.title,
                url=reverse("cms:course", args=[course.pk]),
                meta=(course.code,),
                chip=Chip.of(COURSE, course.state),
            )
            for course in shown[:SHOWN]
        ],
        more=(reverse("cms:desk"), _("Open the course desk")),
    )
    return show_panel(request, panel)
