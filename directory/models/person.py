"""The user. A person is never deleted, only anonymised or merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import crypto
from core.crypto.fields import EncryptedTextField
from core.ids import uuid7
from directory.phone_numbers import PURPOSE, normalised


class PersonManager(BaseUserManager["Person"]):
    """Django's, allauth's and Wagtail's own entry; scoping of lists stands in `directory.selectors`."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def with_phone(self, phone: str) -> Person | None:
        """The person with this number in any usual spelling, also while rows of an older key remain."""
        number = normalised(phone)
        if not number:
            return None
        return self.filter(phone_index__in=crypto.blind_indexes(number, purpose=PURPOSE)).first()

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. Rights come from RoleGrant alone; Django's groups and permissions stay empty."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    phone = EncryptedTextField(_("mobile number"), purpose=PURPOSE, null=True, blank=True, editable=False)
    phone_index = models.CharField(max_length=80, blank=True, default="", db_index=True, editable=False)
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    theme = models.CharField(_("theme"), max_length=16, blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    agreed_to_terms_at = models.DateTimeField(null=True, blank=True)
    anonymised_at = models.DateTimeField(null=True, blank=True)
    sessions_end_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="person_is_never_superuser"),
            models.UniqueConstraint(
                fields=["phone_index"], condition=~models.Q(phone_index=""), name="person_phone_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def set_phone(self, phone: str) -> None:
        """Any usual spelling; an empty one takes the number away. The index follows. Raises ValueError."""
        number = normalised(phone)
        if phone and not number:
            raise ValueError("not a telephone number")
        self.phone = number or None
        self.phone_index = crypto.blind_index(number, purpose=PURPOSE) if number else ""
        self.phone_verified_at = None

    def get_session_auth_hash(self) -> str:
        """Changes with the password and whenever this person's sessions are ended, which signs out every device."""
        return f"{super().get_session_auth_hash()}{self._sessions_mark()}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for fallback in super().get_session_auth_fallback_hash():
            yield f"{fallback}{self._sessions_mark()}"

    def _sessions_mark(self) -> str:
        return f".{self.sessions_end_at.timestamp():.0f}" if self.sessions_end_at else ""

    @property
    def first_name(self) -> str:
        """Read by Wagtail's avatar and log templates."""
        return self.name

    @property
    def last_name(self) -> str:
        return ""
