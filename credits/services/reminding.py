"""A training manager reminds people of what is still missing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from core import audit, notify
from core.actor import Actor
from credits.errors import NobodyToRemind
from credits.selectors.figures import standing
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
    found = standing(actor, PERMISSION, "", day.year)
    wanted = [person for person in found.short if person.person_id in set(person_ids)]
    if not wanted or found.cycle is None:
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
                "until": found.cycle.ends_on.isoformat(),
            },
            url=reverse("credits:transcript"),
            key=f"reminder:{year}-{week}",
            now=now,
        )
    audit.record(
        action="credits.reminded",
        actor=actor,
        subject_type="cycle",
        subject_id=found.cycle.pk,
        organisation_path=actor.grants[0].organisation_path if actor.grants else "",
        details={"people": len(wanted), "told": told},
        now=now,
    )
    return told
