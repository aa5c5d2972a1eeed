"""Setting up the second factor: never by a session that a text message alone has opened."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from directory.errors import PasswordFirst


class ActivateView(ActivateTOTPView):
    """allauth's own, behind the password. Whoever holds the telephone alone could otherwise choose the factor too."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not _has_typed_password(request):
            if not request.user.has_usable_password():
                raise PasswordFirst
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")
        return super().dispatch(request, *args, **kwargs)


def _has_typed_password(request: HttpRequest) -> bool:
    return any(entry.get("method") == "password" for entry in get_authentication_records(request, request.user))
