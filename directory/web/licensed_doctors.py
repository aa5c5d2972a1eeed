"""What a house reports of its licensed doctors: one page on which a year's number is entered or corrected."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from core.errors import Invalid, NotFound
from core.ui.access import requires
from directory import administration
from directory.models import Organisation, OrganisationKind
from directory.services.licensed_doctors import report_doctors
from directory.web.form_errors import show_on


class DoctorsForm(forms.Form):
    year = forms.IntegerField(
        label=gettext_lazy("Statistics year"),
        min_value=0,
        help_text=gettext_lazy("A year that stands here already is corrected."),
    )
    number = forms.IntegerField(
        label=pgettext_lazy("number", "Licensed doctors"),
        min_value=0,
        help_text=gettext_lazy(
            "Licensed and licensed assistant physicians at the end of that year, with or without an account."
        ),
    )


@require_http_methods(["GET", "POST"])
@requires("admin.system")
def report(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Foreign organisations and authorities, which have no doctors of their own, are not found."""
    organisation = _house(request, organisation_id)
    form = DoctorsForm(request.POST or None, initial={"year": timezone.localdate().year - 1})
    if request.method == "POST" and form.is_valid():
        try:
            report_doctors(
                actor=request.actor, organisation_id=organisation.pk, now=timezone.now(), **form.cleaned_data
            )
        except Invalid as error:
            show_on(form, error)
        else:
            messages.success(request, _("Number saved. It counts on the supervision page from now on."))
            return redirect("directory:organisation", organisation.pk)
    context = {"form": form, "organisation": organisation}
    return render(request, "directory/organisations/doctors.html", context, status=422 if form.errors else 200)


def _house(request: HttpRequest, organisation_id: UUID) -> Organisation:
    houses = administration.organisations_for(request.actor).exclude(kind=OrganisationKind.AUTHORITY)
    organisation = houses.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    return organisation
