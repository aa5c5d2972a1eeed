"""One course counts once in a credit year, whatever its edition; a reversal makes room again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms import api as cms
from cms import services as courses
from cms.models import Course
from core.ids import uuid7
from core.notify import notice
from core.notify.models import Notification
from credits.models import Certificate, CreditEntry, SchemeVersion
from credits.selectors.repeating import counts_as
from credits.services import crediting
from directory.models import Membership
from lms import api as lms
from lms.errors import EditionSuperseded
from lms.models import Completion, Enrolment
from tests.credits.conftest import pass_course
from tests.factories.courses import publish
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_edition(world, now):
    """Of the same course, published four days before `now`."""
    course = Course.unscoped.get()
    courses.revise_course(actor=world.author, course_id=course.pk, now=now - timedelta(days=8))
    course.refresh_from_db()
    edition_id = publish(course, world.author, world.reviewers, world.editor, now - timedelta(days=6))
    return cms.get_edition(edition_id)


@pytest.fixture
def twice(scheme, world, learner, now, request):
    """Edition 1 passed and credited, edition 2 published, passed and offered for credit again."""
    first = pass_course(learner, world.edition, now)
    crediting.credit_completion(completion_id=first.pk, now=now)
    edition = request.getfixturevalue("second_edition")
    second = pass_course(learner, edition, now + timedelta(days=3))
    crediting.credit_completion(completion_id=second.pk, now=now + timedelta(days=3))
    return first, second


def completed(person, edition, at: datetime) -> Completion:
    """A pass as the ledger's handler meets it, without the learning before."""
    enrolment = Enrolment.unscoped.create(
        person=person, course_id=edition.course_id, edition_id=edition.id, state="passed", enrolled_at=at
    )
    return Completion.objects.create(
        enrolment=enrolment,
        person=person,
        organisation=Membership.objects.get(person=person).organisation,
        course_id=edition.course_id,
        edition_id=edition.id,
        completed_at=at,
        score=100,
    )


def test_another_edition_of_the_year_brings_no_second_credit(twice, learner):
    first, _second = twice

    entry = CreditEntry.unscoped.get()
    assert (entry.source, entry.credits) == (f"completion:{first.pk}", Decimal("0.60"))
    assert Certificate.unscoped.count() == 1
    told = Notification.objects.filter(person=learner.pk, kind="credits.repeated")
    assert [n.params["title"] for n in told] == ["胸痛分诊"]


def test_the_learner_reads_that_the_course_counted_already(twice, browser):
    _first, second = twice

    page = browser.get(reverse("lms:course", args=[second.enrolment_id])).content.decode()

    assert "本年度已授过学分" in page
    assert reverse("credits:certificate", args=[Certificate.unscoped.get().pk]) in page


def test_the_first_pass_shows_its_certificate_alone(twice, browser):
    first, _second = twice

    page = browser.get(reverse("lms:course", args=[first.enrolment_id])).content.decode()

    assert "本年度已授过学分" not in page
    assert reverse("credits:certificate", args=[Certificate.unscoped.get().pk]) in page


def test_a_line_from_before_lines_said_what_they_count_as_holds_too(scheme, world, learner, second_edition, now):
    old = pass_course(learner, second_edition, now - timedelta(days=3))
    entry = crediting.credit_completion(completion_id=old.pk, now=now)
    history = make_person(world.hospital)
    line = CreditEntry.unscoped.create(
        person=history,
        organisation=world.hospital,
        scheme_version=entry.scheme_version,
        activity=entry.activity,
        source=f"completion:{uuid7()}",
        credits=entry.credits,
        hours=entry.hours,
        earned_on=entry.earned_on,
        entered_at=now,
    )
    assert line.counts_as is None

    again = crediting.credit_completion(completion_id=completed(history, world.edition, now).pk, now=now)

    assert again == line
    assert CreditEntry.unscoped.filter(person=history).count() == 1


