"""The first screen's panel of a system administrator: services, room for files, work that was given up."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from config import health
from core.jobs.models import Job
from core.jobs.selectors import failed_jobs
from core.jobs.states import JOB
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
    number = failed.count()
    panel = HomePanel(
        title=_("Services and storage"),
        empty=(_("Nothing is known yet"), _("Services, room for files and failed work stand here.")),
        figures=[
            *_services(),
            _storage(),
            PanelFigure(_("Failed jobs"), number, tone="danger" if number else ""),
        ],
        lines=[_line(job) for job in failed[:SHOWN]],
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


def _storage() -> PanelFigure:
    """Free room where the files lie; with a store elsewhere this is the room of the logs."""
    usage = shutil.disk_usage(Path(settings.DATA_DIR))
    tone = "danger" if usage.free < usage.total * ROOM_GETS_SHORT else ""
    words = _("%(free)s of %(total)s") % {"free": filesizeformat(usage.free), "total": filesizeformat(usage.total)}
    return PanelFigure(_("Free room for files"), words, tone=tone)


def _line(job: Job) -> PanelLine:
    """The error's own sentence; it holds no patient data."""
    return PanelLine(title=job.name, meta=(job.error_text or job.error_code,), chip=Chip.of(JOB, job.state))
