"""A course that is too short for the scheme brings nothing: no line, no certificate; who makes it is told before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cms import api as cms
from cms import services
from core.notify.models import Notification
from credits.models import Certificate, CreditEntry
from credits.services import activities, crediting
from directory.models import Person
from lms.models import Enrolment
from peer_review.models import Assignment
from tests.credits.conftest import pass_course
from tests.factories.courses import make_course, publish
from tests.factories.signing_in import sign_in

REMARK = "20 learning minutes bring neither a credit nor an hour: learners who pass get no certificate. It takes 23 min"


@pytest.fixture
def draft(world, now):
    return make_course(world.author, world.hospital.pk, now - timedelta(days=4), code="CARD-020", minutes=20)


def _person(actor) -> Person:
    return Person.objects.get(pk=actor.person_id)


def _english(person) -> Client:
    client = sign_in(Client(), person)
    client.cookies["xinglin_language"] = "en"
    return client


def _warnings(client: Client, address: str) -> list[str]:
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    return [note.get_text(" ", strip=True) for note in soup.select(".x-note--warn") if "minutes" in note.get_text()]


def test_a_pass_over_nothing_enters_no_line_and_issues_no_certificate(scheme, world, draft, learner, now):
    # given a published course of 20 minutes; the scheme counts half hours of 45 minutes
    edition_id = publish(draft, world.author, world.reviewers, world.editor, now - timedelta(days=4))
    activities.announce(edition_id=edition_id, now=now)
    # when somebody passes it
    completion = pass_course(learner, cms.get_edition(edition_id), now)
    # then nothing is credited, also when asked again, and nobody is told of a credit
    for _time in range(2):
        assert crediting.credit_completion(completion_id=completion.pk, now=now) is None
    assert CreditEntry.unscoped.count() == Certificate.unscoped.count() == 0
    assert not Notification.objects.filter(kind="credits.entered").exists()
    # and the pass stays, with a sentence that says so
    assert Enrolment.objects.get(pk=completion.enrolment_id).state == "passed"
    page = _english(learner).get(f"/learn/{completion.enrolment_id}/").content.decode()
    assert "the course is too short to bring a credit, so there is no certificate; the pass stays." in page
    assert "The credit and the certificate stand under" not in page


def test_the_catalogue_names_no_credit_over_nothing(scheme, world, draft, now):
    edition_id = publish(draft, world.author, world.reviewers, world.editor, now - timedelta(days=4))
    activities.announce(edition_id=edition_id, now=now)

    card = next(card for card in cms.list_published() if card.edition_id == edition_id)
    page = Client().get(card.url, headers={"accept-language": "en"}).content.decode()

    assert card.brings_nothing
    assert "This course is too short to bring a credit: Qingjiang scheme for continuing medical education." in page
    assert "x-brings" not in page


def test_its_author_and_its_reviewers_are_warned(scheme, world, draft, now):
    author = _english(_person(world.author))
    # the author, before handing in
    (warning,) = _warnings(author, f"/courses/desk/{draft.pk}/submit/")
    assert REMARK in warning
    # and a reviewer, who reads no organisation and no scheme in it
    reviewers = [reviewer.person_id for reviewer in world.reviewers]
    services.submit_course(actor=world.author, course_id=draft.pk, reviewer_ids=reviewers, now=now)
    assignment = Assignment.objects.get(reviewer=reviewers[0], round__subject_id=draft.pk)
    (warning,) = _warnings(_english(_person(world.reviewers[0])), f"/reviews/{assignment.pk}/")
    assert REMARK in warning
    assert "清江" not in warning


@pytest.mark.parametrize("minutes", [23, 45])
def test_of_a_course_that_is_long_enough_nothing_is_said(scheme, world, minutes, now):
    draft = make_course(world.author, world.hospital.pk, now, code="CARD-045", minutes=minutes)

    assert _warnings(_english(_person(world.author)), f"/courses/desk/{draft.pk}/submit/") == []
