"""/operations/work/: what was given up, to be tried again, and events that do not get through."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.operations import PERMISSION
from core.jobs.selectors import failed_jobs
from core.jobs.service import try_again
from core.outbox.selectors import ALARM_AFTER, failing_events
from core.ui.access import actor_of, requires
from core.ui.pagination import paginate

EVENTS_SHOWN = 20


@require_safe
@requires(PERMISSION)
def work(request: HttpRequest) -> HttpResponse:
    """Names and kinds of errors only: neither arguments nor texts, which may speak of a patient."""
    rows = failed_jobs(actor_of(request), PERMISSION)
    context = {
        "page": paginate(rows, page=request.GET.get("page"), per_page=30),
        "events": failing_events()[:EVENTS_SHOWN],
        "alarm_after": ALARM_AFTER,
    }
    return render(request, "operations/work.html", context)


@require_POST
@requires(PERMISSION)
def again(request: HttpRequest, job_id: UUID) -> HttpResponse:
    try_again(actor=actor_of(request), permission=PERMISSION, job_id=job_id, now=timezone.now())
    messages.success(request, _("It is tried again. If it fails for good, it stands here again."))
    return redirect("operations_work")
