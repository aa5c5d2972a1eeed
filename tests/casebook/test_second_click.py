"""The second of two clicks on the case desk leads where the first one did, and nothing is done twice."""

from __future__ import annotations

import pytest
from django.urls import reverse

from casebook.models import CaseVersion, Proposal
from casebook.services import curating, publishing
from consult_bridge.models import TeachingReason
from core.audit.models import AuditEntry
from directory.models import Person
from peer_review.api import standing_of
from peer_review.models import Assignment, ReviewRound
from tests.casebook.conftest import browser, version_of
from tests.casebook.test_content import WHOLE
from tests.factories.courses import report
from tests.factories.people import make_person

VERBS = {"review": "case.frozen", "take_back": "case.taken_back", "publish": "case.published", "retire": "case.retired"}
LATER = {"review": "in_review", "take_back": "draft", "publish": "published", "retire": "retired"}
BEFORE = {"review": 0, "take_back": 1, "publish": 2, "retire": 3}
REASON = "未写地点和日期。"


@pytest.fixture
def ready(house, draft, now, run_jobs):
    """The version, as far as a verb of the desk needs it, and what its form sends."""

    def version_for(verb):
        ids = {"actor": house.editor, "version_id": draft.pk, "now": now}
        curating.save_draft(revision=draft.revision, content=WHOLE, **ids)
        both = [house.reviewer, house.reviewer2]
        people = [actor.person_id for actor in both]
        if BEFORE[verb] > 0:
            publishing.freeze_version(reviewer_ids=people, like_reason=REASON, **ids)
        if BEFORE[verb] > 1:
            round_id = version_of(draft.pk).round_id
            scores = {item["key"]: 5 for item in ReviewRound.objects.get(pk=round_id).rubric["items"]}
            for actor in both:
                report(actor, round_id, now, scores=scores)
            run_jobs(now)
        if BEFORE[verb] > 2:
            publishing.publish_version(**ids)
        forms = {"review": {"reviewers": [str(pk) for pk in people], "like_reason": REASON}}
        if verb == "take_back":
            forms[verb] = {"seen": standing_of(version_of(draft.pk).round_id).mark}
        return reverse(f"casebook:{verb}", args=[draft.pk]), forms.get(verb, {})

    return version_for


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_second_click_leads_on_and_does_nothing_twice(house, draft, ready, verb):
    address, form = ready(verb)
    client = browser(house.people["editor"])
    # when the button is clicked twice
    answers = [client.post(address, form) for _click in range(2)]
    # then both lead to the desk, and it was done once
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/cases/desk/")] * 2
    assert AuditEntry.objects.filter(action=VERBS[verb], subject_id=str(draft.pk)).count() == 1
    assert version_of(draft.pk).state == LATER[verb]
    assert ReviewRound.objects.filter(subject_id=draft.pk).count() == 1


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_same_deed_of_somebody_else_is_refused(house, draft, ready, verb):
    # given that one of two editors has done it
    address, form = ready(verb)
    browser(house.people["editor"]).post(address, form)
    # when the other does it too, then they are told that it is done
    assert browser(house.people["colleague"]).post(address, form).status_code == 409
    assert AuditEntry.objects.filter(action=VERBS[verb], subject_id=str(draft.pk)).count() == 1
    assert version_of(draft.pk).state == LATER[verb]


def test_a_case_is_proposed_once_and_the_second_click_leads_on(house, consult):
    address, client = f"/cases/propose/{consult.pk}/", browser(Person.objects.get(pk=house.bridge.requester.person_id))
    # when the button is clicked twice
    answers = [client.post(address, {"reason": REASON}) for _click in range(2)]
    # then both lead to the consult, it was done once, and nobody was refused
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"/consults/{consult.pk}/")] * 2
    assert Proposal.unscoped.count() == 1
    assert consult.steps.filter(verb="teaching_proposed").count() == 1
    for action in ("consult.proposed_for_teaching", "case.proposed"):
        assert AuditEntry.objects.filter(action=action).count() == 1
    # and another text, or another doctor, is no second click
    assert client.post(address, {"reason": "别的话。"}).status_code == 409
    colleague = make_person(house.bridge.hospital, "requester")
    assert browser(colleague).post(address, {"reason": REASON}).status_code == 409
    assert TeachingReason.unscoped.get().text == REASON


def test_a_case_is_begun_once_and_the_second_click_leads_to_it(house, opened):
    address, form = reverse("casebook:accept", args=[opened.pk]), {"specialty": "cardiology"}
    client = browser(house.people["editor"])
    # when the button is clicked twice
    answers = [client.post(address, form) for _click in range(2)]
    # then both lead to the one case
    version = CaseVersion.unscoped.get()
    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, f"/cases/versions/{version.pk}/edit/")
    ] * 2
    assert AuditEntry.objects.filter(action="case.accepted").count() == 1
    # and the other editor, who comes later, is told
    assert browser(house.people["colleague"]).post(address, form).status_code == 409


def test_other_reviewers_in_a_second_window_are_no_second_click(house, draft, ready):
    address, form = ready("review")
    others = [make_person(house.bridge.sibling, "reviewer") for _two in range(2)]
    client = browser(house.people["editor"])
    client.post(address, form)
    other = form | {"reviewers": [str(person.pk) for person in others]}
    assert client.post(address, other).status_code == 409
    asked = set(Assignment.objects.values_list("reviewer_id", flat=True))
    assert asked == {house.reviewer.person_id, house.reviewer2.person_id}
