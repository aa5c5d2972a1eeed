"""Forms of the administration pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.days import local_midnight
from core.ui.idempotency import FormKeyMixin, SeenMixin
from directory.models import Level, OrganisationKind, Person
from directory.phone_numbers import normalised
from directory.roles import ROLES
from directory.web.organisation_field import OrganisationCodeMixin, OrganisationField

LAST_DAY = date(2099, 12, 31)


class OrganisationSearch(forms.Form):
    q = forms.CharField(label=_("Name or code"), required=False, max_length=80)
    level = forms.TypedChoiceField(
        label=_("Level"), required=False, coerce=int, empty_value=None, choices=[("", _("All levels")), *Level.choices]
    )


class PeopleSearch(forms.Form):
    q = forms.CharField(label=_("Name or user name"), required=False, max_length=80)
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[("", _("All roles")), *((role.name, role.label) for role in ROLES.values())],
    )
    organisation = forms.UUIDField(required=False, widget=forms.HiddenInput)


class OrganisationForm(SeenMixin):
    name = forms.CharField(label=pgettext_lazy("organisation", "Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    is_active = forms.BooleanField(label=_("Takes part"), required=False)
    authors_courses = forms.BooleanField(label=_("Writes courses of its own"), required=False)


class NewOrganisationForm(FormKeyMixin):
    name = forms.CharField(label=pgettext_lazy("organisation", "Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    code = forms.SlugField(
        label=_("Code"), max_length=32, help_text=_("Letters, digits and hyphens; it never changes.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)


class PersonForm(SeenMixin):
    name = forms.CharField(label=_("Full name"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Mobile number"), required=False, max_length=30)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)

    def keep_sign_in(self) -> None:
        """The number and the address of an administrator are shown and stay as they are."""
        for name in ("email", "phone"):
            self.fields[name].disabled = True
            self.fields[name].help_text = _("An administrator changes this alone, under My profile.")

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if phone and not normalised(phone):
            raise forms.ValidationError(_("This is not a telephone number."))
        return str(phone)


class AddressForm(forms.Form):
    """`kind`: phone or email."""

    address = forms.CharField(max_length=254)
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("A session that is only open is not enough to change how you sign in."),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["address"]
        is_phone = kind == "phone"
        field.label = _("Mobile number") if is_phone else _("E-mail")
        field.widget.input_type = "tel" if is_phone else "email"
        field.widget.attrs["autocomplete"] = "tel" if is_phone else "email"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=pgettext_lazy("sent", "Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class GrantForm(OrganisationCodeMixin):
    """`organisation_code`: where the role begins; it covers everything below."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role.name, role.label) for role in ROLES.values()])
    organisation_code = OrganisationField(help_text=_("The role covers this organisation and all below it."))
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "max": LAST_DAY.isoformat()}),
        help_text=_("Empty: no end."),
        validators=[MaxValueValidator(LAST_DAY, _("A role with an end ends before the year 2100."))],
    )

    def ends_at(self) -> datetime | None:
        """Midnight after the last day, local time; None without one."""
        day = self.cleaned_data.get("ends_on")
        if day is None:
            return None
        return local_midnight(day + timedelta(days=1))


class InvitationForm(FormKeyMixin):
    """One of e-mail and mobile number is enough; the service says so when both are missing."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    title = forms.CharField(label=_("Professional title"), max_length=40, required=False)
    email = forms.EmailField(label=_("Work e-mail"), required=False)
    phone = forms.CharField(label=_("Mobile number"), required=False, max_length=30)


class AcceptForm(forms.Form):
    username = forms.RegexField(
        label=_("User name"),
        regex=r"^[a-zA-Z][a-zA-Z0-9._-]{2,59}$",
        help_text=_("Three letters or more; digits, dots, hyphens and underscores may follow."),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least ten characters, not only digits, not a common password."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("The same once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    consent = forms.BooleanField(label=_("I have read and agree to the terms of use and the privacy notice"))

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, Person(username=self.cleaned_data.get("username", "")))
        return password

    def clean_password2(self) -> str:
        again: str = self.cleaned_data["password2"]
        if self.cleaned_data.get("password1") not in (None, again):
            raise forms.ValidationError(_("The two passwords differ."))
        return again
