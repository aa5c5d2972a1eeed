"""The addresses that somebody signs in by: a telephone number, an e-mail address. See ADR 0019.

An address opens an account only once its owner has confirmed it: with the password, and with a code that was sent to
that very address. Whoever else writes one into an account only writes a proposal.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import crypto
from core.actor import Actor
from core.audit import record
from core.errors import Invalid
from core.jobs import enqueue
from core.notify import notify, send_sms
from directory.errors import CodeExpired
from directory.models import Person
from directory.phone_numbers import masked, normalised

PHONE, EMAIL = "phone", "email"
CHANGED = "directory.address_changed"
PURPOSE = "person.address"
LIFE = timedelta(minutes=10)
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Challenge:
    """A code on its way to an address; kept sealed in the session that asked for it."""

    kind: str
    address: str
    code: str
    ends_at: datetime
    tries: int = 0

    def sealed(self) -> str:
        values = [self.kind, self.address, self.code, self.ends_at.isoformat(), self.tries]
        return seal(json.dumps(values))

    @classmethod
    def opened(cls, sealed: str) -> Challenge:
        """Raises CodeExpired when nothing was asked for in this session."""
        if not sealed:
            raise CodeExpired
        kind, address, code, ends_at, tries = json.loads(unseal(sealed))
        return cls(kind, address, code, datetime.fromisoformat(ends_at), tries)

    def after_a_miss(self) -> Challenge:
        return replace(self, tries=self.tries + 1)

    def masked(self) -> str:
        """For the page: "139****0001", "l***@example.org"."""
        if self.kind == PHONE:
            return masked(self.address)
        name, _at, place = self.address.partition("@")
        return f"{name[:1]}***@{place}"


def seal(text: str) -> str:
    return base64.b64encode(crypto.encrypt(text.encode(), purpose=PURPOSE)).decode()


def unseal(text: str) -> str:
    return crypto.decrypt(base64.b64decode(text), purpose=PURPOSE).decode()


def address_on(person: Person, kind: str) -> str:
    return (person.phone or "") if kind == PHONE else person.email


def is_confirmed(person: Person, kind: str) -> bool:
    return (person.phone_verified_at if kind == PHONE else person.email_verified_at) is not None


def ask_code(*, actor: Actor, kind: str, address: str, password: str, now: datetime) -> Challenge:
    """Send a code to the address that the person wants to be reached at, present or new. Raises Invalid.

    Another person's address is answered like a free one, so that nobody learns here who is registered: in place of
    the code its owner is told that it was asked for, in the owner's language.
    """
    person = Person.objects.get(pk=actor.person_id)
    if not person.check_password(password):
        raise Invalid(fields={"password": [_("This is not your password.")]})
    wanted = _readable(kind, address)
    challenge = Challenge(kind, wanted, f"{secrets.randbelow(1_000_000):06d}", now + LIFE)
    _send(challenge, now, owner=_owner(kind, wanted, person))
    return challenge


@transaction.atomic
def confirm_address(*, actor: Actor, challenge: Challenge, code: str, now: datetime) -> None:
    """The code came back: from now on the address signs in. The one before it is told. Raises CodeExpired, Invalid."""
    if now >= challenge.ends_at or challenge.tries >= MOST_TRIES:
        raise CodeExpired
    if not secrets.compare_digest(challenge.code.encode(), code.strip().encode()):
        raise Invalid(fields={"code": [_("This is not the code that was sent.")]})
    person = Person.objects.select_for_update().get(pk=actor.person_id)
    _check_free(challenge.kind, challenge.address, person)
    before = address_on(person, challenge.kind)
    write_address(person, challenge.kind, challenge.address)
    if challenge.kind == PHONE:
        person.phone_verified_at = now
    else:
        person.email_verified_at = now
    person.save(update_fields=["phone", "phone_index", "phone_verified_at", "email", "email_verified_at"])
    if before != challenge.address:
        tell(person, challenge.kind, before, now)
    record(
        action="person.address_confirmed", actor=actor, subject_type="person", subject_id=person.pk,
        details={"kind": challenge.kind}, now=now,
    )  # fmt: skip


def write_address(person: Person, kind: str, address: str) -> None:
    """Written, not confirmed; the caller saves."""
    if kind == PHONE:
        person.set_phone(address)
    else:
        person.email, person.email_verified_at = address, None


def tell(person: Person, kind: str, before: str, now: datetime) -> None:
    """The person in the app, and the address that no longer counts, by the way it was reached."""
    notify(person_ids=[person.pk], kind=CHANGED, params={}, url="/profile/", now=now)
    if before:
        from directory.tasks import tell_former_address

        arguments = {"person_id": str(person.pk), "kind": kind, "sealed": seal(before)}
        enqueue(tell_former_address, now=now, arguments=arguments)


def send_farewell(*, kind: str, address: str, now: datetime) -> None:
    """Raises what the gateways raise; never inside a transaction."""
    site = settings.XINGLIN_SITE_NAME
    text = _("This address no longer signs you in at %(site)s. If you did not ask for this, call your administrator.")
    _deliver(kind, address, _("Your sign-in was changed"), text % {"site": site}, now)


def tidy(kind: str, address: str) -> str:
    """As it is stored: E.164, or small letters. Empty for what is no telephone number."""
    return normalised(address) if kind == PHONE else address.strip().lower()


def _readable(kind: str, address: str) -> str:
    wanted = tidy(kind, address)
    if kind == PHONE and not wanted:
        raise Invalid(fields={"address": [_("This is not a telephone number.")]})
    if kind == EMAIL:
        try:
            validate_email(wanted)
        except ValidationError as error:
            raise Invalid(fields={"address": [_("This is not an e-mail address.")]}) from error
    return wanted


def _owner(kind: str, address: str, person: Person) -> Person | None:
    """Whose address it is if it is another's than this person's. One query, whoever has it and if nobody does."""
    if kind == PHONE:
        other = Person.objects.with_phone(address)
    else:
        others = Person.objects.filter(email=address, email_verified_at__isnull=False).exclude(pk=person.pk)
        other = others.only("language").first()
    return None if other is None or other.pk == person.pk else other


def _check_free(kind: str, address: str, person: Person) -> None:
    """For who has shown that the address is theirs. Raises Invalid."""
    if _owner(kind, address, person) is not None:
        sentence = _("Another person has this number.") if kind == PHONE else _("Another person has this address.")
        raise Invalid(fields={"address": [sentence]})


def _send(challenge: Challenge, now: datetime, *, owner: Person | None) -> None:
    """The code to who asks for it, on whose page it is typed in; to another owner what happened, as they read."""
    language = get_language() if owner is None else owner.language
    with translation.override(language or settings.LANGUAGE_CODE):
        if owner is None:
            text = _("Your code is %(code)s. It is good for 10 minutes. Give it to nobody.") % {"code": challenge.code}
        else:
            text = _(
                "Somebody asked for a code to sign in with this address, but it belongs to another account. "
                "If that was you, ask your administrator. Otherwise there is nothing to do."
            )
        _deliver(challenge.kind, challenge.address, _("Confirm your address"), text, now)


def _deliver(kind: str, address: str, subject: str, text: str, now: datetime) -> None:
    if kind == PHONE:
        send_sms(phone=address, text=f"【{settings.XINGLIN_SITE_NAME}】{text}", now=now)
    else:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
