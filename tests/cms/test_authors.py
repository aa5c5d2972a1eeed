"""Who is an author of a course: named on its desk, told of it, in the order in which learners read the names."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from cms import selectors, services
from cms.models import Course
from core.audit.models import AuditEntry
from core.ids import uuid7
from core.notify.models import Notification
from directory.models import RoleGrant
from peer_review import services as reviews
from peer_review.api import comments_of
from peer_review.models import Assignment
from tests.factories.courses import make_course, publish, report
from tests.factories.people import grant_role, make_person


@pytest.fixture
def course(house, now) -> Course:
    return make_course(house.author, house.hospital.pk, now)


@pytest.fixture
def second(house):
    return make_person(house.hospital, "author", name="周明")


def signed_in(person, language: str = "en") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["xinglin_language"] = language
    return client


def names(course) -> list[str]:
    return [row.person.name for row in course.author_rows.select_related("person")]


def address(course, step: str = "authors", person=None) -> str:
    more = [person.pk] if person else []
    return reverse(f"cms:{step}", args=[course.pk, *more])


def test_an_author_names_another_once_however_often_it_is_pressed(house, course, second):
    # given somebody of the house who may write, and the author's page, which offers them and nobody else
    client, own = signed_in(house.people.author), house.people.author.name
    offered = BeautifulSoup(client.get(address(course)).content, "html.parser").select("#id_person option[value]")
    assert [option["value"] for option in offered] == ["", str(second.pk)]
    # when the form is sent twice
    answers = [client.post(address(course), {"person": str(second.pk)}) for _twice in range(2)]
    # then there is one row, one entry in the trail and one message
    assert [answer.status_code for answer in answers] == [302, 302]
    assert names(course) == [own, "周明"]
    assert AuditEntry.objects.filter(action="course.author_added", details__person=str(second.pk)).count() == 1
    (told,) = Notification.objects.filter(kind="cms.author_added")
    assert (told.person_id, told.params["title"], told.url) == (second.pk, "胸痛分诊", f"/courses/desk/{course.pk}/")
    assert signed_in(second).get(reverse("cms:facts", args=[course.pk])).status_code == 200
    # and the course's page shows them in this order
    page = BeautifulSoup(client.get(reverse("cms:course", args=[course.pk])).content, "html.parser")
    assert [row.get_text(" ", strip=True).split()[0] for row in page.select("[aria-labelledby=aus] li")] == [
        own,
        "周明",
    ]


def test_nobody_is_named_who_may_not_write_for_the_organisation(house, course):
    client, before = signed_in(house.people.author), names(course)
    for person in (house.people.outsider, house.people.reviewer, house.people.editor):
        answer = client.post(address(course), {"person": str(person.pk)})
        assert answer.status_code == 422
    assert client.post(address(course), {"person": "nobody"}).status_code == 422
    assert names(course) == before
    assert not Notification.objects.filter(kind="cms.author_added").exists()


def test_the_author_of_a_whole_province_may_be_named(house, course, now):
    above = make_person(house.elsewhere)
    grant_role(above, "author", house.hospital.parent)
    assert above.pk in selectors.possible_authors(course, now)


def test_the_order_of_names_is_changed_and_stays_whole(house, course, second, now):
    third = make_person(house.hospital, "author", name="吴静")
    for person in (second, third):
        services.add_author(actor=house.author, course_id=course.pk, person_id=person.pk, now=now)
    client, own = signed_in(house.people.author), house.people.author.name
    steps = [
        (third, "up", [own, "吴静", "周明"]),
        (house.people.author, "up", [own, "吴静", "周明"]),
        (house.people.author, "down", ["吴静", own, "周明"]),
        (second, "down", ["吴静", own, "周明"]),
    ]
    for person, direction, expected in steps:
        answer = client.post(address(course, "author_move", person), {"direction": direction})
        assert (answer.status_code, names(course)) == (302, expected)
    assert list(course.author_rows.values_list("position", flat=True)) == [1, 2, 3]
    assert AuditEntry.objects.filter(action="course.author_moved").count() == 2


def test_who_is_taken_off_writes_no_more_is_told_and_may_not_review(house, course, second, now):
    # given two authors
    services.add_author(actor=house.author, course_id=course.pk, person_id=second.pk, now=now)
    # when the first is taken off by the second, twice
    client = signed_in(second)
    answers = [client.post(address(course, "author_remove", house.people.author)) for _twice in range(2)]
    # then that person reads the course as any author of the house does, and writes it no more
    assert [answer.status_code for answer in answers] == [302, 302]
    assert names(course) == ["周明"]
    left = signed_in(house.people.author)
    assert left.get(reverse("cms:course", args=[course.pk])).status_code == 200
    assert left.post(address(course), {"person": str(house.people.author.pk)}).status_code == 403
    assert left.post(reverse("cms:submit", args=[course.pk]), {}).status_code == 403
    assert names(course) == ["周明"]
    (told,) = Notification.objects.filter(kind="cms.author_removed")
    assert (told.person_id, told.url) == (house.people.author.pk, "")
    # and, having written it, is no reviewer of it
    assert house.author.person_id in selectors.writers_of(course)


def test_whoever_goes_of_their_own_is_led_to_the_desk_and_told_nothing(house, course, second, now):
    services.add_author(actor=house.author, course_id=course.pk, person_id=second.pk, now=now)
    answer = signed_in(second).post(address(course, "author_remove", second))
    assert (answer.status_code, answer["Location"]) == (302, reverse("cms:desk"))
    assert names(course) == [house.people.author.name]
    assert not Notification.objects.filter(kind="cms.author_removed").exists()


def test_the_last_author_stays(house, course):
    answer = signed_in(house.people.editor).post(address(course, "author_remove", house.people.author))
    assert answer.status_code == 409
    assert "at least one author" in answer.content.decode()
    assert names(course) == [house.people.author.name]


def test_authors_stay_as_they_were_handed_in_until_the_review_is_over(house, course, second, now):
    services.add_author(actor=house.author, course_id=course.pk, person_id=second.pk, now=now)
    services.submit_course(
        actor=house.author,
        course_id=course.pk,
        reviewer_ids=[house.people.reviewer.pk, house.people.reviewer2.pk],
        now=now,
    )
    client, before = signed_in(house.people.author), names(course)
    third = make_person(house.hospital, "author")
    answers = [
        client.post(address(course), {"person": str(third.pk)}),
        client.post(address(course, "author_remove", second)),
        client.post(address(course, "author_move", second), {"direction": "up"}),
    ]
    assert [answer.status_code for answer in answers] == [409] * 3
    assert all("Under review" in answer.content.decode() for answer in answers)
    assert names(course) == before
    page = client.get(address(course)).content.decode()
    assert "its authors stay as they were handed in" in page
    assert "author_remove" not in page and "/remove/" not in page


def test_whom_an_edition_names_reviews_no_later_one(house, course, second, now):
    # given a published course of two authors, one of whom never saved a page of it and is taken off
    services.add_author(actor=house.author, course_id=course.pk, person_id=second.pk, now=now)
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    services.remove_author(actor=house.author, course_id=course.pk, person_id=second.pk, now=now)
    assert selectors.revisers_of(course) == {house.author.person_id}
    assert second.pk in selectors.writers_of(course)


@pytest.mark.parametrize(("who", "status"), [("colleague", 403), ("outsider", 404), ("reviewer", 404)])
def test_others_change_nothing(house, course, second, now, who, status):
    services.add_author(actor=house.author, course_id=course.pk, person_id=second.pk, now=now)
    people = {
        "colleague": make_person(house.hospital, "author"),
        "outsider": house.people.outsider,
        "reviewer": house.people.reviewer,
    }
    client, before = signed_in(people[who]), names(course)
    third = make_person(house.hospital, "author")
    answers = [
        client.post(address(course), {"person": str(third.pk)}),
        client.post(address(course, "author_remove", second)),
        client.post(address(course, "author_move", second), {"direction": "up"}),
    ]
    assert [answer.status_code for answer in answers] == [status] * 3
    assert names(course) == before


def test_an_author_whose_role_ended_is_marked_so(house, course, second, now):
    services.add_author(actor=house.author, course_id=course.pk, person_id=second.pk, now=now)
    RoleGrant.objects.filter(person=second).delete()
    for step in ("authors", "course"):
        rows = BeautifulSoup(signed_in(house.people.author).get(address(course, step)).content, "html.parser")
        marked = [row.get_text(" ", strip=True) for row in rows.select("ol li") if "role here now" in row.get_text()]
        assert len(marked) == 1
        assert "周明" in marked[0]


def test_the_full_editor_is_closed_to_colleagues_who_are_no_authors(house, course):
    # given an author of the same hospital, whom Wagtail lets into its pages
    colleague = make_person(house.hospital, "author")
    unit = selectors.units_of(course)[0]
    page = reverse("wagtailadmin_pages:edit", args=[unit.pk])
    assert signed_in(house.people.author).get(page).status_code == 200
    before = Revision.objects.count()
    # when they open it, and when they save
    client = signed_in(colleague)
    answers = [client.get(page), client.post(page, {"title": "Changed", "minutes": "5"})]
    # then they are sent to the course's desk and nothing was saved
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, reverse("cms:course", args=[course.pk]))] * 2
    assert Revision.objects.count() == before
    assert selectors.units_of(course)[0].title == unit.title


def test_remarks_are_answered_by_who_writes_the_course_now(house, course, second, now):
    # given a course sent back with a remark, its author changed for another since
    round_id = services.submit_course(
        actor=house.author,
        course_id=course.pk,
        reviewer_ids=[house.people.reviewer.pk, house.people.reviewer2.pk],
        now=now,
    )
    part = Assignment.objects.get(round=round_id, reviewer=house.people.reviewer)
    remark = reviews.write_comment(
        actor=house.reviewer, assignment_id=part.pk, comment_id=uuid7(), anchor="", text="缺出处", now=now
    )
    for reviewer in (house.reviewer, house.reviewer2):
        report(reviewer, round_id, now, "changes")
    services.apply_decision(round_id=round_id, now=now)
    services.add_author(actor=house.author, course_id=course.pk, person_id=second.pk, now=now)
    services.remove_author(actor=house.editor, course_id=course.pk, person_id=house.author.person_id, now=now)
    page = reverse("cms:round", args=[course.pk, round_id])
    assert [b"Save the reply" in signed_in(p).get(page).content for p in (house.people.author, second)] == [False, True]
    # when both answer
    where = reverse("cms:answer", args=[course.pk, remark])
    left, came = (
        signed_in(person).post(where, {"form_key": str(uuid7()), "text": words})
        for person, words in ((house.people.author, "旧作者"), (second, "已补"))
    )
    # then the one who was taken off answers nothing
    assert (left.status_code, came.status_code) == (403, 302)
    (comment,) = comments_of(round_id)
    assert [reply.text for reply in comment.replies] == ["已补"]
