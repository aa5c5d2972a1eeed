"""A disk without space: recognised, told, waited for; what can be made again is made again."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache, caches
from django.db import OperationalError
from redis.exceptions import ResponseError

from core import kept
from core.actor import Actor
from core.audit import heads, record, seal_pending
from core.audit.models import AuditSeal
from core.full_disk import is_full_disk
from core.jobs import enqueue, get_job, job, registry, running
from core.jobs.models import Job
from core.outbox import Event, delivery, publish, subscribe
from core.outbox import registry as subscribers
from core.outbox.models import OutboxEvent
from core.ui import page_cache

DOCTOR = Actor(person_id=UUID("0191a000-0000-7000-8000-000000000001"), name="周明")
MISCONF = ResponseError("MISCONF Errors writing to the AOF file: No space left on device")
NO_SPACE = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (NO_SPACE, True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.EIO, "Input/output error"), False),
        (OperationalError("database or disk is full"), True),
        (OperationalError('could not extend file "base/1/2": No space left on device'), True),
        (OperationalError("database is locked"), False),
        (MISCONF, True),
        (ResponseError("WRONGTYPE Operation against a key"), False),
        (None, False),
    ],
)
def test_a_full_disk_is_recognised(error: Exception | None, is_full: bool) -> None:
    assert is_full_disk(error) is is_full


def test_a_full_disk_behind_another_error_is_recognised() -> None:
    wrapped = RuntimeError("the image was not stored")
    wrapped.__cause__ = NO_SPACE

    assert is_full_disk(wrapped)


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that answers every write so."""

    def refuse(*_arguments: object, **_named: object) -> None:
        raise MISCONF

    backend = caches["default"]
    for verb in ("set", "add", "incr", "delete"):
        monkeypatch.setattr(backend, verb, refuse)


def test_what_can_be_made_again_is_not_missed(refused: None) -> None:
    # when
    kept.keep("page", "body", 60)
    kept.forget("page")
    # then nothing is kept, everybody is the first, nobody is counted
    assert cache.get("page") is None
    assert [kept.is_first("reader", 60), kept.is_first("reader", 60)] == [True, True]
    assert kept.count_up("visits", 60) == 0
    page_cache.bump_epoch()


def test_with_space_it_is_kept_counted_and_forgotten() -> None:
    kept.keep("page", "body", 60)
    assert cache.get("page") == "body"
    kept.forget("page")
    assert cache.get("page") is None
    assert [kept.is_first("reader", 60), kept.is_first("reader", 60)] == [True, False]
    assert [kept.count_up("visits", 60), kept.count_up("visits", 60)] == [1, 2]


def test_another_fault_of_the_broker_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ResponseError("WRONGTYPE Operation against a key")

    monkeypatch.setattr(caches["default"], "set", fail)

    with pytest.raises(ResponseError, match="WRONGTYPE"):
        kept.keep("page", "body", 60)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], registry.JobKind]:
    """A job that fails once with this error, then succeeds."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))

    def make(error: Exception) -> registry.JobKind:
        left = [error]

        @job("test.space", max_attempts=1)
        def work(_context: object) -> None:
            if left:
                raise left.pop()

        return work

    return make


@pytest.mark.django_db
def test_a_job_waits_for_space_and_the_attempt_does_not_count(failing, now) -> None:
    # given a job with one attempt
    row = enqueue(failing(NO_SPACE), now=now, arguments={})
    # when the disk is full
    assert running.run_job(row.pk, clock=lambda: now) == "queued"
    # then it has all its attempts left, and says what it waits for
    waiting = Job.objects.get()
    assert (waiting.attempts, waiting.error_code, waiting.run_after) == (
        0,
        "storage_full",
        now + timedelta(seconds=15),
    )
    later = now + timedelta(seconds=16)
    assert running.run_job(row.pk, clock=lambda: later) == "succeeded"
    assert get_job(row.pk).error_code == ""


@pytest.mark.django_db
def test_a_result_that_could_not_be_written_is_written_when_there_is_space(failing, now, monkeypatch) -> None:
    # given work that is done, and a database that is full twice
    row = enqueue(failing(ValueError("once")), now=now, arguments={})
    Job.objects.update(max_attempts=5)
    settle, refusals = running._settle_once, [1, 2]
    pauses: list[float] = []

    def full(*arguments):
        if refusals:
            refusals.pop()
            raise OperationalError("database or disk is full")
        return settle(*arguments)

    monkeypatch.setattr(running, "_settle_once", full)
    monkeypatch.setattr(running.time, "sleep", pauses.append)
    # when / then
    assert running.run_job(row.pk, clock=lambda: now) == "queued"
    assert pauses == [2.0, 2.0]
    assert Job.objects.get().error_code == "ValueError"


@dataclass(frozen=True)
class SpaceAsked(Event):
    thing_id: UUID


@pytest.mark.django_db
def test_an_event_is_delivered_soon_after_there_is_space(now, monkeypatch) -> None:
    # given a subscriber whose disk is full for long
    monkeypatch.setattr(subscribers, "_subscribers", {})
    seen: list[UUID] = []
    is_full = [True]

    def handle(event: SpaceAsked, *, now) -> None:
        if is_full:
            raise OperationalError("database or disk is full")
        seen.append(event.thing_id)

    subscribe(SpaceAsked, handle, name="test.space")
    event = SpaceAsked(uuid4())
    publish(event, now=now)
    [row_id] = delivery.undelivered(now)
    for _try in range(8):
        assert delivery.deliver(row_id, now=now) is False
    # then the pause has not grown
    row = OutboxEvent.objects.get()
    assert (row.retry_at, row.last_error) == (now + timedelta(seconds=5), "test.space: storage_full")
    is_full.clear()
    assert delivery.deliver(row_id, now=now) is True
    assert seen == [event.thing_id]


@pytest.fixture
def file_of_heads(settings, tmp_path: Path) -> Path:
    settings.XINGLIN_AUDIT_HEADS = tmp_path / "heads.jsonl"
    return settings.XINGLIN_AUDIT_HEADS


def sealed(now, count: int) -> None:
    for number in range(count):
        record(action="test.done", actor=DOCTOR, subject_type="test", subject_id=str(number), now=now)
    seal_pending(now=now)


@pytest.mark.django_db
def test_a_head_written_in_part_is_taken_back_and_written_whole_later(now, file_of_heads, monkeypatch) -> None:
    # given a file with one head, and a disk that takes ten bytes more
    sealed(now, 1)
    whole = file_of_heads.read_bytes()

    def no_sync(_descriptor: int) -> None:
        raise NO_SPACE

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", no_sync)
        with pytest.raises(OSError, match="No space"):
            sealed(now, 1)
    # then the file is as before, and the head follows when there is space
    assert file_of_heads.read_bytes() == whole
    seal_pending(now=now)
    lines = file_of_heads.read_bytes().splitlines()
    assert [json.loads(line)["seal"] for line in lines] == [
        str(key) for key in AuditSeal.objects.order_by("sequence").values_list("pk", flat=True)
    ]


@pytest.mark.django_db
def test_what_a_killed_sealer_left_behind_the_last_line_goes(now, file_of_heads) -> None:
    sealed(now, 1)
    with file_of_heads.open("ab") as file:
        file.write(b'{"chain": "", "da')

    sealed(now, 1)

    found, wrong = heads.read()
    assert (len(found), wrong) == (2, [])
