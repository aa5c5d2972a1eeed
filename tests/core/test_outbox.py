"""Events: delivered at least once, handled exactly once, one failing subscriber does not stop another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from core.outbox import Event, delivery, publish, registry, subscribe
from core.outbox.models import InboxReceipt, OutboxEvent

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class SomethingHappened(Event):
    thing_id: UUID
    outcome: str


@pytest.fixture(autouse=True)
def own_subscribers(monkeypatch):
    monkeypatch.setattr(registry, "_subscribers", {})


def test_each_subscriber_handles_an_event_once(now):
    seen = []
    subscribe(SomethingHappened, lambda event, *, now: seen.append(("a", event)), name="test.a")
    subscribe(SomethingHappened, lambda event, *, now: seen.append(("b", event)), name="test.b")
    event = SomethingHappened(uuid4(), "good")
    publish(event, now=now)
    [row_id] = delivery.undelivered(now)
    assert delivery.deliver(row_id, now=now) is True
    assert delivery.deliver(row_id, now=now) is True
    assert seen == [("a", event), ("b", event)]
    assert delivery.undelivered(now) == []


def test_failing_subscriber_is_retried_alone(now):
    seen, faults = [], [RuntimeError("down")]

    def unsure(event, *, now):
        if faults:
            raise faults.pop()
        seen.append("unsure")

    subscribe(SomethingHappened, unsure, name="test.unsure")
    subscribe(SomethingHappened, lambda event, *, now: seen.append("sure"), name="test.sure")
    publish(SomethingHappened(uuid4(), "x"), now=now)
    [row_id] = delivery.undelivered(now)
    assert delivery.deliver(row_id, now=now) is False
    assert seen == ["sure"]
    assert delivery.undelivered(now + timedelta(seconds=4)) == []
    assert delivery.undelivered(now + timedelta(seconds=5)) == [row_id]
    assert delivery.deliver(row_id, now=now + timedelta(seconds=5)) is True
    assert seen == ["sure", "unsure"]
    assert InboxReceipt.objects.count() == 2


def test_failed_handler_leaves_nothing_behind(now):
    def half(event, *, now):
        OutboxEvent.objects.create(event_type="half", occurred_at=now)
        raise RuntimeError("after writing")

    subscribe(SomethingHappened, half, name="test.half")
    publish(SomethingHappened(uuid4(), "x"), now=now)
    [row_id] = delivery.undelivered(now)
    assert delivery.deliver(row_id, now=now) is False
    assert not OutboxEvent.objects.filter(event_type="half").exists()
    assert not InboxReceipt.objects.exists()


def test_event_without_subscriber_leaves_no_row(now):
    publish(SomethingHappened(uuid4(), "x"), now=now)
    assert OutboxEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_publish_outside_a_transaction_is_refused(now):
    with pytest.raises(RuntimeError):
        publish(SomethingHappened(uuid4(), "x"), now=now)


@pytest.mark.django_db(transaction=True)
def test_rolled_back_change_publishes_nothing(now):
    subscribe(SomethingHappened, lambda event, *, now: None, name="test.a")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish(SomethingHappened(uuid4(), "x"), now=now)
        _ = 1 / 0
    assert OutboxEvent.objects.count() == 0


def test_payload_survives_the_database(now):
    event = SomethingHappened(uuid4(), "good")
    assert SomethingHappened.from_payload(event.payload()) == event
    assert event.event_type() == "tests.SomethingHappened"


def test_second_handler_under_one_name_is_refused():
    subscribe(SomethingHappened, test_payload_survives_the_database, name="test.a")
    with pytest.raises(ValueError, match="already listens"):
        subscribe(SomethingHappened, test_event_without_subscriber_leaves_no_row, name="test.a")


def test_an_event_that_cannot_be_read_waits_and_does_not_stop_the_others(now):
    # given an event of a kind that this version does not know, before a good one
    OutboxEvent.objects.create(event_type="tests.Forgotten", payload={}, occurred_at=now)
    heard = []
    subscribe(SomethingHappened, lambda event, *, now: heard.append(event), name="test.a")
    publish(SomethingHappened(uuid4(), "x"), now=now)
    # when everything due is delivered
    delivered = [delivery.deliver(row_id, now=now) for row_id in delivery.undelivered(now)]
    # then the good one was heard, the other waits with its reason
    assert delivered == [False, True]
    assert len(heard) == 1
    waiting = OutboxEvent.objects.get(delivered_at__isnull=True)
    assert (waiting.attempts, waiting.last_error) == (1, "tests.Forgotten: KeyError")
    assert waiting.retry_at > now
