"""Django permission questions, answered from role grants; sign-in itself is allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils import timezone

from directory.editing_rights import django_permissions_of
from directory.models import Person
from directory.selectors import actor_of
from directory.services.demo_guard import is_published_secret


class GrantBackend(ModelBackend):
    """Answers Django's permission questions from live grants, read once per request. Nothing stored is asked.

    Checks no password: only allauth's flow, with its second factor, signs anybody in.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:  # type: ignore[override]
        return None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_live_permissions"):
            actor = actor_of(user_obj, timezone.now(), is_mfa_verified=True)
            user_obj._live_permissions = set(django_permissions_of(actor))
        permissions: set[str] = user_obj._live_permissions
        return permissions

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(name.startswith(f"{app_label}.") for name in self.get_all_permissions(user_obj))


class SignInBackend(AuthenticationBackend):
    """Password sign-in by user name, e-mail or telephone number."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        """The demo's published password never matches outside the demo."""
        if is_published_secret(credentials.get("password") or ""):
            return None
        person: Person | None = super().authenticate(request, **credentials)
        return person

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """None: `GrantBackend` answers."""
        return set()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
