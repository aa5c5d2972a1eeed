"""Sign-in under /accounts/: ours first, then allauth's."""

from django.urls import URLPattern, URLResolver, include, path

from directory.web import demo_sign_in, invitations
from directory.web.login import LoginView

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", LoginView.as_view(), name="account_login"),
    path("invitation/<uuid:invitation_id>/<str:tag>/", invitations.accept, name="accept_invitation"),
    path("demo/", demo_sign_in.sign_in_as, name="demo_sign_in"),
    path("", include("allauth.urls")),
]
