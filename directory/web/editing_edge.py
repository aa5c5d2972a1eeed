"""Wagtail's admin at its edge: hidden screens, and foreign pages that read like missing ones.

Rights come from role grants, so Wagtail's own screens for users and groups, and its own sign-in without a second
factor, must not exist. Nor do its reports and its bulk actions on pages: nobody here may do one, and the second names
every page that it is asked about; nor its workflows and embeds, which this house does not use; nor the actions of its
API, which put an older draft back beside every rule of the desk. Wagtail answers a page that one may not see by a
redirect and a missing one by 404: which of two numbers exists would show. Here both are 404. Its choosers of pages
offer every page there is, drafts of every organisation among them: here only what the person may explore, and what the
public reads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import UNSAFE_INLINE
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.generic import RedirectView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from core.errors import Forbidden, NotFound
from core.ui.problems import respond

PAGE_ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_to_copy_id", "pk")
ADMIN = "/cms/"
OPEN_ADDRESSES = ("/cms/login/", "/cms/logout/", "/cms/account/", "/cms/users/", "/cms/groups/", "/cms/password_reset/")
#: What Wagtail's own pages cannot do without (ADR 0013); everything else of the policy holds there too.
RELAXED = {"script-src": [UNSAFE_INLINE], "style-src": [UNSAFE_INLINE]}
CHOOSER = "/cms/choose-page/"
PAGE_ADDRESSES = ("/cms/pages/", "/cms/api/main/pages/", CHOOSER)
ANY_PAGE = "wagtailcore.page"
MOST_DIGITS = 10  # a longer number is no page's, and no database takes it
NO_PAGE = 0


def hidden(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Raises NotFound."""
    raise NotFound


urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("logout/", RedirectView.as_view(pattern_name="account_logout")),
    path("account/", RedirectView.as_view(pattern_name="directory:profile")),
    re_path(r"^(users|groups|password_reset|reports|bulk/wagtailcore|failwhale|test404|workflows|embeds)/", hidden),
    re_path(r"^api/main/pages/\d+/action/", hidden),
]


def choosable_pages(user: Any) -> QuerySet[Page]:
    """What may be linked to: pages that the person may explore, and what the public reads.

    A public page that is being retitled is left out until it is published: choosers print the draft's title.
    """
    public = Page.objects.live().public().filter(draft_title=F("title"))
    return Page.objects.filter(Q(pk__in=_explorable(user).values("pk")) | Q(pk__in=public.values("pk")))


def _explorable(user: Any) -> QuerySet[Page]:
    return policy_registry.get_by_type(Page).explorable_instances(user)


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
        if _looks_for_a_common_parent(request):
            return respond(NotFound(), request)
        wanted = _pages_asked_for(request, kwargs)
        if not wanted:
            return None
        seen = choosable_pages(request.user) if request.path.startswith(CHOOSER) else _explorable(request.user)
        return None if seen.filter(pk__in=wanted).count() == len(wanted) else respond(NotFound(), request)


def _pages_asked_for(request: HttpRequest, kwargs: dict[str, Any]) -> set[int]:
    """By the address, and by the query of the chooser that several pages are ticked in."""
    named = [str(kwargs[name]) for name in PAGE_ARGUMENTS if name in kwargs]
    if request.path.startswith(CHOOSER):
        named += request.GET.getlist("id")
    return {int(value) if len(value) < MOST_DIGITS else NO_PAGE for value in named if value.isdecimal()}


def _looks_for_a_common_parent(request: HttpRequest) -> bool:
    """The chooser of pages of one type opens on the page above all of that type, whoever's it is."""
    if request.path != CHOOSER:
        return False
    return request.GET.get("page_type", ANY_PAGE).lower() not in {"", ANY_PAGE}
