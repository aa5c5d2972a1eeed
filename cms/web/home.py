"""The first screen's panel of a course author: what came back, what is being reviewed, what is in hand."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cms import selectors
from cms.states import COURSE
from core.ui.access import actor_of, requires
from core.ui.home_panel import HomePanel, PanelFigure, PanelLine, show_panel
from core.ui.registry import Chip

SHOWN = 3


@require_safe
@requires("course.author")
def desk_panel(request: HttpRequest) -> HttpResponse:
    courses, desk = selectors.desk_courses(actor_of(request)), reverse("cms:desk")
    numbers = dict(courses.order_by().values_list("state").annotate(Count("pk", distinct=True)))
    back = numbers.get("changes_requested", 0)
    shown = courses.filter(state__in=("changes_requested", "draft")).order_by("state", "-changed_at")
    panel = HomePanel(
        title=_("My course desk"),
        empty=(_("No course yet"), _("Courses you write stand here, first those whose reviewers ask for changes.")),
        figures=[
            PanelFigure(pgettext("review", "Changes requested"), back, desk, "warn" if back else ""),
            PanelFigure(_("In review"), numbers.get("in_review", 0), desk),
            PanelFigure(_("Drafts in hand"), numbers.get("draft", 0), desk),
        ],
        lines=[
            PanelLine(
                title=course.title,
                url=reverse("cms:course", args=[course.pk]),
                meta=(course.code,),
                chip=Chip.of(COURSE, course.state),
            )
            for course in shown[:SHOWN]
        ],
        more=(desk, _("Open the course desk")),
    )
    return show_panel(request, panel)
