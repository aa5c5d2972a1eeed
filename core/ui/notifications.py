"""What a person was told: the list behind the bell."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import notify
from core.ui.access import actor_of, signed_in
from core.ui.pagination import paginate

PER_PAGE = 30


@require_safe
@signed_in
def notifications(request: HttpRequest) -> HttpResponse:
    person_id = _person(request)
    page = paginate(notify.notifications_of(person_id), page=request.GET.get("page"), per_page=PER_PAGE)
    notices = [notify.notice(row) for row in page]
    return render(
        request,
        "ui/notifications.html",
        {"page": page, "notices": notices, "has_unread": bool(notify.unread_count(person_id))},
    )


@require_POST
@signed_in
def open_notification(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Mark it read and go where it points. A notice without a page leads back to the list."""
    url = notify.mark_read(person_id=_person(request), notification_id=notification_id, now=timezone.now())
    return HttpResponseRedirect(url) if url.startswith("/") else redirect("ui:notifications")


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    notify.mark_all_read(person_id=_person(request), now=timezone.now())
    return redirect("ui:notifications")


def _person(request: HttpRequest) -> UUID:
    person_id = actor_of(request).person_id
    assert person_id is not None  # noqa: S101 - the decorator has let nobody else in
    return person_id
