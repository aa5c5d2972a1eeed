"""The ledger takes a course once, and takes a line back once, however many ask at the same moment."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

from cms import api as cms
from cms import services as courses
from cms.models import Course
from core.ids import uuid7
from core.notify.models import Notification
from credits.errors import AlreadyReversed
from credits.models import Certificate, CreditActivity, CreditEntry
from credits.services import crediting
from tests.credits.conftest import pass_course
from tests.credits.test_repeating import completed
from tests.factories.courses import publish
from tests.factories.people import grant_role, make_actor, make_person
from tests.races.together import at_once, racing


def told(kind: str) -> int:
    return Notification.objects.filter(kind=kind).count()


@racing
def test_two_officers_reverse_a_line_once(world, entry, officer, now):
    """Given a line with its certificate, when both reverse it at once, then the second one is told."""
    person = make_person(world.hospital)
    grant_role(person, "credit_officer", world.hospital)
    keys = [uuid7(), uuid7()]
    reverse = partial(crediting.reverse_entry, entry_id=entry.pk, reason="代学。", now=now)

    first, second = at_once(
        lambda: reverse(actor=officer, reversal_id=keys[0]),
        lambda: reverse(actor=make_actor(person, now), reversal_id=keys[1]),
    )

    assert first == keys[0]
    assert isinstance(second, AlreadyReversed)
    assert sum(CreditEntry.unscoped.values_list("credits", flat=True)) == Decimal(0)
    assert CreditEntry.unscoped.filter(reverses=entry).count() == 1
    assert (Certificate.unscoped.get().state, told("credits.reversed")) == ("revoked", 1)


@racing
def test_one_click_twice_reverses_a_line_once_and_is_no_error(entry, officer, now):
    key = uuid7()
    reverse = partial(
        crediting.reverse_entry, actor=officer, entry_id=entry.pk, reason="代学。", reversal_id=key, now=now
    )

    assert at_once(reverse, reverse) == [key, key]

    assert CreditEntry.unscoped.filter(reverses=entry).count() == 1


@racing
def test_a_completion_that_two_workers_credit_is_one_line(world, completion, learner, now):
    """Given a course that somebody else was credited for, when one pass is credited twice at once, then once."""
    before = pass_course(make_person(world.hospital), world.edition, now)
    crediting.credit_completion(completion_id=before.pk, now=now)
    credit = partial(crediting.credit_completion, completion_id=completion.pk, now=now)

    first, second = at_once(credit, credit)

    assert first == second == CreditEntry.unscoped.get(person=learner)
    assert (Certificate.unscoped.count(), CreditActivity.objects.count()) == (2, 1)
    assert (told("credits.entered"), told("credits.repeated")) == (2, 0)


@racing
def test_two_editions_of_one_course_that_are_credited_at_once_are_one_line(world, scheme, learner, now):
    """Given a pass of each edition in one year, when both are credited at once, then the faster one counts."""
    first_pass = pass_course(learner, world.edition, now - timedelta(days=9))
    course = Course.unscoped.get()
    courses.revise_course(actor=world.author, course_id=course.pk, now=now - timedelta(days=8))
    edition_id = publish(course, world.author, world.reviewers, world.editor, now - timedelta(days=6))
    second_pass = completed(learner, cms.get_edition(edition_id), now)

    outcomes = at_once(
        *(partial(crediting.credit_completion, completion_id=each.pk, now=now) for each in (first_pass, second_pass)),
    )

    line = CreditEntry.unscoped.get()
    assert outcomes == [line, line]
    assert line.source == f"completion:{first_pass.pk}"
    assert (Certificate.unscoped.count(), told("credits.entered"), told("credits.repeated")) == (1, 1, 1)
