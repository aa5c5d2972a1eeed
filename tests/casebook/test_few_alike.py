"""Fewer than five patients of the county alike: the editor widens, takes away, or gives the reviewers a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from casebook import selectors
from casebook.content import years_of
from casebook.errors import TooFewAlike
from casebook.models import CaseVersion
from casebook.presenting import render_for_review
from casebook.services import curating, publishing
from consult_bridge.api import submit_consult
from consult_bridge.contracts import PatientData
from core.ids import uuid7
from peer_review.models import Assignment, ReviewRound
from tests.casebook.conftest import browser, version_of
from tests.factories.consults import make_request

WHOLE = {
    "title": "活动后气促",
    "summary": "一个切面能回答什么。",
    "age_band": "60-69",
    "sex": "female",
    "specialty": "cardiology",
    "steps": [
        {"id": "s1", "kind": "presentation", "heading": "", "body": "活动后气促 2 周。"},
        {
            "id": "s2",
            "kind": "question",
            "question": {"stem": "下一步？", "options": ["超声", "观察"], "answer": 0, "explanation": "先看结构。"},
        },
        {"id": "s3", "kind": "points", "heading": "", "body": "一个切面不能代替全部。"},
    ],
}
REASON = "病例未写地点和日期，仅凭性别和年龄段认不出本人。"


@pytest.fixture
def whole(house, draft, now) -> CaseVersion:
    """A complete draft whose county has one patient like this."""
    curating.save_draft(
        actor=house.editor, version_id=draft.pk, revision=draft.revision, content=WHOLE, now=now + timedelta(hours=1)
    )
    return version_of(draft.pk)


@pytest.fixture
def freezing(house, whole, now):
    reviewers = [house.reviewer.person_id, house.reviewer2.person_id]
    return {"actor": house.editor, "version_id": whole.pk, "reviewer_ids": reviewers, "now": now + timedelta(hours=2)}


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_frozen_without_a_reason(whole, freezing, reason):
    with pytest.raises(TooFewAlike):
        publishing.freeze_version(**freezing, like_reason=reason)

    stored = version_of(whole.pk)
    assert (stored.state, stored.frozen_at, stored.like_count) == ("draft", None, "")
    assert not ReviewRound.objects.exists()


def test_both_reviewers_read_the_reason(house, whole, freezing, now):
    publishing.freeze_version(**freezing, like_reason=f" {REASON} ")

    stored = version_of(whole.pk)
    assert (stored.state, stored.like_count, stored.like_reason) == ("in_review", "<5", REASON)
    for reviewer in (house.reviewer, house.reviewer2):
        assert Assignment.objects.filter(reviewer=reviewer.person_id).exists()
        shown = render_for_review({"version": str(whole.pk), "content": stored.content_hash}, actor=reviewer, now=now)
        assert REASON in shown[0].html


def test_where_enough_are_alike_no_reason_is_asked_or_kept(whole, freezing, monkeypatch):
    monkeypatch.setattr("casebook.selectors.consult_bridge.count_like", lambda facts, now: "12")

    publishing.freeze_version(**freezing, like_reason=REASON)

    stored = version_of(whole.pk)
    assert (stored.like_count, stored.like_reason) == ("12", "")


def test_the_casebook_names_the_release_and_no_place(whole, now, monkeypatch):
    asked = []
    monkeypatch.setattr("casebook.selectors.consult_bridge.count_like", lambda facts, now: asked.append(facts) or "7")

    assert selectors.likeness_of(whole, now=now).count == "7"

    facts = asked[0]
    assert (facts.release_id, facts.sex, facts.youngest, facts.oldest) == (whole.release_id, "female", 60, 70)
    assert not hasattr(facts, "organisation_path")


def test_the_checklist_says_it_and_takes_the_reason(house, whole):
    client = browser(house.people["editor"])
    check = f"{reverse('casebook:edit', args=[whole.pk])}?part=check"
    page = client.get(check).content.decode()
    assert "本区域内与此相似的患者不足五人" in page
    assert 'name="like_reason"' in page
    chosen = {"reviewers": [house.reviewer.person_id, house.reviewer2.person_id]}
    review = reverse("casebook:review", args=[whole.pk])

    assert client.post(review, chosen).status_code == 422
    assert version_of(whole.pk).state == "draft"
    assert client.post(review, chosen | {"like_reason": REASON}).status_code == 302
    assert version_of(whole.pk).like_reason == REASON


def test_the_checklist_of_a_common_case_asks_nothing(house, whole, monkeypatch):
    monkeypatch.setattr("casebook.selectors.consult_bridge.count_like", lambda facts, now: "12")
    check = f"{reverse('casebook:edit', args=[whole.pk])}?part=check"

    page = browser(house.people["editor"]).get(check).content.decode()

    assert 'name="like_reason"' not in page
    assert "本区域内有 12 名患者与此相似" in page


@pytest.mark.parametrize(
    ("band", "years"), [("0-1", (0, 2)), ("60-69", (60, 70)), ("80+", (80, None)), ("40-59", (40, 60))]
)
def test_a_band_is_its_years(band, years):
    assert years_of(band) == years


def test_no_band_has_no_years():
    with pytest.raises(ValueError, match="67"):
        years_of("67")


def test_asking_again_for_the_same_patient_opens_no_way_past_the_reason(house, whole, freezing, now):
    # given five further requests about the one patient, without a patient number
    patient = PatientData("岑望舒", "female", date(1964, 3, 5))
    for _time in range(5):
        request = make_request(house.bridge, patient=patient)
        submit_consult(actor=house.bridge.requester, consult_id=uuid7(), request=request, now=now)

    with pytest.raises(TooFewAlike):
        publishing.freeze_version(**freezing, like_reason="")

    assert version_of(whole.pk).state == "draft"
