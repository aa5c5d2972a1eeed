"""A course from the plain forms to the catalogue, over HTTP as each person."""

from __future__ import annotations

import pytest
from django.test import Client

from assessment.api import create_question
from cms.api import get_edition, list_published
from cms.models import Course, UnitPage
from core.content import FrozenNode
from core.ids import uuid7
from peer_review.models import Assignment
from tests.factories.courses import FACTS, QUESTION, SCORES


@pytest.fixture
def sign_in():
    def client_of(person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return client_of


def _author_a_course(house, client, now) -> Course:
    course_key = str(uuid7())
    answer = client.post(
        "/courses/desk/new/",
        {
            **FACTS,
            "form_key": course_key,
            "organisation": house.hospital.pk,
            "code": "CARD-101",
            "first_unit": "先做什么",
            "first_unit_minutes": 20,
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, f"/courses/desk/{course_key}/")
    unit = UnitPage.objects.get()
    at = f"/courses/desk/{course_key}/units/{unit.pk}/blocks/add"
    version = create_question(
        actor=house.author, organisation_id=house.hospital.pk, kind="single", content=QUESTION, now=now
    )
    text = {"form_key": str(uuid7()), "heading": "时间", "text": "先问**几点**开始痛。\n\n- 心电图\n- 硝酸甘油"}
    assert client.get(f"{at}/text/").status_code == 200
    assert client.post(f"{at}/text/", text).status_code == 302
    assert client.post(f"{at}/text/", text).status_code == 302  # the double click
    assert client.post(f"{at}/quiz/", {"form_key": str(uuid7()), "reference": str(version)}).status_code == 302
    return Course.unscoped.get(pk=course_key)


def _review(client, person, course, verdict) -> None:
    mine = Assignment.objects.get(round=course.round_id, reviewer=person)
    assert course.title in client.get("/reviews/").content.decode()
    page = client.get(f"/reviews/{mine.pk}/").content.decode()
    assert "先问<b>几点</b>开始痛" in page
    assert "急性心肌梗死最需要先做哪项检查" in page
    form = {f"score_{key}": str(score) for key, score in SCORES.items()}
    answer = client.post(
        f"/reviews/{mine.pk}/report/", {**form, "summary": "很好。", "verdict": verdict, "is_named": "yes"}
    )
    assert answer.status_code == 302


def test_from_the_plain_forms_to_the_catalogue(house, sign_in, run_jobs, now):
    # given a course made by plain forms, handed to two chosen peers
    author, editor = sign_in(house.people.author), sign_in(house.people.editor)
    course = _author_a_course(house, author, now)
    assert author.get(f"/courses/desk/{course.pk}/").status_code == 200
    chosen = [str(house.people.reviewer.pk), str(house.people.reviewer2.pk)]
    assert author.post(f"/courses/desk/{course.pk}/submit/", {"reviewers": chosen}).status_code == 302
    course.refresh_from_db()
    assert course.state == "in_review"
    # when both approve and the desk publishes
    for person in (house.people.reviewer, house.people.reviewer2):
        _review(sign_in(person), person, course, "approve")
    run_jobs()
    course.refresh_from_db()
    assert course.state == "approved"
    assert author.post(f"/courses/desk/{course.pk}/publish/").status_code == 403
    assert editor.post(f"/courses/desk/{course.pk}/publish/").status_code == 302
    # then the catalogue lists it and the edition holds what was reviewed
    (card,) = list_published()
    assert (card.code, card.number, card.title) == ("CARD-101", 1, "胸痛分诊")
    edition = get_edition(card.edition_id)
    assert [node.kind for node in edition.nodes] == ["text", "quiz"]
    assert [node.points for node in edition.scored_nodes] == [2]
    catalogue, landing = Client().get("/courses/"), Client().get(card.url)
    assert "胸痛分诊" in catalogue.content.decode()
    assert landing.status_code == 200
    body = landing.content.decode()
    assert "认出五种要命的胸痛" in body
    assert house.people.reviewer.name in body
    assert "Set-Cookie" not in landing.headers


def test_changes_requested_resubmitted_and_approved(house, sign_in, run_jobs, now):
    author = sign_in(house.people.author)
    course = _author_a_course(house, author, now)
    chosen = [str(house.people.reviewer.pk), str(house.people.reviewer2.pk)]
    author.post(f"/courses/desk/{course.pk}/submit/", {"reviewers": chosen})
    course.refresh_from_db()
    first = course.manifest_hash
    for person, verdict in ((house.people.reviewer, "approve"), (house.people.reviewer2, "changes")):
        _review(sign_in(person), person, course, verdict)
    run_jobs()
    course.refresh_from_db()
    assert course.state == "changes_requested"
    assert author.get(f"/courses/desk/{course.pk}/rounds/{course.round_id}/").status_code == 200
    # when the author changes a block and submits again
    unit = UnitPage.objects.get()
    block = unit.get_latest_revision_as_object().body.raw_data[0]["id"]
    url = f"/courses/desk/{course.pk}/units/{unit.pk}/blocks/{block}/"
    revision = unit.latest_revision_id
    changed = {"heading": "时间", "text": "先问几点开始痛，再做心电图。", "revision": revision}
    assert author.post(url, changed).status_code == 302
    assert author.post(url, changed).status_code == 409
    assert "<ins>" in author.get(f"/courses/desk/{course.pk}/changes/").content.decode()
    author.post(f"/courses/desk/{course.pk}/submit/", {"reviewers": chosen})
    course.refresh_from_db()
    assert course.state == "in_review"
    assert course.manifest_hash != first
    mine = Assignment.objects.get(round=course.round_id, reviewer=house.people.reviewer)
    page = sign_in(house.people.reviewer).get(f"/reviews/{mine.pk}/").content.decode()
    assert "<ins>" in page
    assert FrozenNode.from_json(course.manifest["units"][0]["nodes"][0]).text == "时间\n先问几点开始痛，再做心电图。"


def test_a_thin_course_says_what_is_missing(house, sign_in, now):
    author = sign_in(house.people.author)
    key = str(uuid7())
    facts = {**FACTS, "summary": "", "objectives": "", "first_unit_minutes": 15}
    author.post("/courses/desk/new/", {**facts, "form_key": key, "organisation": house.hospital.pk, "code": "THIN-1"})
    answer = author.post(f"/courses/desk/{key}/submit/", {}, headers={"accept-language": "en"})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "A summary in one or two sentences is missing." in body
    assert "The unit has no block yet." in body
    assert Course.unscoped.get(pk=key).state == "draft"


@pytest.mark.parametrize("name", ["outsider", "reviewer"])
def test_a_foreign_course_is_not_found(house, sign_in, now, name):
    course = _author_a_course(house, sign_in(house.people.author), now)
    stranger = sign_in(getattr(house.people, name))
    assert stranger.get(f"/courses/desk/{course.pk}/").status_code == 404
    assert stranger.post(f"/courses/desk/{course.pk}/submit/", {}).status_code == 404
    course.refresh_from_db()
    assert course.state == "draft"


def test_drafts_have_no_address(house, sign_in, now):
    _author_a_course(house, sign_in(house.people.author), now)
    unit = UnitPage.objects.get()
    landing = f"/courses/{house.hospital.code.lower()}/card-101/"
    assert Client().get(landing).status_code == 404
    assert Client().get(f"{landing}{unit.slug}/").status_code == 404
