"""Another urgency allows another time, and never takes back what the clock stood still."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consult_bridge import api
from consult_bridge.models import Consult
from consult_bridge.services.submitting import supply_information
from consult_bridge.vocabulary import time_allowed
from tests.factories.consults import consult_in

MINUTES = timedelta(minutes=1)


def due(consult):
    return Consult.unscoped.get(pk=consult.pk).due_at


def pause(bridge, consult, start, length):
    api.request_information(actor=bridge.coordinator, consult_id=consult.pk, reason="缺心电图。", now=start)
    supply_information(actor=bridge.requester, consult_id=consult.pk, text=f"已补 {start}。", now=start + length)


def assign(bridge, consult, urgency, now):
    call = {"actor": bridge.coordinator, "consult_id": consult.pk, "expert_id": bridge.expert.person_id, "now": now}
    api.assign(urgency=urgency, **call)


@pytest.mark.parametrize("urgency", ["stat", "routine", "urgent", ""])
def test_pauses_stay_counted_when_the_urgency_changes(bridge, now, urgency):
    consult = consult_in(bridge, "submitted", now)
    pause(bridge, consult, now + 5 * MINUTES, 40 * MINUTES)
    pause(bridge, consult, now + 50 * MINUTES, 7 * MINUTES)
    assign(bridge, consult, urgency, now + 60 * MINUTES)
    assert due(consult) == now + time_allowed(urgency or "urgent") + 47 * MINUTES


def test_there_and_back_again_is_where_it_was(bridge, now):
    consult = consult_in(bridge, "submitted", now)
    pause(bridge, consult, now + 5 * MINUTES, 40 * MINUTES)
    before = due(consult)
    for urgency in ("stat", "routine", "urgent"):
        assign(bridge, consult, urgency, now + 60 * MINUTES)
    assert due(consult) == before
    pause(bridge, consult, now + 70 * MINUTES, 3 * MINUTES)
    assert due(consult) == before + 3 * MINUTES


def test_without_a_pause_it_counts_from_submission(bridge, now):
    consult = consult_in(bridge, "submitted", now)
    assign(bridge, consult, "stat", now + 20 * MINUTES)
    assert due(consult) == now + time_allowed("stat")
    assert Consult.unscoped.get(pk=consult.pk).overdue_at is None
