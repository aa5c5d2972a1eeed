"""A course's reviewers see all that is published beside its units: facts, aims, introduction, passing, interests."""

from __future__ import annotations

from bs4 import BeautifulSoup
from django.test import Client

from cms import selectors, services
from cms.models import Course
from cms.services.review import apply_decision
from peer_review.models import Assignment
from tests.factories.courses import FACTS, make_course, report
from tests.factories.signing_in import sign_in

DISCLOSURE = "第一作者曾接受某设备公司的讲课费。"
INTRODUCTION = "<p>先读这一段，再看单元。</p>"


def _submitted(house, course, now):
    reviewers = [house.reviewer.person_id, house.reviewer2.person_id]
    return services.submit_course(actor=house.author, course_id=course.pk, reviewer_ids=reviewers, now=now)


def _read(house, round_id):
    client = sign_in(Client(), house.people.reviewer)
    client.cookies["xinglin_language"] = "en"
    assignment = Assignment.objects.get(round=round_id, reviewer=house.people.reviewer)
    return BeautifulSoup(client.get(f"/reviews/{assignment.pk}/").content, "html.parser")


def _block(soup, anchor):
    return soup.select_one(f"#b-{anchor}").get_text(" ", strip=True)


def test_a_reviewer_reads_every_fact_that_the_edition_will_hold(house, now):
    # given a course that discloses an interest and has an introduction of its own
    course = make_course(house.author, house.hospital.pk, now, disclosure=DISCLOSURE, pass_percent=70)
    page = selectors.page_of(course)
    page.introduction = INTRODUCTION
    page.save_revision()
    # when a reviewer opens it
    soup = _read(house, _submitted(house, course, now))
    # then all of it stands before the first unit
    facts = _block(soup, "course-facts")
    for text in (FACTS["title"], "CARD-101", FACTS["summary"], "Heart and circulation", "County", "中文", "45 minutes"):
        assert text in facts, text
    assert all(aim in _block(soup, "course-aims") for aim in FACTS["objectives"].splitlines())
    assert "先读这一段，再看单元。" in _block(soup, "course-introduction")
    assert "To pass: 70% of the points." in _block(soup, "course-passing")
    assert "3 attempts at a unit’s questions." in _block(soup, "course-passing")
    assert DISCLOSURE in _block(soup, "course-disclosure")
    assert [heading.get_text(strip=True)[:6] for heading in soup.select(".x-rv__sec")] == ["About ", "Unit 1"]
    # and nobody's name: reviewers do not see whose it is
    assert house.people.author.name not in soup.select_one(".x-rv__main").get_text()


def test_the_next_round_shows_what_changed_in_the_facts(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    round_id = _submitted(house, course, now)
    for reviewer in (house.reviewer, house.reviewer2):
        report(reviewer, round_id, now, "changes")
    apply_decision(round_id=round_id, now=now)
    Course.unscoped.filter(pk=course.pk).update(pass_percent=80)
    course.refresh_from_db()

    soup = _read(house, _submitted(house, course, now))

    passing = soup.select_one("#b-course-passing")
    assert "changed" in passing.select_one(".x-blk__k").get_text()
    assert (passing.find("del").get_text(), passing.find("ins").get_text()) == ("60", "80")
    assert "unchanged" in _block(soup, "course-aims")
