"""What sign-in leaves in the trail, who needs a second factor, and how every session of a person is ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.db import transaction
from django.http import HttpRequest

from core.actor import SYSTEM, Actor
from core.audit import record
from core.errors import NotFound
from directory.models import Person
from directory.roles import ROLES
from directory.selectors import live_grants
from directory.services.administration import require_over

SECOND_FACTOR_ROLES = frozenset(role.name for role in ROLES.values() if role.needs_second_factor)


def needs_second_factor(person: Person, now: datetime) -> bool:
    """Whether a live grant lets this person see patients or administer."""
    return live_grants(now).filter(person=person, role__in=SECOND_FACTOR_ROLES).exists()


def has_used_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in person proved a second factor in this very session."""
    return any(entry.get("method") == "mfa" for entry in get_authentication_records(request, request.user))


def note_second_factor(request: HttpRequest, person: Person, kind: str) -> None:
    """For a factor proved outside allauth's own sign-in step: when it is set up, or by the demo's one click."""
    record_authentication(request, person, "mfa", type=kind)


def record_success(*, request: HttpRequest, person: Person, now: datetime) -> None:
    methods = [str(entry.get("method")) for entry in get_authentication_records(request, person)]
    record(
        action="person.signed_in", actor=_own(person), subject_type="person", subject_id=person.pk,
        details={"methods": methods}, now=now,
    )  # fmt: skip


def record_failure(*, login: str, step: str, now: datetime) -> None:
    """`login` is looked up and then forgotten: a mistyped one may be somebody's password."""
    person = Person.objects.filter(username=login.strip().lower()).first() if login else None
    record(
        action="person.sign_in_failed", actor=SYSTEM, subject_type="person",
        subject_id=person.pk if person else "unknown", details={"step": step}, now=now,
    )  # fmt: skip


def record_sign_out(*, person: Person, now: datetime, was_idle: bool = False) -> None:
    """`was_idle`: nobody pressed the button, the session ended for want of activity."""
    record(
        action="person.signed_out_idle" if was_idle else "person.signed_out",
        actor=_own(person), subject_type="person", subject_id=person.pk, now=now,
    )  # fmt: skip


@transaction.atomic
def end_sessions(*, actor: Actor, person_id: UUID, now: datetime) -> None:
    """Signs the person out everywhere: each session is checked against the new mark at its next request."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    if actor.person_id != person.pk:
        require_over(actor, "admin.security", person, now)
    person.sessions_end_at = now
    person.save(update_fields=["sessions_end_at"])
    record(action="person.sessions_ended", actor=actor, subject_type="person", subject_id=person.pk, now=now)


def _own(person: Person) -> Actor:
    return Actor(person_id=person.pk, name=person.name)
