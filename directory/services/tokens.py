"""Machine keys: made, revoked, and recognised in an `Authorization` header."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import crypto
from core.actor import Actor, Grant
from core.audit import record
from core.errors import Invalid, NotFound, XinglinError
from core.ids import uuid7
from core.notify import notify
from directory.contracts import TokenBearer
from directory.errors import KeyShownAlready, OwnRights
from directory.models import AccessToken, Membership, Organisation, Person
from directory.scopes import SCOPES
from directory.selectors import actor_of
from directory.services.administration import require_over

KEY_MADE = "directory.key_made"
PREFIX = "xlt_"  # lets secret scanners recognise a leaked key
LONGEST_LIFE = timedelta(days=366)
DEFAULT_LIFE = timedelta(days=180)


class TokenRefused(XinglinError):
    """No key, a wrong, revoked or expired one, or one without the scope: all read the same."""

    code = "token_refused"
    status = 401
    message = _("The access token was not accepted.")
    next_step = _("Check its scope and expiry, or ask your security administrator for a new one.")


@transaction.atomic
def create_token(
    *, actor: Actor, person: Person, scopes: Iterable[str], label: str, now: datetime,
    organisation: Organisation | None = None, life: timedelta = DEFAULT_LIFE, token_id: UUID | None = None,
) -> tuple[AccessToken, str]:  # fmt: skip
    """Returns the row and the secret, which is shown this once. Raises Invalid."""
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(SCOPES):
        raise Invalid(fields={"scopes": [_("Choose at least one known scope.")]})
    if not timedelta() < life <= LONGEST_LIFE:
        raise Invalid(fields={"life": [_("A token lives at most one year.")]})
    place = organisation or _primary_organisation(person)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        pk=token_id or uuid7(),
        person=person,
        organisation=place,
        label=label,
        secret_digest=crypto.digest(secret.encode()),
        scopes=wanted,
        created_at=now,
        expires_at=now + life,
    )
    record(
        action="token.created", actor=actor, subject_type="access_token", subject_id=token.pk,
        organisation_path=place.path, details={"person": str(person.pk), "scopes": wanted}, now=now,
    )  # fmt: skip
    return token, secret


@transaction.atomic
def issue_token(
    *, actor: Actor, token_id: UUID, person_id: UUID, organisation_id: UUID, scopes: Iterable[str], label: str,
    expires_at: datetime, now: datetime,
) -> tuple[AccessToken, str]:  # fmt: skip
    """By the security administrator of person and organisation, for somebody else, who is told of it.

    The same id again has no secret to show any more. Raises Forbidden, OwnRights, KeyShownAlready, Invalid, NotFound.
    """
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    organisation = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
    if person is None or organisation is None:
        raise NotFound
    require_over(actor, "admin.security", person, now)
    actor.require("admin.security", organisation.path)
    if actor.person_id == person.pk:
        raise OwnRights
    if AccessToken.objects.filter(pk=token_id).exists():
        raise KeyShownAlready
    made = create_token(
        actor=actor, person=person, scopes=scopes, label=label, now=now, organisation=organisation,
        life=expires_at - now, token_id=token_id,
    )  # fmt: skip
    notify(
        person_ids=[person.pk], kind=KEY_MADE, params={}, url=reverse("directory:profile"), now=now,
        key=f"key-{token_id}",
    )  # fmt: skip
    return made


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: UUID, now: datetime) -> None:
    """At once: the next request with it is refused. A person revokes their own; security those of its subtree."""
    token = AccessToken.objects.select_for_update().select_related("organisation").filter(pk=token_id).first()
    if token is None:
        raise NotFound
    if token.person_id != actor.person_id and not actor.may("admin.security", token.organisation.path):
        raise NotFound
    if token.revoked_at is not None:
        return
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    record(
        action="token.revoked", actor=actor, subject_type="access_token", subject_id=token.pk,
        organisation_path=token.organisation.path, now=now,
    )  # fmt: skip


def bearer_of(header: str, *, scope: str, now: datetime) -> TokenBearer:
    """The person behind an `Authorization` header: "Bearer <token>", or "Basic" with person and token (RFC 7617).

    The actor holds what the person's live grants and the scope both allow. Raises TokenRefused.
    """
    name, secret = _credentials(header)
    token = (
        AccessToken.objects.select_related("person", "organisation")
        .filter(secret_digest=crypto.digest(secret.encode()), revoked_at__isnull=True, expires_at__gt=now)
        .first()
    )
    if token is None or scope not in token.scopes or not token.person.is_active:
        raise TokenRefused
    if name is not None and name not in {token.person.username, str(token.person_id)}:
        raise TokenRefused
    _note_use(token, now)
    return TokenBearer(
        token_id=token.pk,
        actor=_limited(actor_of(token.person, now, is_mfa_verified=True), SCOPES[scope]),
        organisation_id=token.organisation_id,
        organisation_path=token.organisation.path,
    )


def actor_of_token(header: str, *, scope: str, now: datetime) -> Actor:
    """The actor alone of `bearer_of`. Raises TokenRefused."""
    return bearer_of(header, scope=scope, now=now).actor


def _credentials(header: str) -> tuple[str | None, str]:
    method, _space, value = header.strip().partition(" ")
    if method.lower() == "bearer" and value.strip():
        return None, value.strip()
    if method.lower() == "basic":
        try:
            name, colon, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise TokenRefused from None
        if colon and secret:
            return name, secret
    raise TokenRefused


def _limited(actor: Actor, permissions: frozenset[str]) -> Actor:
    grants = tuple(
        Grant(g.role, g.organisation_id, g.organisation_path, g.permissions & permissions) for g in actor.grants
    )
    return Actor(actor.person_id, actor.name, grants, is_mfa_verified=True)


def _note_use(token: AccessToken, now: datetime) -> None:
    today = timezone.localdate(now)
    if token.last_used_on != today:
        AccessToken.objects.filter(pk=token.pk).update(last_used_on=today)


def _primary_organisation(person: Person) -> Organisation:
    place = Membership.objects.select_related("organisation").filter(person=person, is_primary=True).first()
    if place is None:
        raise Invalid(fields={"organisation": [_("This person works nowhere: name the organisation.")]})
    return place.organisation
