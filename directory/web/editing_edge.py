"""Wagtail's admin at its edge: hidden screens, and foreign pages that read like missing ones.

Rights come from role grants, so Wagtail's own screens for users and groups, and its own sign-in without a second
factor, must not exist. Wagtail answers a page that one may not see by a redirect and a missing one by 404: which of two
numbers exists would show. Here both are 404.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.generic import RedirectView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from core.errors import Forbidden, NotFound
from core.ui.problems import respond

PAGE_ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_to_copy_id")
ADMIN = "/cms/"
OPEN_ADDRESSES = ("/cms/login/", "/cms/logout/", "/cms/account/", "/cms/users/", "/cms/groups/", "/cms/password_reset/")
#: What Wagtail's own pages cannot do without (ADR 0013); everything else of the policy holds there too.
RELAXED = {"script-src": [UNSAFE_INLINE], "style-src": [UNSAFE_INLINE]}
PAGE_ADDRESSES = ("/cms/pages/", "/cms/choose-page/")


def hidden(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Raises NotFound."""
    raise NotFound


urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("logout/", RedirectView.as_view(pattern_name="account_logout")),
    path("account/", RedirectView.as_view(pattern_name="directory:profile")),
    re_path(r"^(users|groups|password_reset)/", hidden),
]


class ForeignPageMiddleware:
    """Answers 404 for a page address in Wagtail's admin whose page the person may not explore.

    Answers of the admin carry its own content security policy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(ADMIN):
            response._csp_update = RELAXED  # read by django-csp
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        if not request.path.startswith(ADMIN) or not request.user.is_authenticated:
            return None
        if not request.path.startswith(OPEN_ADDRESSES) and not request.user.has_perm("wagtailadmin.access_admin"):
            return respond(Forbidden(), request)  # Wagtail's own answer leads to sign-in and back without end
        if not request.path.startswith(PAGE_ADDRESSES):
            return None
        wanted = {value for name in PAGE_ARGUMENTS if isinstance(value := kwargs.get(name), int)}
        if not wanted:
            return None
        seen = policy_registry.get_by_type(Page).explorable_instances(request.user).filter(pk__in=wanted).count()
        return None if seen == len(wanted) else respond(NotFound(), request)
