"""What an auditor may ask for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit.selectors import Filters
from core.audit.words import FAMILIES, known_actions

FIRST_DAY = date(1900, 1, 1)  # the calendar's own first day has no midnight of the house's time zone
LAST_DAY = date(2999, 12, 31)  # the day after it must exist


def _actions() -> list[tuple[str, Any]]:
    """Every action in words, under its family."""
    known = known_actions()
    groups = [
        (str(label), sorted(((code, str(words)) for code, (of, words) in known.items() if of == family), key=_by_words))
        for family, (label, _tone) in FAMILIES.items()
    ]
    return [("", _("All actions")), *groups]


def _by_words(choice: tuple[str, str]) -> str:
    return choice[1]


class FilterForm(forms.Form):
    """`looks` is "shown" where looks at the trail itself are to stand in the list, which else leaves them out."""

    q = forms.CharField(label=_("Name or user name"), max_length=60, required=False)
    family = forms.ChoiceField(
        label=pgettext_lazy("audit", "Kind"),
        required=False,
        choices=lambda: [("", _("All kinds")), *((name.value, label) for name, (label, _tone) in FAMILIES.items())],
    )
    action = forms.ChoiceField(label=pgettext_lazy("audit", "Action"), required=False, choices=_actions)
    since = forms.DateField(
        label=pgettext_lazy("date", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("date", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    subject = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    looks = forms.ChoiceField(choices=[("", ""), ("shown", "")], required=False, widget=forms.HiddenInput)

    def action_words(self) -> dict[str, str]:
        """The chosen action as the list names it; its choices stand in groups."""
        _family, words = known_actions().get(self.cleaned_data.get("action", ""), ("", ""))
        return {"action": str(words)} if words else {}

    def filters(self) -> Filters:
        """Days are whole days of the house's time zone; what cannot be read is left out and marked in the form."""
        self.full_clean()
        asked = self.cleaned_data
        since, until = asked.get("since"), asked.get("until")
        since, until = (min(max(day, FIRST_DAY), LAST_DAY) if day else None for day in (since, until))
        return Filters(
            action=asked.get("action", ""),
            family=asked.get("family", ""),
            person=asked.get("q", "").strip(),
            subject_id=asked.get("subject", "").strip(),
            since=timezone.make_aware(datetime.combine(since, time.min)) if since else None,
            until=timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min)) if until else None,
            has_looks=asked.get("looks") == "shown" or asked.get("action", "").startswith("audit."),
        )
