"""Forms of departments, places of work and machine keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ui.idempotency import FormKeyMixin, SeenMixin
from directory.scopes import LABELS, SERVED
from directory.services.tokens import LONGEST_LIFE
from directory.specialties import SPECIALTIES
from directory.web.forms import local_midnight
from directory.web.organisation_field import OrganisationCodeMixin, OrganisationField


class DepartmentForm(FormKeyMixin):
    specialty = forms.ChoiceField(label=_("Specialty"), choices=list(SPECIALTIES.items()))
    name = forms.CharField(label=pgettext_lazy("department", "Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)


class DepartmentNameForm(SeenMixin):
    name = forms.CharField(label=pgettext_lazy("department", "Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)


class PlaceForm(OrganisationCodeMixin):
    """The place in an organisation where the person works already is changed, not doubled."""

    organisation_code = OrganisationField(
        help_text=_("Where the person works there already, department and title are changed.")
    )
    specialty = forms.ChoiceField(
        label=_("Department"), required=False, choices=[("", _("No department")), *SPECIALTIES.items()]
    )
    title = forms.CharField(label=_("Professional title"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "place_%s"  # one of several forms on a person's page


class KeyForm(FormKeyMixin, OrganisationCodeMixin):
    """`last_day` is part of every key: a forgotten machine must not keep the door open."""

    label = forms.CharField(label=_("What it is for"), max_length=80, help_text=_("The machine and where it stands."))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(name, LABELS[name]) for name in SERVED],
        widget=forms.CheckboxSelectMultiple,
    )
    organisation_code = OrganisationField(help_text=_("What the machine sends belongs to this organisation."))
    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("At most one year from today."),
    )

    field_order = ("form_key", "label", "scopes", "organisation_code", "last_day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "key_%s"

    def clean_last_day(self) -> Any:
        day = self.cleaned_data["last_day"]
        now = timezone.now()
        is_near = abs(day - timezone.localdate(now)) <= LONGEST_LIFE  # the calendar's last day has no next one
        if not is_near or not now < local_midnight(day + timedelta(days=1)) <= now + LONGEST_LIFE:
            raise forms.ValidationError(_("A key ends between today and one year from today."))
        return day

    def expires_at(self) -> datetime:
        """Midnight after the last day, local time."""
        return local_midnight(self.cleaned_data["last_day"] + timedelta(days=1))
