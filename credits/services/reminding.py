"""A training manager reminds people of what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from core import audit, notify
from core.actor import Actor
from credits.errors import NobodyToRemind
from credits.selectors.standing import Short, area, short_among
from credits.services.activities import local_day

PERMISSION = "training.manage"
PREFIX = "reminder:"


@transaction.atomic
def remind(
    *, actor: Actor, person_ids: Collection[UUID], organisation: str = "", day: date | None = None, now: datetime
) -> int:
    """Tell those of these people who are short of credits; returns how many were told now.

    The list that names them is of `organisation` (an id, "" for all of the actor's) and of the credit year of `day`,
    today without one; whoever is not on it is left out without a word, so that an id tells nothing. Nobody is told
    twice in one week. Raises Forbidden, NobodyToRemind when none is short.
    """
    actor.require(PERMISSION)
    today = local_day(now)
    chosen = actor, PERMISSION, organisation, day or today
    credit_year = area(*chosen).year
    wanted = short_among(*chosen, person_ids)
    if not wanted or credit_year.cycle is None:
        raise NobodyToRemind
    told, key = 0, _key(today)
    for person in wanted:
        told += notify.notify(
            person_ids=[person.person_id],
            kind=_kind_for(person),
            params={
                "credits": f"{person.missing_credits.normalize():f}",
                "hours": f"{person.missing_hours.normalize():f}",
                "until": credit_year.ends_on.isoformat(),
            },
            url=reverse("credits:transcript"),
            key=key,
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


@dataclass(frozen=True, slots=True)
class Reminder:
    """When somebody was reminded last; `is_held` while a new reminder would be kept back."""

    day: date
    is_held: bool


def reminders_of(person_ids: Collection[UUID], today: date) -> dict[UUID, Reminder]:
    """Of those of these people who were ever reminded, by anybody: one query over what they were told."""
    told = notify.told_last(person_ids=person_ids, key_prefix=PREFIX)
    return {
        person_id: Reminder(local_day(moment), _key(local_day(moment)) == _key(today))
        for person_id, moment in told.items()
    }


def _key(day: date) -> str:
    """The same for all days of a week, so that nobody is told twice in it."""
    year, week, _weekday = day.isocalendar()
    return f"{PREFIX}{year}-{week}"


def _kind_for(person: Short) -> str:
    """The sentence that names what is missing and nothing that is not."""
    if not person.missing_hours:
        return "credits.reminder_credits"
    return "credits.reminder" if person.missing_credits else "credits.reminder_hours"


def _path_of(actor: Actor, reminded: Sequence[Short]) -> str:
    """Of the organisations in which the actor manages training, the one that most of these people work in or below."""
    held = sorted({grant.organisation_path for grant in actor.grants if PERMISSION in grant.permissions})
    return max(held, key=lambda path: sum(each.organisation_path.startswith(path) for each in reminded), default="")
