"""What an auditor may ask for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit.selectors import Filters

LAST_DAY = date(2999, 12, 31)  # the day after it must exist


class FilterForm(forms.Form):
    action = forms.CharField(label=_("Action"), max_length=60, required=False)
    person = forms.CharField(label=_("User name"), max_length=60, required=False)
    subject = forms.CharField(label=_("Subject number"), max_length=64, required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def filters(self) -> Filters:
        """Days are whole days of the house's time zone; what cannot be read is left out and marked in the form."""
        self.full_clean()
        asked = self.cleaned_data
        since, until = asked.get("since"), asked.get("until")
        until = min(until, LAST_DAY) if until else None
        return Filters(
            action=asked.get("action", "").strip(),
            username=asked.get("person", "").strip(),
            subject_id=asked.get("subject", "").strip(),
            since=timezone.make_aware(datetime.combine(since, time.min)) if since else None,
            until=timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min)) if until else None,
        )
