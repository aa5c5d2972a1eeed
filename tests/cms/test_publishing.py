"""Editions, their overlay, retirement, and what the rights are."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from cms import manifests, selectors, services, shell
from cms.api import get_edition, get_overlay, latest_edition, list_published, set_course_facts, void_in_overlay
from cms.errors import CourseNotEditable, EditionIsImmutable, NodeVoided
from cms.models import Course, CourseEdition
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.ids import uuid7
from core.states import WrongState
from peer_review.api import comments_of
from peer_review.models import Assignment, ReviewRound
from peer_review.services import write_comment
from tests.factories.courses import make_course, publish, report


@pytest.fixture
def published(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    course.refresh_from_db()
    return course


def test_an_edition_cannot_be_changed_or_deleted(published):
    edition = CourseEdition.objects.get()
    edition.title = "x"
    with pytest.raises(EditionIsImmutable):
        edition.save()
    with pytest.raises(EditionIsImmutable):
        edition.delete()
    assert manifests.digest_of(CourseEdition.objects.get().manifest) == edition.content_hash


def test_a_void_leaves_the_edition_and_grows_the_epoch(published, now):
    edition = latest_edition(published.pk)
    (node,) = edition.scored_nodes
    assert void_in_overlay(reference=node.reference, reason="withdrawn", now=now) == 1
    assert void_in_overlay(reference=node.reference, reason="withdrawn", now=now) == 0
    overlay = get_overlay(edition.id)
    assert (overlay.voids, overlay.epoch) == ({node.key: "withdrawn"}, 2)
    assert get_edition(edition.id) is edition


def test_remarks_beside_what_was_withdrawn_are_emptied_and_the_others_stay(house, published, now):
    """Given remarks beside a question and a text, when the question is withdrawn, then only the text's stand."""
    edition = latest_edition(published.pk)
    (node,), text = edition.scored_nodes, edition.nodes[0]
    part = Assignment.objects.get(round=edition.round_id, reviewer=house.reviewer.person_id)
    ReviewRound.objects.filter(pk=edition.round_id).update(state="open")
    Assignment.objects.filter(pk=part.pk).update(state="drafting")
    for anchor, words in ((node.key, "她的 BNP 是 510"), (text.key, "先问时间")):
        write_comment(
            actor=house.reviewer, assignment_id=part.pk, comment_id=uuid7(), anchor=anchor, text=words, now=now
        )
    ReviewRound.objects.filter(pk=edition.round_id).update(state="decided")
    Assignment.objects.filter(pk=part.pk).update(state="submitted")
    void_in_overlay(reference=node.reference, reason="withdrawn", now=now)
    void_in_overlay(reference=node.reference, reason="withdrawn", now=now)
    assert {c.anchor: c.text for c in comments_of(edition.round_id)} == {node.key: "", text.key: "先问时间"}
    assert AuditEntry.objects.filter(action="review.remarks_withdrawn", subject_id=published.pk).count() == 1
    desk = Client()
    desk.force_login(house.people.author)
    page = desk.get(f"/courses/desk/{published.pk}/rounds/{edition.round_id}/", headers={"accept-language": "en"})
    assert "Removed: what it was about was withdrawn." in page.content.decode()


def test_credit_facts_reach_the_catalogue(published, now):
    set_course_facts(edition_id=published.current_edition_id, facts={"credits": {"points": "2.5"}}, now=now)
    (card,) = list_published()
    assert card.credits == {"points": "2.5"}
    published.refresh_from_db()
    assert published.credit_points == Decimal("2.50")
    assert "胸痛分诊" in Client().get("/courses/?credits=yes").content.decode()
    assert "胸痛分诊" not in Client().get("/courses/?subject=neurology").content.decode()


def test_the_next_edition_keeps_keys_and_the_first_stays_readable(house, published, now):
    first = latest_edition(published.pk)
    services.revise_course(actor=house.author, course_id=published.pk, now=now + timedelta(days=3))
    assert list_published()[0].edition_id == first.id
    publish(published, house.author, [house.reviewer, house.reviewer2], house.editor, now + timedelta(days=4))
    second = latest_edition(published.pk)
    assert (first.number, second.number) == (1, 2)
    assert [n.key for n in first.nodes] == [n.key for n in second.nodes]


def test_a_retired_course_leaves_the_catalogue_and_its_page(house, published, now, django_capture_on_commit_callbacks):
    url = list_published()[0].url
    assert Client().get(url).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        services.retire_course(actor=house.editor, course_id=published.pk, now=now)
    assert list_published() == []
    assert Client().get(url).status_code == 404
    assert latest_edition(published.pk).number == 1


