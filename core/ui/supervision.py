"""The dashboards of my subtree: a shell. Panels are registered by their owners; each reads `org`, `from` and `to`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.errors import Forbidden
from core.ui import registry
from core.ui.access import actor_of, signed_in

DEFAULT_DAYS = 365
PERMISSIONS = ("supervise.view", "training.manage")


class PeriodForm(forms.Form):
    """The three parameters that every panel reads; what cannot be read is shown as an error."""

    org = forms.ChoiceField(label=_("Organisation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choices = kwargs.pop("choices")
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = [("", _("All of mine")), *choices]
        for name, label in (("from", _("From")), ("to", _("To"))):
            picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(label=label, widget=picker)


def period_of(request: HttpRequest) -> tuple[date, date]:
    """The days that a panel is asked for, both included; what cannot be read becomes the last twelve months."""
    end = _day(request.GET.get("to", "")) or timezone.localdate()
    start = _day(request.GET.get("from", "")) or end - timedelta(days=DEFAULT_DAYS)
    return (start, end) if start <= end else (end, start)


def _day(text: str) -> date | None:
    """Only days of this century: beyond it lie typing errors and the calendar's end."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


@require_safe
@signed_in
def supervision(request: HttpRequest) -> HttpResponse:
    """Raises Forbidden for whoever neither supervises nor manages training."""
    actor = actor_of(request)
    if not any(actor.may(permission) for permission in PERMISSIONS):
        raise Forbidden
    today = timezone.localdate()
    data = request.GET.copy()
    data.setdefault("from", (today - timedelta(days=DEFAULT_DAYS)).isoformat())
    data.setdefault("to", today.isoformat())
    form = PeriodForm(data, choices=registry.scopes_for(actor, timezone.now()), auto_id="period_%s")
    return render(request, "ui/supervision.html", {"form": form, "panels": registry.panels_for("supervision", actor)})
