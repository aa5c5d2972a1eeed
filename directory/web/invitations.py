"""Inviting somebody, and accepting an invitation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.errors import Invalid, NotFound
from core.ui.access import requires
from directory import administration
from directory.services import invitations
from directory.web.form_errors import show_on
from directory.web.forms import AcceptForm, InvitationForm


@require_http_methods(["GET", "POST"])
@requires("admin.system")
def invite(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    organisation = administration.organisations_for(request.actor).filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            invitations.invite(
                actor=request.actor, invitation_id=data.pop("form_key"), organisation_id=organisation.pk,
                now=timezone.now(), **data,
            )  # fmt: skip
        except Invalid as error:
            show_on(form, error)
        else:
            messages.success(request, _("Invitation is on its way."))
            return redirect("directory:organisation", organisation.pk)
    context = {"form": form, "organisation": organisation}
    return render(request, "directory/organisations/invite.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, invitation_id: UUID, tag: str) -> HttpResponse:
    """The link of an invitation: user name, password, consent; then sign-in. Raises InvitationClosed."""
    invitation = invitations.open_invitation(invitation_id, tag, timezone.now())
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept(
                invitation_id=invitation_id, tag=tag, username=form.cleaned_data["username"],
                password=form.cleaned_data["password1"], now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_on(form, error)
        else:
            messages.success(request, _("Your account is ready. Sign in with your new password."))
            return redirect("account_login")
    context = {"form": form, "invitation": invitation}
    return render(request, "directory/accept_invitation.html", context, status=422 if form.errors else 200)
