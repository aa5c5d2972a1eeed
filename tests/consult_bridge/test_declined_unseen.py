"""A coordinator ends what an expert already has only knowingly, and the expert hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge import api
from consult_bridge.errors import DeclineOfAssigned
from consult_bridge.models import Consult, ConsultStep
from core.notify.models import Notification
from tests.consult_bridge.test_pages import client_of, hidden
from tests.consult_bridge.test_triage_page import page_of, text_of
from tests.consult_bridge.test_two_clicks import traces
from tests.factories.consults import consult_in
from tests.factories.people import make_actor, make_person

REASON = "不属于本院服务范围。"
SEEN = "decline-assigned_to"


def declined(**more: str) -> dict[str, str]:
    return {"action": "decline", "decline-reason": REASON} | more


def told_of(actor, kind):
    return Notification.objects.filter(person_id=actor.person_id, kind=kind).count()


@pytest.fixture
def colleague(bridge):
    return make_actor(make_person(bridge.centre, "coordinator", name="顾清和"))


def test_a_form_that_was_opened_before_another_assigned_it_asks_first(bridge, colleague):
    # given a page that was opened while nobody had the consult, and a colleague who then assigns it
    then = timezone.now() - timedelta(hours=1)
    consult = consult_in(bridge, "submitted", then)
    browser = client_of(colleague)
    seen = hidden(browser.get(page_of(consult)), SEEN)
    assert seen == ""
    api.assign(actor=bridge.coordinator, consult_id=consult.pk, expert_id=bridge.expert.person_id, now=then)
    left = traces(consult.pk)
    # when the older page declines it
    asked = browser.post(page_of(consult), declined(**{SEEN: seen}))
    # then nothing changed, and it says who has it, by whom and since when, with the reason that was typed
    assert (asked.status_code, Consult.unscoped.get(pk=consult.pk).state) == (409, "assigned")
    assert traces(consult.pk) == left
    page = text_of(asked)
    assert "Assigned to 陈牧之" in page
    assert f'何以宁 <time class="x-num" datetime="{consult.steps.get(verb="assign").happened_at.isoformat()}' in page
    assert "This consult was assigned after you opened it. Nothing was changed." in page
    assert "To decline it all the same, send your reason once more: the expert is told." in page
    assert f"{REASON}</textarea>" in page
    assert "Then assign once more." not in page
    # when it is meant
    assert hidden(asked, SEEN) == str(bridge.expert.person_id)
    assert browser.post(page_of(consult), declined(**{SEEN: hidden(asked, SEEN)})).status_code == 302
    # then it is done, and both sides hear of it once
    assert Consult.unscoped.get(pk=consult.pk).state == "declined"
    assert told_of(bridge.expert, "consult.ended_by_centre") == 1
    assert told_of(bridge.requester, "consult.declined") == 1
    assert ConsultStep.objects.get(consult=consult, verb="decline").note == REASON


def test_a_page_that_shows_who_has_it_says_that_they_are_told_and_declines_at_once(bridge):
    consult = consult_in(bridge, "assigned", timezone.now())
    coordinator = client_of(bridge.coordinator)
    page = coordinator.get(page_of(consult))
    assert "陈牧之 has this consult and is told that it ends." in text_of(page)
    answer = coordinator.post(page_of(consult), declined(**{SEEN: hidden(page, SEEN)}))
    assert (answer.status_code, answer.url) == (302, reverse("consult_bridge:consult", args=[consult.pk]))
    assert Consult.unscoped.get(pk=consult.pk).state == "declined"
    assert told_of(bridge.expert, "consult.ended_by_centre") == 1


def test_one_who_was_seen_there_is_not_the_one_who_has_it_now(bridge, now):
    consult = consult_in(bridge, "assigned", now)
    seen = bridge.expert.person_id
    api.assign(
        actor=bridge.coordinator, consult_id=consult.pk, expert_id=bridge.second.person_id, replaces=seen, now=now
    )
    left = traces(consult.pk)
    for assigned_to in (None, seen):
        with pytest.raises(DeclineOfAssigned):
            api.decline(
                actor=bridge.coordinator, consult_id=consult.pk, reason=REASON, assigned_to=assigned_to, now=now
            )
    assert traces(consult.pk) == left
    assert (told_of(bridge.second, "consult.ended_by_centre"), told_of(bridge.expert, "consult.ended_by_centre")) == (
        0,
        0,
    )


def test_what_nobody_has_tells_no_expert(bridge, now):
    consult = consult_in(bridge, "submitted", now)
    api.decline(actor=bridge.coordinator, consult_id=consult.pk, reason=REASON, now=now)
    assert Notification.objects.filter(kind="consult.ended_by_centre").count() == 0
    assert told_of(bridge.requester, "consult.declined") == 1


def test_a_program_is_told_by_its_code(bridge):
    consult = consult_in(bridge, "assigned", timezone.now())
    accepts = {"accept": "application/problem+json"}
    answer = client_of(bridge.coordinator).post(page_of(consult), declined(), headers=accepts)
    assert (answer.status_code, answer.json()["code"]) == (409, "decline_of_assigned")
    assert Consult.unscoped.get(pk=consult.pk).state == "assigned"
