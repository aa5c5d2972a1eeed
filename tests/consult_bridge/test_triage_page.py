"""The coordinator sees who it is and what is there, and takes a consult from an expert only knowingly."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from consult_bridge.errors import AssignedMeanwhile
from consult_bridge.models import Consult, ConsultStep
from consult_bridge.services.triage import assign
from core.notify.models import Notification
from tests.consult_bridge.test_images import dicom_file, send
from tests.consult_bridge.test_pages import client_of, hidden
from tests.factories.consults import consult_in


def page_of(consult: Consult) -> str:
    return reverse("consult_bridge:triage", args=[consult.pk])


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def given_to(person, **more) -> dict[str, str]:
    return {"action": "assign", "expert": str(person.person_id), "urgency": "urgent", "note": ""} | more


def test_it_shows_who_it_is_and_the_images(bridge, now, run_jobs):
    consult = consult_in(bridge, "submitted", now)
    send(bridge, consult, dicom_file("QX-2026-0817", StudyDescription="CHEST PLAIN"), now, run_jobs)
    page = text_of(client_of(bridge.coordinator).get(page_of(consult)))
    assert re.search(r"<h1>岑望舒 <span[^>]*>62 years, female</span></h1>", page)
    assert "QX-2026-0817" in page
    assert page.count(consult.subject) == 1
    assert "CHEST PLAIN" in page
    assert "No images belong to this consult." not in page


def test_without_images_it_says_so(bridge, now):
    page = text_of(client_of(bridge.coordinator).get(page_of(consult_in(bridge, "submitted", now))))
    assert "No images belong to this consult." in page


def test_experts_are_searched_by_name(bridge, now):
    coordinator = client_of(bridge.coordinator)
    consult = consult_in(bridge, "submitted", now)
    page = text_of(coordinator.get(page_of(consult), {"q": "宋怀"}))
    assert ("宋怀远" in page, "陈牧之" in page) == (True, False)
    assert "No expert of this hospital fits this search." in text_of(coordinator.get(page_of(consult), {"q": "无此人"}))


def test_a_form_that_was_opened_before_another_assigned_it_asks_first(bridge, now):
    # given two tabs that were opened while nobody had it
    consult = consult_in(bridge, "submitted", now)
    coordinator = client_of(bridge.coordinator)
    seen = hidden(coordinator.get(page_of(consult)), "replaces")
    assert seen == ""
    assert coordinator.post(page_of(consult), given_to(bridge.expert, replaces=seen)).status_code == 302
    # when the second gives it to somebody else
    asked = coordinator.post(page_of(consult), given_to(bridge.second, replaces=seen, note="请看"))
    # then nothing changed, and it says who has it, by whom, and asks
    consult.refresh_from_db()
    assert (asked.status_code, consult.expert_id) == (409, bridge.expert.person_id)
    page = text_of(asked)
    for words in ("Assigned to 陈牧之", "何以宁", "Assign to 宋怀远 instead", 'value="请看"'):
        assert words in page, words
    assert not Notification.objects.filter(person_id=bridge.second.person_id, kind="consult.assigned").exists()
    # when it is meant
    fields = given_to(bridge.second, replaces=hidden(asked, "replaces"))
    assert coordinator.post(page_of(consult), fields).status_code == 302
    # then it is done, and the history names both
    consult.refresh_from_db()
    assert consult.expert_id == bridge.second.person_id
    history = text_of(coordinator.get(reverse("consult_bridge:consult", args=[consult.pk]), {"tab": "history"}))
    assert "Assigned to 陈牧之" in history
    assert "Assigned to 宋怀远" in history


def test_a_page_that_shows_who_has_it_may_give_it_to_another_at_once(bridge, now):
    consult = consult_in(bridge, "assigned", now)
    coordinator = client_of(bridge.coordinator)
    page = coordinator.get(page_of(consult))
    assert "Assigned to 陈牧之" in text_of(page)
    fields = given_to(bridge.second, replaces=hidden(page, "replaces"))
    assert coordinator.post(page_of(consult), fields).status_code == 302
    consult.refresh_from_db()
    assert consult.expert_id == bridge.second.person_id


def test_a_service_that_does_not_know_who_has_it_changes_nothing(bridge, now):
    consult = consult_in(bridge, "assigned", now)
    with pytest.raises(AssignedMeanwhile):
        assign(actor=bridge.coordinator, consult_id=consult.pk, expert_id=bridge.second.person_id, now=now)
    consult.refresh_from_db()
    assert consult.expert_id == bridge.expert.person_id
    assert ConsultStep.objects.filter(consult=consult, verb="assign").count() == 1


def test_what_is_being_written_is_not_assigned_any_more(bridge, now):
    page = text_of(client_of(bridge.coordinator).get(page_of(consult_in(bridge, "drafting", now))))
    assert 'name="expert"' not in page


def test_declining_is_asked_once_more(bridge, now):
    page = text_of(client_of(bridge.coordinator).get(page_of(consult_in(bridge, "submitted", now))))
    assert 'data-confirm="confirm-decline"' in page
    assert "Decline the consult?" in page
