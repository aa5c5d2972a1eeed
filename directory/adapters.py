"""How django-allauth meets our people: telephone numbers, text messages, sealed secrets, the audit trail."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import crypto
from core.errors import Forbidden
from core.notify import send_sms
from directory.models import Person
from directory.phone_numbers import normalised
from directory.services import sign_in
from directory.services.demo_guard import is_published_secret

MFA_PURPOSE = "person.second_factor"


class MobileField(PhoneField):
    """Takes a number as people write it; `+86` is understood."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)
        return normalised(text) or text


class AccountAdapter(DefaultAccountAdapter):
    """People are invited by their organisation: nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    # --- telephone numbers ---------------------------------------------------------------------------------------
    def phone_form_field(self, **kwargs: Any) -> MobileField:
        return MobileField(**kwargs)

    def get_phone(self, user: Person) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: Person, phone: str, verified: bool) -> None:
        user.set_phone(phone)
        user.phone_verified_at = timezone.now() if verified else None
        user.save(update_fields=["phone", "phone_index", "phone_verified_at"])

    def set_phone_verified(self, user: Person, phone: str) -> None:
        Person.objects.filter(pk=user.pk).update(phone_verified_at=timezone.now())

    def get_user_by_phone(self, phone: str) -> Person | None:
        """A number that its owner has not confirmed opens nothing: somebody else may have written it (ADR 0019)."""
        person = Person.objects.with_phone(phone)
        if person is None or not person.is_active or person.phone_verified_at is None:
            return None
        return person

    def send_verification_code_sms(self, user: Person, phone: str, code: str, **kwargs: Any) -> None:
        text = _("【%(site)s】Your sign-in code is %(code)s. It is good for 3 minutes. Give it to nobody.")
        values = {"site": settings.XINGLIN_SITE_NAME, "code": code}
        send_sms(phone=normalised(phone), text=text % values, now=timezone.now())

    # --- the trail -----------------------------------------------------------------------------------------------
    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        login = next((credentials[key] for key in ("username", "email", "phone") if credentials.get(key)), "")
        sign_in.record_failure(login=login, step="password", now=timezone.now())

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        sign_in.record_success(request=request, person=user, now=timezone.now())
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=365 * 24 * 3600, samesite="Lax")
        return response


class DemoSecretRefused(Forbidden):
    """A person of the demo's seed tried to sign in where it is no demo."""

    code = "demo_secret_refused"


class MFAAdapter(DefaultMFAAdapter):
    """Second factors are stored sealed."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.encrypt(text.encode(), purpose=MFA_PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises Tampered, KeyMissing, DemoSecretRefused."""
        secret = crypto.decrypt(base64.b64decode(encrypted_text), purpose=MFA_PURPOSE).decode()
        if is_published_secret(secret):
            raise DemoSecretRefused
        return secret

    def build_totp_svg(self, url: str) -> str:
        """Drawn by segno, whose SVG carries its colours as attributes: the content security policy forbids styles."""
        import segno

        return segno.make(url, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff")

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Whoever sees patients or administers can't go back to a password alone."""
        return not sign_in.needs_second_factor(authenticator.user, timezone.now())
