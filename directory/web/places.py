"""Where a person works: added, changed, ended, made the main place by the system administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Invalid, NotFound
from core.ui.access import signed_in
from directory.models import Person
from directory.services import memberships
from directory.web.form_errors import show_on
from directory.web.people import person_for, show_person
from directory.web.place_forms import PlaceForm


@require_POST
@signed_in
def add(request: HttpRequest, person_id: UUID) -> HttpResponse:
    person = person_for(request, person_id)
    form = PlaceForm(request.POST)
    if form.is_valid():
        try:
            memberships.place_person(
                actor=request.actor, person_id=person.pk, organisation_id=form.organisation.pk,
                specialty=form.cleaned_data["specialty"], title=form.cleaned_data["title"], now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_on(form, error)
        else:
            messages.success(request, _("Place of work saved."))
            return redirect("directory:person", person.pk)
    return show_person(request, person, new_place=form)


@require_POST
@signed_in
def end(request: HttpRequest, person_id: UUID, membership_id: UUID) -> HttpResponse:
    person = _with_place(request, person_id, membership_id)
    memberships.end_membership(actor=request.actor, membership_id=membership_id, now=timezone.now())
    messages.success(request, _("Place of work ended. Roles there stay until the security administrator ends them."))
    if person.memberships.exists():
        return redirect("directory:person", person.pk)
    return redirect("directory:people")  # whoever works nowhere may be out of this administrator's sight


@require_POST
@signed_in
def make_main(request: HttpRequest, person_id: UUID, membership_id: UUID) -> HttpResponse:
    person = _with_place(request, person_id, membership_id)
    memberships.make_primary(actor=request.actor, membership_id=membership_id, now=timezone.now())
    messages.success(request, _("Main place of work chosen."))
    return redirect("directory:person", person.pk)


def _with_place(request: HttpRequest, person_id: UUID, membership_id: UUID) -> Person:
    person = person_for(request, person_id)
    if not person.memberships.filter(pk=membership_id).exists():
        raise NotFound
    return person
