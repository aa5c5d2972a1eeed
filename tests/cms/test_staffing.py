"""Who may name a reviewer of a course: asked for one course and for a list, the answer is the same."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cms import policies, services
from cms.models import Course
from core.actor import SYSTEM
from core.notify.models import Notification
from peer_review.models import Assignment
from peer_review.services import declare_conflict
from tests.factories.courses import make_course
from tests.factories.people import make_actor, make_person
from tests.factories.signing_in import sign_in


def test_the_query_answers_as_the_rule_does(house, now):
    own = make_course(house.author, house.hospital.pk, now, code="CARD-101")
    foreign = make_course(house.outsider, house.elsewhere.pk, now, code="CARD-102")
    colleague = make_actor(make_person(house.hospital, "author"), now)
    left = make_actor(make_person(house.hospital), now)
    own.author_rows.create(person_id=left.person_id, position=2)
    asked = {"author": house.author, "editor": house.editor, "outsider": house.outsider, "reviewer": house.reviewer}
    asked |= {"colleague": colleague, "left": left, "system": SYSTEM}

    found = {name: set(policies.writable_by(actor).values_list("pk", flat=True)) for name, actor in asked.items()}

    assert found == {
        "author": {own.pk},
        "editor": {own.pk},
        "outsider": {foreign.pk},
        "reviewer": set(),
        "colleague": set(),
        "left": set(),
        "system": {own.pk, foreign.pk},
    }
    # and who leads the desk of which, who alone names a reviewer
    led = {name: set(policies.led_by(actor).values_list("pk", flat=True)) for name, actor in asked.items()}
    assert {name: ids for name, ids in led.items() if ids} == {"editor": {own.pk}, "system": {own.pk, foreign.pk}}
    courses = Course.unscoped.all()
    assert found == {n: {c.pk for c in courses if policies.writes(actor, c)} for n, actor in asked.items()}


def bereft_of_one(house, now, *also_authors):
    """A course under review that one of two reviewers left, with nobody free."""
    course = make_course(house.author, house.hospital.pk, now)
    for position, actor in enumerate(also_authors, start=2):
        course.author_rows.create(person_id=actor.person_id, position=position)
    both = [house.reviewer.person_id, house.reviewer2.person_id]
    round_id = services.submit_course(actor=house.author, course_id=course.pk, reviewer_ids=both, now=now)
    mine = Assignment.objects.get(round=round_id, reviewer=house.people.reviewer)
    declare_conflict(actor=house.reviewer, assignment_id=mine.pk, reason="同一课题组", now=now)
    course.refresh_from_db()
    return course


@pytest.fixture
def bereft(house, now):
    return bereft_of_one(house, now)


def test_where_every_lead_wrote_it_whoever_submitted_it_hears_what_is_left_to_do(house, now):
    bereft_of_one(house, now, house.editor)
    told = Notification.objects.filter(kind__in=("peer_review.reviewer_missing", "peer_review.nobody_names"))
    assert [(row.kind, row.person, row.url) for row in told] == [
        ("peer_review.nobody_names", house.people.author, "/home/")
    ]


def links(person, address, target):
    client = sign_in(Client(), person)
    client.cookies["xinglin_language"] = "en"
    main = BeautifulSoup(client.get(address).content, "html.parser").select_one("main")
    return [link.get_text(strip=True) for link in main.select(f"a[href='{target}']")], main.get_text(" ", strip=True)


def test_the_desk_s_lead_names_a_reviewer_and_an_author_reads_that_one_is_missing(house, bereft):
    names = f"/reviews/rounds/{bereft.round_id}/"
    round_page = f"/courses/desk/{bereft.pk}/rounds/{bereft.round_id}/"
    told = Notification.objects.filter(kind="peer_review.reviewer_missing")
    assert [row.person for row in told] == [house.people.editor]
    for address, said in ((round_page, "authors do not learn whom"), ("/courses/desk/", "A reviewer is missing")):
        assert set(links(house.people.editor, address, names)[0]) == {"Name a reviewer"}
        found, words = links(house.people.author, address, names)
        assert (found, said in words) == ([], True)
    assert sign_in(Client(), house.people.author).get(names).status_code == 404
    assert sign_in(Client(), house.people.editor).get(names).status_code == 200


def test_what_holds_of_the_blindness_stands_where_reviewers_are_proposed(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    said = {
        "en": "Reviewers do not see who wrote it. "
        "You propose reviewers, and do not see which of them wrote which report.",
        "zh-hans": "评审专家看不到作者是谁。您只提议评审专家，看不到哪份意见出自哪一位。",
    }
    client = sign_in(Client(), house.people.author)
    for language, words in said.items():
        client.cookies["xinglin_language"] = language
        assert words in client.get(f"/courses/desk/{course.pk}/submit/").content.decode()
