"""The demo's one click: sign in as one of its people. Does not exist outside the demo."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.errors import NotFound
from directory.models import Person
from directory.seed.demo_people import DEMO_PEOPLE
from directory.services.sign_in import needs_second_factor, note_second_factor

_USERNAMES = frozenset(entry.username for entry in DEMO_PEOPLE)


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """POST `person` (a user name), optionally `next`. Counts as a second factor too."""
    username = request.POST.get("person", "")
    if not settings.XINGLIN_IS_DEMO or username not in _USERNAMES:
        raise NotFound
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise NotFound
    if request.user.is_authenticated:
        logout(request)
    adapter = get_adapter(request)
    adapter.login(request, person)
    record_authentication(request, person, "demo")
    if needs_second_factor(person, timezone.now()):
        note_second_factor(request, person, "demo")
    response: HttpResponse = adapter.post_login(
        request, person, email_verification="none", signal_kwargs=None, email=None, signup=False,
        redirect_url=get_next_redirect_url(request),
    )  # fmt: skip
    return response
