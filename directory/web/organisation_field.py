"""An organisation is named by its code or its name; who types a part of it is offered what fits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation

OFFERED = 400  # a browser narrows that many while one types; of a bigger province, the levels above
TOLD = 5


class OrganisationInput(forms.TextInput):
    """A text with the organisations below it as suggestions."""

    template_name = "directory/parts/organisation_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}_offered"
        context["widget"]["attrs"] |= {"list": list_id, "autocomplete": "off"}
        rows = Organisation.objects.filter(is_active=True).order_by("level", "path")[:OFFERED]
        names = [(row.code, row.display_name(get_language() or "")) for row in rows]
        return context | {"list_id": list_id, "organisations": names}


class OrganisationField(forms.CharField):
    """Cleaned to the organisation's code by `OrganisationCodeMixin`."""

    widget = OrganisationInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Organisation, by code or name"))
        super().__init__(max_length=160, **kwargs)


class OrganisationCodeMixin(forms.Form):
    """For a form with `organisation_code`: the organisation itself is found, or the field says so."""

    def clean_organisation_code(self) -> str:
        typed: str = self.cleaned_data["organisation_code"].strip()
        self.organisation = _found(typed)
        return self.organisation.code


def _found(typed: str) -> Organisation:
    """By code, by whole name, or by a part of the name that fits one only. Raises ValidationError."""
    active = Organisation.objects.filter(is_active=True)
    exact = list(active.filter(Q(code__iexact=typed) | Q(name=typed) | Q(name_en__iexact=typed))[: TOLD + 1])
    fitting = exact or list(
        active.filter(Q(name__icontains=typed) | Q(name_en__icontains=typed)).order_by("level", "path")[: TOLD + 1]
    )
    if not fitting:
        raise forms.ValidationError(_("There is no active organisation with this code or name."))
    if len(fitting) > 1:
        language = get_language() or ""
        names = "; ".join(f"{row.display_name(language)} ({row.code})" for row in fitting[:TOLD])
        raise forms.ValidationError(_("Several organisations fit: %(names)s."), params={"names": names})
    return fitting[0]
