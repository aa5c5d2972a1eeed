"""Two workers that are woken for the same thing: it is done once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from core.jobs import enqueue, job, registry, running
from core.jobs.models import Job
from core.outbox import Event, delivery, publish, subscribe
from core.outbox import registry as outbox
from core.outbox.models import InboxReceipt, OutboxEvent
from tests.races.together import at_once, racing


@dataclass(frozen=True)
class SomethingWasDone(Event):
    thing_id: UUID


@pytest.fixture
def seen(monkeypatch) -> list[str]:
    """What the only subscriber and the only job of this test have handled."""
    monkeypatch.setattr(outbox, "_subscribers", {})
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    handled: list[str] = []
    subscribe(SomethingWasDone, lambda event, *, now: handled.append(str(event.thing_id)), name="test.races")
    return handled


def work_on(seen: list[str]):
    @job("test.race")
    def work(context, **arguments):
        seen.append(arguments["id"])
        return {"by": str(context.attempt)}

    return registry.kind_of("test.race")


@racing
def test_two_deliverers_hand_an_event_on_once(seen, now):
    thing = uuid4()
    with transaction.atomic():
        publish(SomethingWasDone(thing), now=now)
    row = OutboxEvent.objects.get()
    deliver = partial(delivery.deliver, row.pk, now=now)

    assert at_once(deliver, deliver) == [True, True]

    assert seen == [str(thing)]
    assert InboxReceipt.objects.count() == 1
    row.refresh_from_db()
    assert (row.delivered_at, row.attempts, row.last_error) == (now, 0, "")


@racing
def test_two_workers_run_a_job_once(seen, now):
    with transaction.atomic():
        row = enqueue(work_on(seen), now=now, arguments={"id": "7"})
    run = partial(running.run_job, row.pk, clock=lambda: now)

    first, second = at_once(run, run)

    assert first == "succeeded"
    assert second in {"running", "succeeded"}
    assert seen == ["7"]
    row.refresh_from_db()
    assert (row.state, row.attempts, row.result) == ("succeeded", 1, {"by": "1"})


@racing
def test_two_requests_order_one_job_under_one_key(seen, now):
    """The second's insert waits for the first's commit, and then finds it."""
    kind = work_on(seen)

    def order() -> UUID:
        with transaction.atomic():
            return enqueue(kind, now=now, arguments={"id": "1"}, key="race").pk

    outcomes = at_once(order, order)

    assert outcomes == [Job.objects.get().pk] * 2
