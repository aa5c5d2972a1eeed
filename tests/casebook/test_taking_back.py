"""A case in review is taken back, or its consent is withdrawn: no reviewer is left with a task on it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from casebook.services import curating, publishing
from casebook.services.publishing import freeze_version, take_back
from consult_bridge.services.consent import withdraw_consent
from core.errors import Forbidden
from core.states import WrongState
from media_pipeline.models import ReleaseAudience
from peer_review.models import Assignment, ReviewRound
from peer_review.selectors import mine_to_do
from tests.casebook.conftest import browser
from tests.casebook.test_content import WHOLE
from tests.factories.courses import report

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_review(house, draft, now):
    curating.save_draft(actor=house.editor, version_id=draft.pk, revision=draft.revision, content=WHOLE, now=now)
    reviewers = [house.reviewer.person_id, house.reviewer2.person_id]
    freeze_version(
        actor=house.editor, version_id=draft.pk, reviewer_ids=reviewers, like_reason="未写地点和日期。", now=now
    )
    draft.refresh_from_db()
    assert (draft.state, mine_to_do(house.reviewer).count()) == ("in_review", 1)
    return draft


def test_an_editor_takes_a_case_back_from_review(house, in_review):
    # given a case in review on the desk
    client = browser(house.people["editor"])
    address = f"/cases/versions/{in_review.pk}/take-back/"
    assert address in client.get("/cases/desk/").content.decode()
    round_id = in_review.round_id

    # when it is taken back, after the page has asked
    assert client.post(address, {"seen": seen_on(read(client.get(address)))}).status_code == 302

    # then it is a draft that can be edited and handed in again, and nobody has a task
    in_review.refresh_from_db()
    assert (in_review.state, in_review.round_id, in_review.frozen_at) == ("draft", None, None)
    assert ReviewRound.objects.get(pk=round_id).state == "cancelled"
    assert [mine_to_do(actor).count() for actor in (house.reviewer, house.reviewer2)] == [0, 0]
    assert client.get(f"/cases/versions/{in_review.pk}/edit/").status_code == 200

    # and its reviewers see neither its images nor what is being written
    assert not ReleaseAudience.objects.filter(purpose=f"review:{round_id}").exists()
    assignment = Assignment.objects.get(round=round_id, reviewer=house.reviewer.person_id)
    shown = browser(house.people["reviewer"]).get(f"/reviews/{assignment.pk}/")
    assert in_review.content["steps"][0]["body"] not in shown.content.decode()


def test_taking_back_says_what_is_lost_and_a_page_that_is_overtaken_asks_again(house, in_review, now, run_jobs):
    # given an editor who was asked before any reviewer had begun
    client, address = browser(house.people["editor"]), f"/cases/versions/{in_review.pk}/take-back/"
    client.cookies["xinglin_language"] = "en"
    first = read(client.get(address))
    assert "No reviewer has begun yet." in first.main.get_text()
    # when both reviewers approve meanwhile, and the editor confirms on the old page, or on none
    scores = {item["key"]: 5 for item in ReviewRound.objects.get(pk=in_review.round_id).rubric["items"]}
    for reviewer in (house.reviewer, house.reviewer2):
        report(reviewer, in_review.round_id, now, scores=scores)
    run_jobs(now)
    for sent in ({"seen": seen_on(first)}, {}):
        answer = client.post(address, sent)
        # then nothing is lost, and the page says how far it is now
        assert answer.status_code == 409
        assert "The review went on after you were asked." in read(answer).main.get_text()
        assert "2 finished reports are lost: they no longer count." in read(answer).main.get_text()
        in_review.refresh_from_db()
        assert in_review.approved_at is not None
    # and confirming what stands there now takes it back
    assert client.post(address, {"seen": seen_on(read(answer))}).status_code == 302
    in_review.refresh_from_db()
    assert in_review.state == "draft"


def read(answer):
    return BeautifulSoup(answer.content, "html.parser")


def seen_on(page):
    return page.select_one("main [name=seen]")["value"]


def test_a_case_taken_back_and_withdrawn_is_named_in_none_of_its_rounds(house, in_review, consult, now, run_jobs):
    # given a case whose first review was taken back and whose second is open
    take_back(actor=house.editor, version_id=in_review.pk, now=now)
    reviewers = [house.reviewer.person_id, house.reviewer2.person_id]
    reason = "未写地点和日期。"
    freeze_version(actor=house.editor, version_id=in_review.pk, reviewer_ids=reviewers, like_reason=reason, now=now)
    # when the consent is withdrawn
    withdraw_consent(actor=house.bridge.requester, consult_id=consult.pk, reason="改变主意", now=now)
    run_jobs(now)
    # then no round of it says more than its number
    rounds = ReviewRound.objects.filter(subject_id=in_review.pk)
    assert set(rounds.values_list("title", "state")) == {(in_review.case.code, "cancelled")}
    assert rounds.count() == 2


def test_a_foreign_editor_and_a_reviewer_take_nothing_back(house, in_review, now):
    for name, status in (("foreign_editor", 404), ("reviewer", 403)):
        answer = browser(house.people[name]).post(f"/cases/versions/{in_review.pk}/take-back/")
        assert answer.status_code == status
    with pytest.raises(Forbidden):
        take_back(actor=house.reviewer, version_id=in_review.pk, now=now)
    in_review.refresh_from_db()
    assert (in_review.state, mine_to_do(house.reviewer).count()) == ("in_review", 1)


def test_a_draft_cannot_be_taken_back(house, draft, now):
    with pytest.raises(WrongState):
        take_back(actor=house.editor, version_id=draft.pk, now=now)


def test_consent_withdrawn_during_the_review_calls_the_round_off(house, in_review, consult, now, run_jobs):
    # when the patient takes the consent back
    withdraw_consent(actor=house.bridge.requester, consult_id=consult.pk, reason="改变主意", now=now)
    run_jobs(now)

    # then the version is gone and so is every task on it
    in_review.refresh_from_db()
    assert in_review.state == "withdrawn"
    assert ReviewRound.objects.get(pk=in_review.round_id).state == "cancelled"
    assert [mine_to_do(actor).count() for actor in (house.reviewer, house.reviewer2)] == [0, 0]
    publishing.withdraw_release(release_id=in_review.release_id, now=now)  # a second delivery changes nothing
