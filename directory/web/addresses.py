"""/profile/phone/ and /profile/email/: my own number and address, confirmed in my own session."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.errors import Invalid
from core.ui.access import signed_in
from directory.services import addresses
from directory.web.form_errors import show_on
from directory.web.forms import AddressForm, CodeForm

SESSION_KEY = "address_challenge"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@signed_in
def address(request: HttpRequest, kind: str) -> HttpResponse:
    """The number or address, new or the present one to confirm; with the password: an open session is not enough."""
    person: Any = request.user  # a Person: `signed_in` let nobody else through
    form = AddressForm(request.POST or None, kind=kind, initial={"address": addresses.address_on(person, kind)})
    if request.method == "POST" and form.is_valid() and _may_send(request, form):
        try:
            challenge = addresses.ask_code(
                actor=request.actor, kind=kind, address=form.cleaned_data["address"],
                password=form.cleaned_data["password"], now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_on(form, error)
        else:
            request.session[SESSION_KEY] = challenge.sealed()
            return redirect("directory:my_address_code")
    context = {"form": form, "kind": kind, "is_confirmed": addresses.is_confirmed(person, kind)}
    return render(request, "directory/address.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def code(request: HttpRequest) -> HttpResponse:
    """The code that was sent. Raises CodeExpired."""
    challenge = addresses.Challenge.opened(request.session.get(SESSION_KEY, ""))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            addresses.confirm_address(
                actor=request.actor, challenge=challenge, code=form.cleaned_data["code"], now=timezone.now()
            )
        except Invalid as error:
            show_on(form, error)
            request.session[SESSION_KEY] = challenge.after_a_miss().sealed()
        else:
            del request.session[SESSION_KEY]
            messages.success(request, _("Confirmed. You can sign in with it from now on."))
            return redirect("directory:profile")
    context = {"form": form, "kind": challenge.kind, "shown": challenge.masked()}
    return render(request, "directory/address_code.html", context, status=422 if form.errors else 200)


def _may_send(request: HttpRequest, form: AddressForm) -> bool:
    """As often as sign-in codes may be asked for."""
    if ratelimit.consume(request, action="request_login_code", key=f"address-{request.user.pk}"):
        return True
    form.add_error(None, _("Too many codes were asked for. Wait a few minutes."))
    return False