def test_where_the_scheme_says_once_the_next_year_brings_nothing(scheme, world, learner, now):
    SchemeVersion.objects.update(rules={**SchemeVersion.objects.last().rules, "course_counts": "once"})
    first = completed(learner, world.edition, now - timedelta(days=400))
    entry = crediting.credit_completion(completion_id=first.pk, now=now)
    Enrolment.unscoped.update(state="expired")

    again = crediting.credit_completion(completion_id=completed(learner, world.edition, now).pk, now=now)

    assert again == entry
    assert entry.counts_as == f"course:{world.edition.course_id}:ever:0"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh-hans",
            ("此前已授过学分", "本课程此前已授过学分。", "“胸痛分诊”不分年度只计一次。此前登记的学分和证书保持有效。"),
        ),
        (
            "en",
            (
                "Already credited before",
                "This course has already been credited before.",
                "“胸痛分诊” counts once, in whatever year. What was entered before stays, with its certificate.",
            ),
        ),
    ],
)
def test_who_passes_it_again_the_year_after_reads_nothing_of_this_year(
    scheme, world, learner, browser, now, language, said
):
    # given a scheme that counts a course once, and a pass of the year before
    SchemeVersion.objects.update(rules={**SchemeVersion.objects.last().rules, "course_counts": "once"})
    first = completed(learner, world.edition, now - timedelta(days=400))
    crediting.credit_completion(completion_id=first.pk, now=now)
    Enrolment.unscoped.update(state="expired")
    second = pass_course(learner, world.edition, now)
    # when it is passed again
    crediting.credit_completion(completion_id=second.pk, now=now)
    # then page and notice give the reason without a year
    address = reverse("lms:course", args=[second.enrolment_id])
    page = browser.get(address, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    button, subject, body = said
    assert button in page
    assert "本年度已授过学分" not in page
    assert "Already credited this year" not in page
    (told,) = Notification.objects.filter(kind__startswith="credits.repeated")
    with translation.override(language):
        shown = notice(told)
    assert (shown.subject, shown.text) == (subject, body)


def test_the_database_refuses_a_second_line_that_counts_as_the_first(twice, world, now):
    entry = CreditEntry.unscoped.get()
    assert entry.counts_as == counts_as(world.edition.course_id, entry.scheme_version, entry.earned_on)

    with pytest.raises(IntegrityError), transaction.atomic():
        CreditEntry.unscoped.create(
            person=entry.person,
            scheme_version=entry.scheme_version,
            activity=entry.activity,
            source=f"completion:{uuid7()}",
            counts_as=entry.counts_as,
            credits=1,
            hours=1,
            earned_on=entry.earned_on,
            entered_at=now,
        )

    assert CreditEntry.unscoped.count() == 1


def test_nobody_begins_a_superseded_edition_and_who_is_in_it_stays(world, actor, now, request):
    enrolment_id = lms.enrol(actor=actor, edition_id=world.edition.id, now=now)
    edition = request.getfixturevalue("second_edition")
    other = make_actor(make_person(world.hospital), now)

    with pytest.raises(EditionSuperseded):
        lms.enrol(actor=other, edition_id=world.edition.id, now=now)

    assert not Enrolment.unscoped.filter(person=other.person_id).exists()
    assert lms.enrol(actor=actor, edition_id=world.edition.id, now=now) == enrolment_id
    lms.enrol(actor=other, edition_id=edition.id, now=now)
    assert Enrolment.unscoped.get(person=other.person_id).edition_id == edition.id


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.integers(0, 1), st.sampled_from([2025, 2026])),
        st.tuples(st.just("redeliver"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("reverse"), st.integers(0, 5), st.just(0)),
    ),
    max_size=9,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS)
def test_whatever_happens_a_course_holds_at_most_one_live_line_a_year(
    scheme, world, officer, second_edition, now, steps
):
    editions = [world.edition, second_edition]
    with transaction.atomic():
        person = make_person(world.hospital)
        passes: list[Completion] = []
        for verb, number, year in steps:
            if verb == "pass":
                at = datetime(year, 11, 2 + len(passes), tzinfo=UTC)
                Enrolment.unscoped.filter(person=person).update(state="expired")
                passes.append(completed(person, editions[number], at))
                crediting.credit_completion(completion_id=passes[-1].pk, now=at)
            elif verb == "redeliver" and passes:
                crediting.credit_completion(completion_id=passes[number % len(passes)].pk, now=now)
            elif verb == "reverse":
                live = CreditEntry.unscoped.filter(person=person, reverses=None, reversed_by=None).order_by("id")
                if live:
                    entry = live[number % len(live)]
                    crediting.reverse_entry(actor=officer, entry_id=entry.pk, reason="x", now=now)
        _judge(person, passes)
        transaction.set_rollback(True)


def _judge(person, passes: list[Completion]) -> None:
    lines = CreditEntry.unscoped.filter(person=person)
    live = lines.filter(reverses=None, reversed_by=None)
    years = [line.earned_on.year for line in live]
    assert len(years) == len(set(years))
    assert sum(line.credits for line in lines) == sum(line.credits for line in live)
    assert Certificate.unscoped.filter(person=person, state="valid").count() == len(years)
    assert set(years) <= {c.completed_at.year for c in passes}
    assert {c.completed_at.year for c in passes} <= {line.earned_on.year for line in lines}
