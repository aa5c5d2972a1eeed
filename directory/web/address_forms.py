"""allauth's forms that send something to an e-mail address: only to one that its owner has confirmed (ADR 0019)."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.forms import RequestLoginCodeForm as AllauthRequestLoginCodeForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm

from directory.models import Person


def confirmed(people: Iterable[Person], email: str) -> list[Person]:
    wanted = email.lower()
    return [p for p in people if p.email.lower() == wanted and p.email_verified_at is not None]


class ResetPasswordForm(AllauthResetPasswordForm):
    """An unknown and an unconfirmed address read alike."""

    users: list[Person]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = confirmed(self.users, email)
        return email


class RequestLoginCodeForm(AllauthRequestLoginCodeForm):
    _user: Person | None

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if email:
            self._user = next(iter(confirmed([self._user] if self._user else [], email)), None)
        return email