def test_only_the_desk_publishes_and_nothing_changes_when_it_may_not(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    with pytest.raises(WrongState):
        services.publish_course(actor=house.editor, course_id=course.pk, now=now)
    round_id = services.submit_course(
        actor=house.author,
        course_id=course.pk,
        reviewer_ids=[house.reviewer.person_id, house.reviewer2.person_id],
        now=now,
    )
    with pytest.raises(CourseNotEditable):
        services.change_course(actor=house.author, course_id=course.pk, facts={"title": "x"}, introduction="", now=now)
    for reviewer in (house.reviewer, house.reviewer2):
        report(reviewer, round_id, now)
    services.apply_decision(round_id=round_id, now=now)
    with pytest.raises(Forbidden):
        services.publish_course(actor=house.author, course_id=course.pk, now=now)
    assert CourseEdition.objects.count() == 0
    assert Course.unscoped.get(pk=course.pk).state == "approved"


def test_taking_a_submission_back_calls_the_round_off(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    round_id = services.submit_course(actor=house.author, course_id=course.pk, now=now)
    services.withdraw_submission(actor=house.author, course_id=course.pk, now=now)
    from peer_review.api import get_round

    course.refresh_from_db()
    assert (course.state, get_round(round_id).state) == ("draft", "cancelled")


def test_the_catalogue_pins_its_queries(house, published, now, django_assert_max_num_queries):
    Client().get("/courses/")
    for number in range(2, 5):
        course = make_course(house.author, house.hospital.pk, now, code=f"CARD-10{number}")
        publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    with django_assert_max_num_queries(9):
        answer = Client().get("/courses/?sort=title")
    assert answer.content.decode().count("/card-10") == 4
    with django_assert_max_num_queries(6):  # the page of courses and the numbers of the choices are kept
        Client().get("/courses/?sort=title&utm=1")


def test_an_erratum_stands_beside_its_block_and_the_edition_stays(house, published):
    edition = latest_edition(published.pk)
    key, desk = edition.nodes[0].key, Client()
    desk.force_login(house.people.editor)
    at = f"/courses/desk/{published.pk}/errata/"
    assert desk.get(at).status_code == 200
    assert desk.post(at, {"node_key": key, "text": "应为 30 分钟。"}).status_code == 302
    assert get_overlay(edition.id).errata == {key: "应为 30 分钟。"}
    assert desk.post(at, {"node_key": "unknown", "text": "x"}).status_code == 404
    assert desk.post(at, {"node_key": key, "text": ""}).status_code == 302
    assert get_overlay(edition.id).errata == {}
    author = Client()
    author.force_login(house.people.author)
    assert author.post(at, {"node_key": key, "text": "x"}).status_code == 403


def test_a_withdrawn_block_keeps_no_correction_and_takes_none(house, published, now):
    """Given a correction that quotes a block, when it is withdrawn, then the words are gone and none can be added."""
    edition = latest_edition(published.pk)
    (node,), text = edition.scored_nodes, edition.nodes[0]
    for key, words in ((node.key, "患者实为 64 岁女性"), (text.key, "应为 30 分钟。")):
        services.set_erratum(actor=house.editor, edition_id=edition.id, node_key=key, text=words, now=now)
    void_in_overlay(reference=node.reference, reason="withdrawn", now=now)
    assert get_overlay(edition.id).errata == {text.key: "应为 30 分钟。"}
    epoch = get_overlay(edition.id).epoch
    with pytest.raises(NodeVoided):
        services.set_erratum(actor=house.editor, edition_id=edition.id, node_key=node.key, text="64 岁", now=now)
    assert (get_overlay(edition.id).errata, get_overlay(edition.id).epoch) == ({text.key: "应为 30 分钟。"}, epoch)
    desk = Client()
    desk.force_login(house.people.editor)
    page = desk.get(f"/courses/desk/{published.pk}/errata/").content.decode()
    assert f'id="b-{node.key}"' in page and f'id="e-{node.key}"' not in page and f'id="e-{text.key}"' in page


def test_a_course_takes_as_long_as_its_units(house, now):
    """Given units of 20 and 12 minutes, when it is published, then the edition has 32, whatever else was posted."""
    course = make_course(house.author, house.hospital.pk, now, learning_minutes=300)
    unit = selectors.units_of(course)[0]
    services.change_unit(
        actor=house.author, course_id=course.pk, unit_id=unit.pk, revision_id=None, title="一", minutes=20, now=now
    )
    second = services.add_unit(actor=house.author, course_id=course.pk, key=uuid7(), title="二", minutes=12, now=now)
    services.add_block(
        actor=house.author,
        course_id=course.pk,
        unit_id=second,
        block_id=uuid7(),
        kind="text",
        value={"heading": "小结", "text": "<p>先看人，再看图。</p>"},
        now=now,
    )
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    course.refresh_from_db()
    assert (latest_edition(course.pk).learning_minutes, course.learning_minutes) == (32, 32)


def _bereft(actor, now):
    with translation.override("en"):
        return [task for task in shell.tasks(actor, now) if str(task.action) == "Revise the unit"]


def test_an_edition_that_lost_its_case_asks_its_author_to_revise_the_unit(house, published, now):
    assert _bereft(house.author, now) == []
    (node,) = latest_edition(published.pk).scored_nodes
    void_in_overlay(reference=node.reference, reason="withdrawn", now=now)
    (task,) = _bereft(house.author, now)
    assert task.url == f"/courses/desk/{published.pk}/"
    assert task.meta[0] == "胸痛分诊"
    assert list(shell.tasks(house.reviewer, now)) == []
    services.revise_course(actor=house.author, course_id=published.pk, now=now)
    unit = selectors.units_of(published)[0]
    services.remove_block(actor=house.author, course_id=published.pk, unit_id=unit.pk, block_id=node.key, now=now)
    assert _bereft(house.author, now) == []


def test_a_visitor_is_lent_no_picture(published):
    answer = Client().get(f"/courses/cover/{published.pk}/")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"", "no-store, private")
