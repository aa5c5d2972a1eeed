"""The first screen's panel of a case editor: what is in hand, what was proposed, what was opened for the desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casebook import policies, selectors
from casebook.desk import DeskFilters, desk_versions
from casebook.states import CASE_VERSION
from core.ui.access import actor_of, requires
from core.ui.home_panel import HomePanel, PanelFigure, PanelLine, show_panel
from core.ui.registry import Chip

SHOWN = 3


@require_safe
@requires("case.edit")
def desk_panel(request: HttpRequest) -> HttpResponse:
    actor, desk = actor_of(request), reverse("casebook:desk")
    drafts = desk_versions(actor, DeskFilters(), "draft")
    opened = selectors.open_proposals(actor).count()
    waiting = policies.decidable_by(actor).filter(is_release_open=False).count()
    panel = HomePanel(
        title=_("My case desk"),
        empty=(_("Nothing on the case desk"), _("Drafts, proposals and opened releases stand here.")),
        figures=[
            PanelFigure(_("Releases opened for the desk"), opened, desk, "warn" if opened else ""),
            PanelFigure(_("Proposals on their way"), waiting, desk),
            PanelFigure(_("Case drafts"), drafts.count(), desk),
        ],
        lines=[
            PanelLine(
                title=version.content.get("title") or version.case.code,
                url=reverse("casebook:edit", args=[version.pk]),
                meta=(version.case.code,),
                chip=Chip.of(CASE_VERSION, version.state),
            )
            for version in drafts[:SHOWN]
        ],
        more=(desk, _("Open the case desk")),
    )
    return show_panel(request, panel)
