"""Where a learner goes on with a course that is begun, and what it lacks, as lists of courses say it in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cms import api as cms
from cms.contracts import Edition
from core.errors import Text
from core.ui.tags.times import written
from lms import selectors
from lms.models import Enrolment
from lms.presenting import Outline, outline
from lms.retakes import Retake, first_of, retakes
from lms.states import ANSWERING

ALL = 100  # percent


@dataclass(frozen=True, slots=True)
class NextStep:
    """`action` says what to do at `url`, `meta` where that is and how far the learner is."""

    enrolment: Enrolment
    title: str
    url: str
    action: Text
    meta: tuple[Text, ...]


def next_steps(rows: Sequence[Enrolment], now: datetime) -> list[NextStep]:
    """One for each enrolment, in order: its next unit, or the test that is to be taken again. What the tests earned is
    asked for only where everything is done and the course not passed, in one query for all."""
    if not rows:
        return []
    overlays = cms.get_overlays(row.edition_id for row in rows)
    found = [(row, cms.get_edition(row.edition_id)) for row in rows]
    shown = {row.pk: outline(edition, row.progress, overlays[edition.id].voids) for row, edition in found}
    finished = [row.pk for row in rows if not shown[row.pk].next_number]
    earned = selectors.earned_in(finished) if finished else {}
    steps = []
    for row, edition in found:
        again = None
        if row.pk in earned:
            again = first_of(retakes(edition, row, overlays[edition.id].voids, earned[row.pk], now))
        steps.append(_again(row, edition, again) if again else _onward(row, edition, shown[row.pk]))
    return steps


def lacks(found: Sequence[tuple[Enrolment, Edition]], now: datetime) -> dict[UUID, tuple[Text, ...]]:
    """What the test lacks of each of these enrolments in which all is read and the course is not passed. Two queries
    for all of them; none where there is no such."""
    read = [(row, edition) for row, edition in found if row.state in ANSWERING and row.progress.percent == ALL]
    if not read:
        return {}
    overlays = cms.get_overlays(edition.id for _row, edition in read)
    earned = selectors.earned_in([row.pk for row, _edition in read])
    said = {}
    for row, edition in read:
        if again := first_of(retakes(edition, row, overlays[edition.id].voids, earned[row.pk], now)):
            said[row.pk] = (_unpassed(), *_opening(again))
    return said


def _unpassed() -> Text:
    return _("All read, test not passed")


def _opening(again: Retake) -> tuple[Text, ...]:
    """When the next attempt opens; empty once it is open."""
    if again.opens_at is None:
        return ()
    return (_("Next attempt opens %(opens_at)s") % {"opens_at": written(again.opens_at)},)


def _onward(row: Enrolment, edition: Edition, shown: Outline) -> NextStep:
    number = shown.next_number
    url = reverse("lms:unit", args=[row.pk, number]) if number else reverse("lms:course", args=[row.pk])
    meta = (_place(number or shown.total, edition), f"{row.progress.percent}%")
    return NextStep(row, edition.title, url, _("Go on learning"), meta)


def _again(row: Enrolment, edition: Edition, again: Retake) -> NextStep:
    url, place = reverse("lms:unit", args=[row.pk, again.number]), _place(again.number, edition)
    if again.opens_at is None:
        return NextStep(row, edition.title, f"{url}#test", _("Answer again"), (place, _unpassed()))
    return NextStep(row, edition.title, url, _("Read the unit again"), (place, *_opening(again)))


def _place(number: int, edition: Edition) -> str:
    return _("Unit %(n)s of %(total)s") % {"n": number, "total": len(edition.units)}
