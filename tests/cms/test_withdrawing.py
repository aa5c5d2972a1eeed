"""A submission is taken back behind a question that says what is lost, and never on what somebody saw before."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cms import services
from core.ids import uuid7
from peer_review import services as reviews
from peer_review.models import ReviewRound
from tests.factories.courses import assignment_of, make_course, publish, report
from tests.factories.signing_in import sign_in


@pytest.fixture
def submitted(house, now):
    return hand_in(house, make_course(house.author, house.hospital.pk, now), now)


@pytest.fixture
def author(house):
    return english(house.people.author)


def english(person):
    return sign_in(Client(headers={"accept-language": "en"}), person)


def hand_in(house, course, now):
    peers = [house.reviewer.person_id, house.reviewer2.person_id]
    services.submit_course(actor=house.author, course_id=course.pk, reviewer_ids=peers, now=now)
    course.refresh_from_db()
    return course


def approve(house, course, now):
    for reviewer in (house.reviewer, house.reviewer2):
        report(reviewer, course.round_id, now)
    services.apply_decision(round_id=course.round_id, now=now)
    course.refresh_from_db()


def page_of(answer):
    return BeautifulSoup(answer.content, "html.parser").main


def seen_on(page):
    return page.select_one("[name=seen]")["value"]


def address_of(course):
    return f"/courses/desk/{course.pk}/withdraw/"


@pytest.mark.parametrize("name", ["author", "editor"])
def test_an_approved_second_edition_is_taken_back_only_after_its_reports_are_named(house, now, name):
    # given a second edition that both reviewers approved
    course = make_course(house.author, house.hospital.pk, now)
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    services.revise_course(actor=house.author, course_id=course.pk, now=now)
    approve(house, hand_in(house, course, now), now)
    browser = english(getattr(house.people, name))
    # then the desk has no button that takes it back, only the way to the question
    desk = page_of(browser.get(f"/courses/desk/{course.pk}/"))
    assert [form for form in desk.select("form") if form.get("action") == address_of(course)] == []
    assert desk.select_one(f'a[href="{address_of(course)}"]').get_text() == "Take the submission back"
    # when it is opened
    page = page_of(browser.get(address_of(course)))
    # then it says what is lost, and nothing has happened
    assert "2 finished reports are lost: they no longer count." in page.get_text()
    assert "even if you change nothing" in page.get_text()
    course.refresh_from_db()
    assert course.state == "approved"
    # and who confirms it takes it back
    assert browser.post(address_of(course), {"seen": seen_on(page)}).status_code == 302
    course.refresh_from_db()
    assert course.state == "draft"


def test_in_review_the_question_counts_who_has_begun(house, submitted, author, now):
    assert "No reviewer has begun yet." in page_of(author.get(address_of(submitted))).get_text()
    # when one saves a draft, and the other writes a comment
    reviews.save_report(
        actor=house.reviewer,
        assignment_id=assignment_of(submitted.round_id, house.reviewer).pk,
        scores={},
        reasons={},
        summary="读到一半。",
        is_named=None,
        now=now,
    )
    text = page_of(author.get(address_of(submitted))).get_text()
    assert "1 reviewer has begun. What they have written is not used." in text
    reviews.write_comment(
        actor=house.reviewer2,
        assignment_id=assignment_of(submitted.round_id, house.reviewer2).pk,
        comment_id=uuid7(),
        anchor=submitted.manifest["units"][0]["nodes"][0]["key"],
        text="请改。",
        now=now,
    )
    text = page_of(author.get(address_of(submitted))).get_text()
    assert "2 reviewers have begun. What they have written is not used." in text
    # then nobody's name stands there
    assert house.people.reviewer.name not in text


def test_a_question_that_is_overtaken_is_asked_again_and_nothing_is_lost(house, submitted, author, now):
    seen = seen_on(page_of(author.get(address_of(submitted))))
    report(house.reviewer, submitted.round_id, now)
    # when the author confirms what stood there before, or confirms nothing, as a button of an older page would
    for sent in ({"seen": seen}, {}):
        answer = author.post(address_of(submitted), sent)
        # then a sentence says so, beside what is lost now
        page = page_of(answer)
        assert answer.status_code == 409
        alert = "The review went on after you were asked. Nothing was taken back."
        assert page.select_one("[role=alert] strong").get_text() == alert
        assert "1 finished report is lost: it no longer counts." in page.get_text()
        submitted.refresh_from_db()
        assert submitted.state == "in_review"
        assert ReviewRound.objects.get(pk=submitted.round_id).state == "open"
    # and confirming that takes it back
    assert author.post(address_of(submitted), {"seen": seen_on(page)}).status_code == 302
    submitted.refresh_from_db()
    assert submitted.state == "draft"


def test_a_round_that_was_decided_a_moment_ago_is_taken_back_and_its_decision_comes_too_late(
    house, submitted, author, now
):
    # given both reports are in, and the decision has not reached the course yet
    first = submitted.round_id
    for reviewer in (house.reviewer, house.reviewer2):
        report(reviewer, first, now)
    submitted.refresh_from_db()
    assert (submitted.state, ReviewRound.objects.get(pk=first).state) == ("in_review", "decided")
    # when its author is asked
    page = page_of(author.get(address_of(submitted)))
    # then the question says what is lost, and releases nobody, since nobody is waited for
    assert "2 finished reports are lost: they no longer count." in page.get_text()
    assert "The review is finished. It becomes a draft again." in page.get_text()
    assert "released" not in page.get_text()
    # and confirming takes it back; the decision stands in the round and changes nothing
    assert author.post(address_of(submitted), {"seen": seen_on(page)}).status_code == 302
    services.apply_decision(round_id=first, now=now)
    submitted.refresh_from_db()
    assert (submitted.state, ReviewRound.objects.get(pk=first).state) == ("draft", "decided")
    assert "可以发布。" in author.get(f"/courses/desk/{submitted.pk}/rounds/{first}/").content.decode()
    # nor does it touch the next round
    hand_in(house, submitted, now)
    services.apply_decision(round_id=first, now=now)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.round_id == first) == ("in_review", False)


def test_who_published_first_is_not_undone_by_an_old_question(house, submitted, author, now):
    approve(house, submitted, now)
    seen = seen_on(page_of(author.get(address_of(submitted))))
    services.publish_course(actor=house.editor, course_id=submitted.pk, now=now)
    answer = author.post(address_of(submitted), {"seen": seen})
    assert answer.status_code == 409
    assert "This step is not possible now: it is already Published." in page_of(answer).get_text()
    submitted.refresh_from_db()
    assert submitted.state == "published"


def test_the_question_is_for_who_may_take_it_back(house, submitted, author):
    assert english(house.people.outsider).get(address_of(submitted)).status_code == 404
    services.withdraw_submission(actor=house.author, course_id=submitted.pk, now=submitted.changed_at)
    assert author.get(address_of(submitted)).status_code == 409
