"""The first screen's panel of a learner: the course that was open last, and how many are begun and passed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms import api as cms
from cms.contracts import Overlay
from core.ui.access import actor_of, signed_in
from core.ui.home_panel import HomePanel, PanelFigure, PanelLine, show_panel
from core.ui.registry import Chip
from lms import selectors
from lms.models import Enrolment
from lms.presenting import outline
from lms.states import ENROLMENT

SHOWN = 3


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    numbers = selectors.numbers_by_state(actor)
    rows = list(selectors.last_touched(actor)[:SHOWN])
    overlays = cms.get_overlays(row.edition_id for row in rows) if rows else {}
    begun = numbers.get("enrolled", 0) + numbers.get("in_progress", 0)
    panel = HomePanel(
        title=_("Where I was"),
        empty=(_("No course yet"), _("The course you were last in stands here, with its next unit.")),
        figures=[
            PanelFigure(_("Courses begun"), begun),
            PanelFigure(_("Courses passed"), numbers.get("passed", 0)),
        ],
        lines=[_line(row, overlays[row.edition_id]) for row in rows],
        more=(reverse("lms:my_courses"), _("All my courses")),
    )
    return show_panel(request, panel)


def _line(enrolment: Enrolment, overlay: Overlay) -> PanelLine:
    edition = cms.get_edition(enrolment.edition_id)
    shown = outline(edition, enrolment.progress, overlay.voids)
    where = [enrolment.pk, shown.next_number] if shown.next_number else [enrolment.pk]
    return PanelLine(
        title=edition.title,
        url=reverse("lms:unit" if shown.next_number else "lms:course", args=where),
        meta=(
            _("Unit %(n)s of %(total)s") % {"n": shown.next_number or shown.total, "total": shown.total},
            f"{enrolment.progress.percent}%",
        ),
        chip=Chip.of(ENROLMENT, enrolment.state),
    )
