"""The first screen's panel of an audit administrator: the last seal, what waits for one, whether the chain holds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.audit import selectors
from core.ui.access import requires
from core.ui.home_panel import HomePanel, PanelFigure, show_panel
from core.ui.tags.times import written


@require_safe
@requires(selectors.PERMISSION)
def seal_panel(request: HttpRequest) -> HttpResponse:
    seals = selectors.seal_state()
    late = "warn" if selectors.has_stale_entries(timezone.now()) else ""
    figures = [PanelFigure(_("Entries waiting for a seal"), seals.waiting, tone=late)]
    if seals.sealed_at:
        figures = [PanelFigure(_("Last seal"), written(seals.sealed_at)), _newest_link(), *figures]
    elif seals.is_unreadable:
        figures = [PanelFigure(_("Last seal"), _("cannot be read"), tone="danger"), _newest_link(), *figures]
    panel = HomePanel(
        title=_("The seal of the trail"),
        empty=(_("Nothing is recorded yet"), _("The last seal and whether the chain holds stand here.")),
        figures=figures,
        more=(reverse("audit:trail"), _("Open the trail")),
    )
    return show_panel(request, panel)


def _newest_link() -> PanelFigure:
    label = _("Newest link of the chain")
    if selectors.newest_link_holds():
        return PanelFigure(label, _("intact"), tone="ok")
    return PanelFigure(label, _("does not match"), tone="danger")
