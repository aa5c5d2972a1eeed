"""/directory/: the tree of organisations, kept by the system administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Conflict, Invalid, NotFound
from core.ui.access import requires
from core.ui.pagination import paginate
from directory import administration
from directory.models import Organisation, OrganisationKind
from directory.selectors import departments_of
from directory.services.administration import change_organisation, create_organisation, mark_of_organisation
from directory.web.form_errors import show_conflict, show_on
from directory.web.forms import NewOrganisationForm, OrganisationForm, OrganisationSearch


@require_GET
@requires("admin.system")
def organisation_list(request: HttpRequest) -> HttpResponse:
    form = OrganisationSearch(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = administration.organisations_for(request.actor, words=wanted.get("q", ""), level=wanted.get("level") or None)
    page = paginate(rows, page=request.GET.get("page"), per_page=30)
    is_filtered = bool(wanted.get("q")) or wanted.get("level") is not None
    context = {"form": form, "page": page, "filter_fields": [form["level"]], "is_filtered": is_filtered}
    return render(request, "directory/organisations/list.html", context)


@require_http_methods(["GET", "POST"])
@requires("admin.system")
def organisation_page(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """One organisation: what it is, what stands below it, who works there; its facts as a form."""
    organisation = _mine(request, organisation_id)
    fields = ("name", "name_en", "is_active", "authors_courses")
    shown = {name: getattr(organisation, name) for name in fields} | {"seen": mark_of_organisation(organisation)}
    form = OrganisationForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            change_organisation(
                actor=request.actor, organisation_id=organisation.pk, now=timezone.now(), **form.cleaned_data
            )
        except Conflict as error:
            show_conflict(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:organisation", organisation.pk)
    context = {
        "organisation": organisation,
        "form": form,
        "children": paginate(organisation.children.all(), page=request.GET.get("page"), per_page=30),
        "may_change": request.actor.may("admin.system", organisation.path),
        "departments": departments_of(organisation),
        "is_house": organisation.kind != OrganisationKind.AUTHORITY,
        "doctors": organisation.licensed_doctors.order_by("-year"),
    }
    return render(request, "directory/organisations/page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("admin.system")
def organisation_new(request: HttpRequest, parent_id: UUID) -> HttpResponse:
    parent = _mine(request, parent_id)
    form = NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_organisation(
                actor=request.actor, organisation_id=form.cleaned_data["form_key"], parent_id=parent.pk,
                kind=form.cleaned_data["kind"], code=form.cleaned_data["code"], name=form.cleaned_data["name"],
                name_en=form.cleaned_data["name_en"], now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_on(form, error)
        else:
            messages.success(request, _("Organisation added."))
            return redirect("directory:organisation", made.pk)
    status = 422 if form.errors else 200
    return render(request, "directory/organisations/new.html", {"form": form, "parent": parent}, status=status)


def _mine(request: HttpRequest, organisation_id: UUID) -> Organisation:
    organisation = administration.organisations_for(request.actor).filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    return organisation
