"""Sign-in under /accounts/: ours first, then allauth's."""

from django.urls import URLPattern, URLResolver, include, path

from directory.web import demo_sign_in, invitations
from directory.web.editing_edge import hidden
from directory.web.login import LoginView
from directory.web.second_factor import ActivateView

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", LoginView.as_view(), name="account_login"),
    path("invitation/<uuid:invitation_id>/<str:tag>/", invitations.accept, name="accept_invitation"),
    path("demo/", demo_sign_in.sign_in_as, name="demo_sign_in"),
    path("2fa/totp/activate/", ActivateView.as_view(), name="mfa_activate_totp"),
    path("email/", hidden),  # our own page confirms an address: directory.web.addresses
    path("password/set/", hidden),  # everybody has one from the invitation on
    path("", include("allauth.urls")),
]
