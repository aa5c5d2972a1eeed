"""A training manager reminds people of what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from core import audit, notify
from core.actor import Actor
from credits.errors import NobodyToRemind
from credits.selectors.standing import Short, area, short_among
from credits.services.activities import local_day

PERMISSION = "training.manage"


@transaction.atomic
def remind(*, actor: Actor, person_ids: Collection[UUID], now: datetime) -> int:
    """Tell those of these people who are short of credits; returns how many were told now.

    Nobody is told twice in one week. People outside the actor's organisations are left out without a word, so that an
    id tells nothing. Raises Forbidden, NobodyToRemind when none of them is short.
    """
    actor.require(PERMISSION)
    day = local_day(now)
    credit_year = area(actor, PERMISSION, "", day).year
    wanted = short_among(actor, PERMISSION, person_ids, day)
    if not wanted or credit_year.cycle is None:
        raise NobodyToRemind
    year, week, _weekday = day.isocalendar()
    told = 0
    for person in wanted:
        told += notify.notify(
            person_ids=[person.person_id],
            kind="credits.reminder",
            params={
                "credits": f"{person.missing_credits:.1f}",
                "hours": f"{person.missing_hours.normalize():f}",
                "until": credit_year.ends_on.isoformat(),
            },
            url=reverse("credits:transcript"),
            key=f"reminder:{year}-{week}",
            now=now,
        )
    audit.record(
        action="credits.reminded",
        actor=actor,
        subject_type="cycle",
        subject_id=credit_year.cycle.pk,
        organisation_path=_path_of(actor, wanted),
        details={"people": len(wanted), "told": told},
        now=now,
    )
    return told


def _path_of(actor: Actor, reminded: Sequence[Short]) -> str:
    """Of the organisations in which the actor manages training, the one that most of these people work in or below."""
    held = sorted({grant.organisation_path for grant in actor.grants if PERMISSION in grant.permissions})
    return max(held, key=lambda path: sum(each.organisation_path.startswith(path) for each in reminded), default="")
