"""Departments of an organisation: one page for a new one, one for each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Conflict, Invalid, NotFound
from core.ui.access import requires
from directory import administration
from directory.models import Department
from directory.services import departments
from directory.specialties import SPECIALTIES
from directory.web.form_errors import show_conflict, show_on
from directory.web.place_forms import DepartmentForm, DepartmentNameForm


@require_http_methods(["GET", "POST"])
@requires("admin.system")
def new(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    organisation = administration.organisations_for(request.actor).filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    form = DepartmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            departments.add_department(
                actor=request.actor, department_id=data.pop("form_key"), organisation_id=organisation.pk,
                now=timezone.now(), **data,
            )  # fmt: skip
        except Invalid as error:
            show_on(form, error)
        else:
            messages.success(request, _("Department added."))
            return redirect("directory:organisation", organisation.pk)
    context = {"form": form, "organisation": organisation}
    return render(request, "directory/organisations/department_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("admin.system")
def one(request: HttpRequest, department_id: UUID) -> HttpResponse:
    row = _mine(request, department_id)
    mark = departments.mark_of_department(row)
    form = DepartmentNameForm(request.POST or None, initial={"name": row.name, "name_en": row.name_en, "seen": mark})
    if request.method == "POST" and form.is_valid():
        try:
            departments.rename_department(
                actor=request.actor, department_id=row.pk, now=timezone.now(), **form.cleaned_data
            )
        except Conflict as error:
            show_conflict(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:organisation", row.organisation_id)
    return _show(request, row, form)


@require_POST
@requires("admin.system")
def close(request: HttpRequest, department_id: UUID) -> HttpResponse:
    row = _mine(request, department_id)
    departments.close_department(actor=request.actor, department_id=row.pk, now=timezone.now())
    messages.success(request, _("Department closed."))
    return redirect("directory:organisation", row.organisation_id)


def _mine(request: HttpRequest, department_id: UUID) -> Department:
    mine = administration.organisations_for(request.actor).values("pk")
    rows = Department.objects.select_related("organisation").filter(organisation__in=mine)
    found = rows.filter(pk=department_id).first()
    if found is None:
        raise NotFound
    return found


def _show(request: HttpRequest, row: Department, form: DepartmentNameForm) -> HttpResponse:
    context = {
        "department": row,
        "specialty": SPECIALTIES.get(row.specialty, row.specialty),
        "people": row.membership_set.count(),
        "form": form,
    }
    return render(request, "directory/organisations/department.html", context, status=422 if form.errors else 200)
