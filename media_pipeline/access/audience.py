"""Audience rows: who may see what a release holds. Written by higher rooms in their own transactions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.actor import organisation_token
from directory.api import ancestors_of
from media_pipeline.errors import ReleaseNotFound
from media_pipeline.models import ReleaseAudience, TeachingRelease
from media_pipeline.states import RELEASE

OFFICERS = "deidentification"


@dataclass(frozen=True, slots=True)
class Right:
    """A permission over the organisation at `path`, which a holder must have whenever they look; "": over any."""

    permission: str = ""
    path: str = ""


NO_RIGHT = Right()


def admit(
    *,
    release_ids: Iterable[UUID],
    holders: Iterable[str],
    purpose: str,
    right: Right = NO_RIGHT,
    until: datetime | None = None,
    now: datetime,
) -> None:
    """Let the holders of these tokens see these releases for a purpose, once they are open. Again: the end is moved.

    With a `right`, a row counts only while its holder has it. A release that has ended gets no row. Raises
    ReleaseNotFound.
    """
    wanted, tokens = sorted(set(release_ids)), sorted(set(holders))
    states = dict(TeachingRelease.objects.filter(pk__in=wanted).values_list("pk", "state"))
    if len(states) != len(wanted):
        raise ReleaseNotFound
    ReleaseAudience.objects.bulk_create(
        [
            ReleaseAudience(
                release_id=release_id,
                holder=holder,
                purpose=purpose,
                permission=right.permission,
                path=right.path,
                until=until,
                created_at=now,
            )
            for release_id in wanted
            if states[release_id] not in RELEASE.final
            for holder in tokens
        ],
        update_conflicts=True,
        unique_fields=["release", "holder", "purpose"],
        update_fields=["until", "permission", "path"],
    )


def dismiss(*, release_ids: Iterable[UUID], purpose: str, holders: Iterable[str] | None = None) -> int:
    """Take rows of one purpose back, of these holders or of all; how many."""
    rows = ReleaseAudience.objects.filter(release__in=set(release_ids), purpose=purpose)
    if holders is not None:
        rows = rows.filter(holder__in=set(holders))
    return rows.delete()[0]


def admit_only(
    *, release_ids: Iterable[UUID], holders: Iterable[str], purpose: str, right: Right = NO_RIGHT, now: datetime
) -> None:
    """For this purpose, these holders from now on and nobody else. Raises ReleaseNotFound."""
    wanted, tokens = set(release_ids), set(holders)
    ReleaseAudience.objects.filter(release__in=wanted, purpose=purpose).exclude(holder__in=tokens).delete()
    admit(release_ids=wanted, holders=tokens, purpose=purpose, right=right, now=now)


def admit_officers(release: TeachingRelease, now: datetime) -> None:
    """The officers who read a release go on seeing it: those of its organisation and of every one above."""
    holders = [organisation_token(pk) for pk in ancestors_of(release.organisation_id)]
    admit(release_ids=[release.pk], holders=holders, purpose=OFFICERS, now=now)
