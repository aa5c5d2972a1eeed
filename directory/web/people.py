"""/directory/people/: details are the system administrator's, roles and sessions the security administrator's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.ui.access import signed_in
from core.ui.pagination import paginate
from directory import administration, selectors
from directory.errors import NotSure
from directory.models import Person
from directory.roles import ROLES
from directory.services import grants, sign_in
from directory.services.administration import (
    change_person,
    holds_administration,
    mark_of_person,
    reset_second_factor,
)
from directory.web.form_errors import show_conflict, show_on
from directory.web.forms import GrantForm, PeopleSearch, PersonForm
from directory.web.place_forms import KeyForm, PlaceForm

EDITABLE = ("name", "name_en", "email", "is_active")


def _require_administrator(actor: Actor) -> None:
    if not actor.may("admin.system") and not actor.may("admin.security"):
        raise Forbidden


@require_GET
@signed_in
def people_list(request: HttpRequest) -> HttpResponse:
    _require_administrator(request.actor)
    form = PeopleSearch(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = administration.people_for(
        request.actor, timezone.now(), words=wanted.get("q", ""), role=wanted.get("role", ""),
        organisation=wanted.get("organisation"),
    )  # fmt: skip
    page = paginate(rows, page=request.GET.get("page"), per_page=30)
    context = {
        "form": form,
        "page": page,
        "rows": [
            (person, sorted({ROLES[g.role].label for g in person.held if g.role in ROLES})) for person in page.items
        ],
        "filter_fields": [form["role"]],
        "is_filtered": any(wanted.values()),
    }
    return render(request, "directory/people/list.html", context)


@require_GET
@signed_in
def person_page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    return show_person(request, person_for(request, person_id))


@require_POST
@signed_in
def person_change(request: HttpRequest, person_id: UUID) -> HttpResponse:
    person = person_for(request, person_id)
    form = _details_form(person, request.POST)
    if form.is_valid():
        try:
            change_person(actor=request.actor, person_id=person.pk, now=timezone.now(), **form.cleaned_data)
        except Invalid as error:
            show_on(form, error)
        except Conflict as error:
            show_conflict(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:person", person.pk)
    return show_person(request, person, details=form)


@require_POST
@signed_in
def grant_add(request: HttpRequest, person_id: UUID) -> HttpResponse:
    person = person_for(request, person_id)
    form = GrantForm(request.POST)
    if form.is_valid():
        try:
            grants.grant_role(
                actor=request.actor, person_id=person.pk, role=form.cleaned_data["role"],
                organisation_id=form.organisation.pk, ends_at=form.ends_at(), now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_on(form, error)
        except Conflict as error:
            show_conflict(form, error)
        else:
            messages.success(request, _("Role given."))
            return redirect("directory:person", person.pk)
    return show_person(request, person, new_grant=form)


@require_POST
@signed_in
def grant_end(request: HttpRequest, person_id: UUID, grant_id: UUID) -> HttpResponse:
    person = person_for(request, person_id)
    if not person.grants.filter(pk=grant_id).exists():
        raise NotFound
    grants.end_grant(actor=request.actor, grant_id=grant_id, now=timezone.now())
    messages.success(request, _("Role ended."))
    return redirect("directory:person", person.pk)


@require_POST
@signed_in
def sessions_end(request: HttpRequest, person_id: UUID) -> HttpResponse:
    person = person_for(request, person_id)
    sign_in.end_sessions(actor=request.actor, person_id=person.pk, now=timezone.now())
    messages.success(request, _("Signed out on every device."))
    return redirect("directory:person", person.pk)


@require_POST
@signed_in
def second_factor_reset(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Raises NotSure without the answer of the dialog, or of the box that stands there without scripts."""
    person = person_for(request, person_id)
    if request.POST.get("is_sure") != "yes":
        raise NotSure
    reset_second_factor(actor=request.actor, person_id=person.pk, now=timezone.now())
    messages.success(
        request,
        _("Second factor reset. The person is signed out everywhere and sets up a new one at the next sign-in."),
    )
    return redirect("directory:person", person.pk)


def person_for(request: HttpRequest, person_id: UUID) -> Person:
    """Foreign and missing read the same. Raises Forbidden for somebody who administers nothing."""
    _require_administrator(request.actor)
    person = administration.people_for(request.actor, timezone.now()).filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person


def _details_form(person: Person, data: Any = None) -> PersonForm:
    initial = {name: getattr(person, name) for name in EDITABLE} | {"phone": person.phone or ""}
    initial["seen"] = mark_of_person(person)
    form = PersonForm(data, initial=initial)
    if holds_administration(person, timezone.now()):
        form.keep_sign_in()
    return form


def show_person(request: HttpRequest, person: Person, **forms: Any) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    context = {
        "person": person,
        "memberships": selectors.memberships_of(person),
        "grants": administration.grant_history(person),
        "tokens": selectors.tokens_of(person, now),
        "has_second_factor": is_mfa_enabled(person, ["totp"]),
        "details": forms.get("details") or _details_form(person),
        "new_grant": forms.get("new_grant") or GrantForm(),
        "new_place": forms.get("new_place") or PlaceForm(),
        "new_key": forms.get("new_key") or KeyForm(),
        "may_change": actor.may("admin.system"),
        "may_grant": actor.may("admin.security") and actor.person_id != person.pk,
        "now": now,
    }
    return render(request, "directory/people/page.html", context, status=422 if forms else 200)
