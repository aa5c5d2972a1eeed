"""The first screen's panel of a security administrator: keys that run out, invitations that nobody took up."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.ui.access import actor_of, requires
from core.ui.home_panel import HomePanel, PanelFigure, PanelLine, show_panel
from core.ui.tags.times import written
from directory import administration

SOON = timedelta(days=30)
SHOWN = 3


@require_safe
@requires("admin.security")
def security_panel(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    expiring = administration.expiring_tokens(actor, now, SOON)
    invitations = administration.open_invitations(actor, now)
    number = expiring.count()
    panel = HomePanel(
        title=_("Keys and invitations"),
        empty=(_("No key runs out soon"), _("Keys of machines that end within 30 days, and open invitations.")),
        figures=[
            PanelFigure(_("Keys that end within 30 days"), number, tone="warn" if number else ""),
            PanelFigure(_("Invitations open"), invitations.count()),
        ],
        lines=[
            PanelLine(
                title=token.label,
                url=reverse("directory:person", args=[token.person_id]),
                meta=(
                    token.person.name,
                    _("ends %(day)s") % {"day": written(token.expires_at)},
                ),
            )
            for token in expiring.select_related("person")[:SHOWN]
        ],
        more=(reverse("directory:people"), _("People and roles")),
    )
    return show_panel(request, panel)
