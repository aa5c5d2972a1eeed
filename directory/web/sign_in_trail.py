"""Receivers of Django's and allauth's own signals: the one place where sign-in's edge reaches the trail."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import login_code_rejected
from allauth.mfa.signals import authentication_failed, authenticator_added
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from directory.models import Person
from directory.services import sign_in


def _signed_out(sender: Any, request: HttpRequest, user: Person | None, **kwargs: Any) -> None:
    if user is not None:
        request.has_signed_out = True  # for the browser's cache
        was_idle = getattr(request, "ended_idle", False)
        sign_in.record_sign_out(person=user, was_idle=was_idle, now=timezone.now())


def _wrong_code(sender: Any, user: Person, **kwargs: Any) -> None:
    sign_in.record_failure(login=user.username, step="sms_code", now=timezone.now())


def _wrong_second_factor(sender: Any, user: Person, **kwargs: Any) -> None:
    sign_in.record_failure(login=user.username, step="second_factor", now=timezone.now())


def _factor_set_up(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **kwargs: Any) -> None:
    """Setting a factor up proves it, so that the session is verified from here on."""
    if authenticator.type == "totp":
        sign_in.note_second_factor(request, user, authenticator.type)


def connect() -> None:
    """Called once, from `AppConfig.ready`."""
    user_logged_out.connect(_signed_out, dispatch_uid="directory.signed_out")
    login_code_rejected.connect(_wrong_code, dispatch_uid="directory.wrong_code")
    authentication_failed.connect(_wrong_second_factor, dispatch_uid="directory.wrong_second_factor")
    authenticator_added.connect(_factor_set_up, dispatch_uid="directory.factor_set_up")
