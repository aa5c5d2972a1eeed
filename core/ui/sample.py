"""What the component sheet shows: made-up but plausible values, drawn by the same tags as the real pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ui.pagination import Page


@dataclass(frozen=True, slots=True)
class SampleStep:
    label: Any
    state: str
    note: str = ""
    at: datetime | None = None


class SampleForm(forms.Form):
    question = forms.CharField(
        label=_("What should the expert answer?"),
        help_text=_("One question gets the best answer."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": pgettext_lazy("consult", "Write the question.")},
    )
    temperature = forms.DecimalField(
        label=_("Temperature (°C)"),
        min_value=30,
        max_value=45,
        error_messages={"max_value": _("Temperature should be between 30 and 45.")},
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        widget=forms.RadioSelect,
        initial="urgent",
        choices=[
            ("stat", _("Stat | answer within 30 minutes")),
            ("urgent", _("Urgent | answer within 4 hours")),
            ("routine", _("Routine | answer within 48 hours")),
        ],
    )
    department = forms.ChoiceField(
        label=_("Department"),
        required=False,
        choices=[("respiratory", _("Respiratory medicine")), ("cardiology", _("Cardiology"))],
    )
    agrees = forms.BooleanField(label=_("The patient agrees that these records are used for this consult"))


def sample_context(now: datetime) -> dict[str, Any]:
    minute = timedelta(minutes=1)
    return {
        "form": SampleForm(),
        "bad_form": SampleForm(
            {"bad-question": "", "bad-temperature": "382", "bad-urgency": "stat", "bad-agrees": "on"}, prefix="bad"
        ),
        "steps": [
            SampleStep(_("Submit"), "done", at=now - 240 * minute),
            SampleStep(_("Triage"), "done", at=now - 200 * minute),
            SampleStep(_("Review"), "now"),
            SampleStep(_("Sign"), "todo"),
        ],
        "entries": [
            {"text": _("Submitted"), "at": now - 240 * minute, "state": "done"},
            {"text": _("Upload interrupted, then resumed"), "at": now - 230 * minute, "state": "bad"},
            {"text": _("In review"), "at": now - 20 * minute, "state": "now"},
        ],
        "clocks": [
            {"started": now - 60 * minute, "due": now + 180 * minute},
            {"started": now - 200 * minute, "due": now + 20 * minute},
            {"started": now - 300 * minute, "due": now - 25 * minute},
        ],
        "page": Page(items=[1, 2, 3], number=2, per_page=3, count=160, is_exact=True, has_next=True),
        "values": [3.0, 4.5, 4.0, 6.2, 8.1],
        "moment": now - 12 * minute,
        "facts": [(_("Modality"), "CT"), (_("Series"), 3), (_("Comparison"), "")],
        "old_text": "右肺上叶见空洞，壁厚 3 mm。",
        "new_text": "右肺上叶见厚壁空洞，壁厚 4 mm。",
        "colours": ["action", "accent", "danger", "warn", "info", "canvas", "surface", "sunken"],
        "urgencies": ["stat", "urgent", "routine"],
    }
