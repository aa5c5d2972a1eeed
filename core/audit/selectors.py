"""Reading the trail.

An auditor sees the organisations of the grant and all below; the root's auditor also what belongs to none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from core import crypto
from core.actor import Actor
from core.audit import canonical
from core.audit.models import AuditEntry, AuditSeal
from core.audit.reading import Row, any_bytes, as_they_stand
from core.audit.recording import PURPOSE
from core.audit.verifying import NO_MATCH, UNSEALED_AFTER, made_at
from core.audit.words import codes_of

PERMISSION = "admin.audit"
LOOK = "audit.viewed"


@dataclass(frozen=True, slots=True)
class Filters:
    """What an auditor asks for; what is empty asks nothing. `person` is a user name or a part of a name.

    Without `has_looks` the looks at the trail itself stay out, of which there is one for each page that is read.
    """

    action: str = ""
    family: str = ""
    person: str = ""
    subject_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    has_looks: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Filters(has_looks=self.has_looks)


@dataclass(frozen=True, slots=True)
class SealState:
    """How much waits for its seal, and when the last one was made: None before there is one, and where it cannot be
    read."""

    waiting: int
    sealed_at: datetime | None
    is_unreadable: bool


def trail(actor: Actor, filters: Filters) -> QuerySet[AuditEntry]:
    """Newest first, to be read as they stand (`core.audit.reading`): one may have been spoilt. Raises Forbidden
    without the auditor's permission."""
    actor.require(PERMISSION)
    rows = AuditEntry.objects.filter(_covered(actor))
    if filters.action:
        rows = rows.filter(action=filters.action)
    if filters.family:
        rows = rows.filter(action__in=codes_of(filters.family))
    if filters.person:
        rows = rows.filter(actor_id__in=_people_named(filters.person))
    if filters.subject_id:
        rows = rows.filter(subject_id=filters.subject_id)
    if filters.since:
        rows = rows.filter(at__gte=filters.since)
    if filters.until:
        rows = rows.filter(at__lt=filters.until)
    if not filters.has_looks:
        rows = rows.exclude(action=LOOK)
    return rows.order_by("-at", "-id")


def seal_state() -> SealState:
    last = _newest_link()
    sealed_at = last.item.sealed_at if last else None
    waiting = AuditEntry.objects.filter(sealed_in__isnull=True).order_by()[:1000].count()
    return SealState(waiting, sealed_at, is_unreadable=last is not None and sealed_at is None)


def newest_link_holds() -> bool | None:
    """Whether the newest link still matches its head and signature; None before there is one. Not the whole chain."""
    row = _newest_link()
    if row is None:
        return None
    if row.broken:
        return False
    seal = row.item
    try:
        crypto.check_digest(canonical.seal_bytes(seal), seal.head)
        crypto.verify(seal.head.encode(), crypto.Signature.parse(seal.signature), purpose=PURPOSE)
    except (crypto.KeyMissing, *NO_MATCH):
        return False
    return True


def _newest_link() -> Row[AuditSeal] | None:
    with any_bytes():
        return next(as_they_stand(AuditSeal.objects.order_by("-id")[:1]), None)


def has_stale_entries(now: datetime) -> bool:
    """Whether anything has waited for its seal for longer than a minute, or has an id that tells no time."""
    with any_bytes():
        oldest = next(as_they_stand(AuditEntry.objects.filter(sealed_in__isnull=True).order_by("id")[:1]), None)
    return oldest is not None and ("id" in oldest.broken or made_at(oldest.item.pk) < now - UNSEALED_AFTER)


def names_of(person_ids: set[UUID]) -> dict[UUID, str]:
    """Names to show beside entries, one query."""
    people: Any = get_user_model()._default_manager.filter(pk__in=person_ids)
    return {person.pk: person.get_full_name() for person in people}


def _covered(actor: Actor) -> Q:
    paths = [grant.organisation_path for grant in actor.grants if PERMISSION in grant.permissions]
    if any(path.count("/") <= 1 for path in paths):
        return Q()  # the root covers every path, and what belongs to no organisation
    covered = Q(pk__in=())
    for path in paths:
        covered |= Q(organisation_path__startswith=path)
    return covered


def _people_named(words: str) -> QuerySet[Any]:
    people = get_user_model()._default_manager
    return people.filter(Q(username=words.lower()) | Q(name__icontains=words)).values("pk")
