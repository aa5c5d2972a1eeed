"""Taking a request back ends where an opinion is begun, and whoever had the consult in hand hears of it."""

from __future__ import annotations

import pytest

from consult_bridge import api
from consult_bridge.models import Consult, Opinion
from core.notify.models import Notification
from core.states import WrongState
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in


def told(kind: str) -> set:
    return set(Notification.objects.filter(kind=kind).values_list("person_id", flat=True))


def wait(bridge, consult, now):
    api.request_information(actor=bridge.coordinator, consult_id=consult.pk, reason="缺心电图。", now=now)


def take_back(bridge, consult, now):
    api.cancel_consult(actor=bridge.requester, consult_id=consult.pk, reason="已出院。", now=now)


def test_a_begun_opinion_is_not_taken_back_by_way_of_a_question(bridge, now):
    consult = consult_in(bridge, "drafting", now)
    wait(bridge, consult, now)
    with pytest.raises(WrongState):
        take_back(bridge, consult, now)
    assert Consult.unscoped.get(pk=consult.pk).state == "awaiting_information"
    assert Opinion.unscoped.get().state == "drafting"
    assert told("consult.cancelled") == set()
    requester = client_of(bridge.requester)
    assert f"/consults/{consult.pk}/cancel/" not in requester.get(f"/consults/{consult.pk}/").content.decode()
    assert requester.post(f"/consults/{consult.pk}/cancel/", {"reason": "已出院。"}).status_code == 409


@pytest.mark.parametrize("state", ["submitted", "assigned", "accepted"])
def test_before_that_it_is_also_while_it_waits(bridge, now, state):
    consult = consult_in(bridge, state, now)
    wait(bridge, consult, now)
    page = client_of(bridge.requester).get(f"/consults/{consult.pk}/").content.decode()
    assert f"/consults/{consult.pk}/cancel/" in page
    take_back(bridge, consult, now)
    assert Consult.unscoped.get(pk=consult.pk).state == "cancelled"


@pytest.mark.parametrize(("state", "names"), [("submitted", ()), ("assigned", ("expert", "coordinator"))])
def test_who_had_it_in_hand_is_told(bridge, now, state, names):
    consult = consult_in(bridge, state, now)
    take_back(bridge, consult, now)
    assert told("consult.cancelled") == {getattr(bridge, name).person_id for name in names}


def test_the_former_expert_is_told_once_that_another_has_it(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    assert told("consult.reassigned") == set()
    expert, second = bridge.expert.person_id, bridge.second.person_id
    api.assign(actor=bridge.coordinator, consult_id=consult.pk, expert_id=second, replaces=expert, now=now)
    assert told("consult.reassigned") == {expert}
    api.assign(actor=bridge.coordinator, consult_id=consult.pk, expert_id=second, urgency="stat", now=now)
    assert told("consult.reassigned") == {expert}
