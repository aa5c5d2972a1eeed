"""The first screen's panel of a system administrator: services, room for files, work that was given up."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from config import health
from core.jobs.models import Job
from core.jobs.selectors import failed_jobs
from core.jobs.states import JOB
from core.outbox.selectors import oldest_failing, stuck_events
from core.ui.access import actor_of, requires
from core.ui.home_panel import HomePanel, PanelFigure, PanelLine, show_panel
from core.ui.registry import Chip, Panel, register_panel

PERMISSION = "admin.system"
SHOWN = 3
ROOM_GETS_SHORT = 0.1
"""Share of the disk that is free, below which the panel warns."""


def register() -> None:
    register_panel(
        "home",
        Panel(
            "operations",
            gettext_lazy("Services and storage"),
            "operations_panel",
            permission=PERMISSION,
            order=12,
            is_wide=True,
        ),
    )


@require_safe
@requires(PERMISSION)
def operations_panel(request: HttpRequest) -> HttpResponse:
    failed = failed_jobs(actor_of(request), PERMISSION)
    number, stuck = failed.count(), stuck_events().count()
    panel = HomePanel(
        title=_("Services and storage"),
        empty=(_("Nothing is known yet"), _("Services, room for files and failed work stand here.")),
        figures=[
            *_services(),
            _keys(),
            _storage(),
            PanelFigure(_("Failed jobs"), number, reverse("operations_work"), tone="danger" if number else ""),
            PanelFigure(_("Events not delivered"), stuck, tone="danger" if stuck else ""),
        ],
        lines=[*_oldest_event(), *(_line(job) for job in failed[:SHOWN])],
        more=(reverse("operations_work"), _("Failed work and waiting events")),
    )
    return show_panel(request, panel)


def _services() -> list[PanelFigure]:
    found = (
        (_("Database"), health.database()),
        (_("Message broker"), health.broker()),
        (_("Background worker"), health.worker()),
    )
    return [
        PanelFigure(
            name, _("running") if state == "ok" else _("not answering"), tone="ok" if state == "ok" else "danger"
        )
        for name, state in found
    ]


def _keys() -> PanelFigure:
    is_complete = health.keys() == "ok"
    words = _("complete") if is_complete else _("not those of this database")
    return PanelFigure(_("Root keys"), words, tone="ok" if is_complete else "danger")


def _storage() -> PanelFigure:
    """Free room where the files lie; with a store elsewhere this is the room of the logs."""
    usage = shutil.disk_usage(Path(settings.DATA_DIR))
    tone = "danger" if usage.free < usage.total * ROOM_GETS_SHORT else ""
    words = _("%(free)s of %(total)s") % {"free": filesizeformat(usage.free), "total": filesizeformat(usage.total)}
    return PanelFigure(_("Free room for files"), words, tone=tone)


def _oldest_event() -> list[PanelLine]:
    """An event that waits longer than a moment is told even before it counts as stuck."""
    event = oldest_failing()
    if event is None:
        return []
    since = date_format(timezone.localtime(event.occurred_at), "SHORT_DATETIME_FORMAT")
    words = _("waiting since %(time)s, tried %(number)s times") % {"time": since, "number": event.attempts}
    return [PanelLine(title=event.event_type, meta=(words,))]


def _line(job: Job) -> PanelLine:
    """The kind of the last error only: what an error says may quote a patient."""
    return PanelLine(title=job.name, meta=(job.error_code,), chip=Chip.of(JOB, job.state))
