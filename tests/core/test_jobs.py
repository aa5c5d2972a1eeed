"""Durable jobs: nothing lost, nothing done twice, a clear end."""

from __future__ import annotations

import subprocess
import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from core import processes
from core.errors import Unavailable
from core.jobs import Permanent, enqueue, get_job, job, reaping, registry, revive, running
from core.jobs.events import JobGaveUp
from core.jobs.models import Job
from core.outbox import delivery, subscribe
from core.outbox import registry as outbox
from core.states import WrongState

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch):
    """Register a job for one test; its behaviour is a list of outcomes, one for each attempt."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    calls = []

    def make(*outcomes, **options):
        @job("test.work", **options)
        def work(context, **arguments):
            calls.append(arguments)
            outcome = outcomes[len(calls) - 1]
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        work_kind = registry.kind_of("test.work")
        return work_kind, calls

    return make


def test_job_runs_once_and_keeps_its_result(kind, now):
    # Given a job that counts its pages
    work, calls = kind({"pages": 3})
    row = enqueue(work, now=now, arguments={"id": "7"})
    # When two workers are woken for it
    states = [running.run_job(row.pk, clock=lambda: now), running.run_job(row.pk, clock=lambda: now)]
    # Then it ran once, and both see the end
    assert states == ["succeeded", "succeeded"]
    assert calls == [{"id": "7"}]
    assert get_job(row.pk).result == {"pages": 3}


def test_same_key_is_the_same_job(kind, now):
    work, _calls = kind({})
    first = enqueue(work, now=now, arguments={}, key="consult-1")
    again = enqueue(work, now=now, arguments={}, key="consult-1")
    assert first.pk == again.pk
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_business_change_leaves_no_job(kind, now):
    work, _calls = kind({})
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(work, now=now, arguments={})
        _ = 1 / 0
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_enqueue_outside_a_transaction_is_refused(kind, now):
    work, _calls = kind({})
    with pytest.raises(RuntimeError):
        enqueue(work, now=now, arguments={})


def test_failure_is_tried_again_after_a_growing_pause(kind, now):
    work, calls = kind(Unavailable(), Unavailable(), {}, max_attempts=3)
    row = enqueue(work, now=now, arguments={})
    assert running.run_job(row.pk, clock=lambda: now) == "queued"
    row.refresh_from_db()
    assert (row.run_after - now, row.error_code) == (timedelta(seconds=5), "unavailable")
    # not yet due: nothing happens
    assert running.run_job(row.pk, clock=lambda: now + timedelta(seconds=4)) == "queued"
    later = now + timedelta(seconds=5)
    assert running.run_job(row.pk, clock=lambda: later) == "queued"
    row.refresh_from_db()
    assert row.run_after - later == timedelta(seconds=10)
    assert running.run_job(row.pk, clock=lambda: later + timedelta(seconds=10)) == "succeeded"
    row.refresh_from_db()
    assert (row.attempts, row.error_code, len(calls)) == (3, "", 3)


def test_last_failure_is_a_dead_letter_that_can_be_revived(kind, now):
    work, _calls = kind(Unavailable(), {}, max_attempts=1)
    row = enqueue(work, now=now, arguments={})
    assert running.run_job(row.pk, clock=lambda: now) == "dead"
    assert get_job(row.pk).error_code == "unavailable"
    revive(job_id=row.pk, now=now)
    assert running.run_job(row.pk, clock=lambda: now) == "succeeded"
    with pytest.raises(WrongState):
        revive(job_id=row.pk, now=now)


def test_permanent_failure_does_not_try_again(kind, now):
    work, calls = kind(Permanent("not_dicom", "This is not a DICOM file."))
    row = enqueue(work, now=now, arguments={})
    assert running.run_job(row.pk, clock=lambda: now) == "dead"
    assert get_job(row.pk).error_sentence == "This is not a DICOM file."
    assert len(calls) == 1


def test_killed_worker_gives_its_job_back_when_the_lease_runs_out(kind, now):
    # Given a worker that took the job and was killed
    work, calls = kind({}, lease_seconds=60)
    row = enqueue(work, now=now, arguments={})
    running._take(row.pk, now)
    # When the reaper comes before, and after, the lease ran out
    assert reaping.reap(now + timedelta(seconds=59)) == []
    due = reaping.reap(now + timedelta(seconds=61))
    # Then the job is due again and is done once
    assert due == [(row.pk, "default")]
    assert running.run_job(row.pk, clock=lambda: now + timedelta(seconds=61)) == "succeeded"
    assert len(calls) == 1


def test_a_worker_that_lost_its_lease_cannot_settle(kind, now):
    work, _calls = kind({}, lease_seconds=60)
    row = enqueue(work, now=now, arguments={})
    taken, token = running._take(row.pk, now)
    reaping.reap(now + timedelta(seconds=61))
    other, _other_token = running._take(row.pk, now + timedelta(seconds=61))
    # When the first one wakes up and wants to finish
    running._settle(taken, token, {"state": "succeeded"})
    # Then the job still belongs to the second
    assert Job.objects.get(pk=row.pk).state == "running"
    assert other is not None


def test_worker_lost_too_often_is_a_dead_letter(kind, now):
    work, _calls = kind({}, lease_seconds=60, max_attempts=1)
    row = enqueue(work, now=now, arguments={})
    running._take(row.pk, now)
    assert reaping.reap(now + timedelta(seconds=61)) == []
    assert (get_job(row.pk).state, get_job(row.pk).error_code) == ("dead", "worker_lost")


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_job_that_gives_up_is_told_of(kind, now, monkeypatch, is_lost):
    # given somebody who listens, and a job at its last attempt
    monkeypatch.setattr(outbox, "_subscribers", {})
    heard = []
    subscribe(JobGaveUp, lambda event, *, now: heard.append((event.job_id, event.name)), name="test.heard")
    work, _calls = kind(Unavailable(), lease_seconds=60, max_attempts=1)
    row = enqueue(work, now=now, arguments={})
    # when it fails, or its worker is lost
    if is_lost:
        running._take(row.pk, now)
        reaping.reap(now + timedelta(seconds=61))
        reaping.reap(now + timedelta(seconds=62))
    else:
        assert running.run_job(row.pk, clock=lambda: now) == "dead"
    # then
    [event_id] = delivery.undelivered(now)
    delivery.deliver(event_id, now=now)
    assert heard == [(row.pk, "test.work")]


def test_a_waiting_job_is_woken_again_only_after_half_a_minute(kind, now):
    work, _calls = kind({})
    row = enqueue(work, now=now, arguments={})
    assert reaping.reap(now + timedelta(seconds=10)) == []
    assert reaping.reap(now + timedelta(seconds=31)) == [(row.pk, "default")]
    assert reaping.reap(now + timedelta(seconds=40)) == []


def test_unknown_job_name_is_a_dead_letter(now):
    row = Job.objects.create(name="gone.away", run_after=now, created_at=now)
    assert running.run_job(row.pk, clock=lambda: now) == "dead"
    assert running.run_job(uuid.uuid4(), clock=lambda: now) == "unknown"


def test_what_an_unexpected_error_says_is_kept_nowhere(kind, now, caplog):
    # Given a database that quotes the failing row, as PostgreSQL does
    work, _calls = kind(RuntimeError("DETAIL: Failing row contains (闻人映川, 990101195903140023)."))
    row = enqueue(work, now=now, arguments={})
    # When the job fails
    running.run_job(row.pk, clock=lambda: now)
    # Then its row and the log name the kind of error and the place, and no patient
    row.refresh_from_db()
    assert (row.error_code, row.error_text) == ("RuntimeError", "")
    assert "test_jobs.py" in caplog.text
    assert "闻人映川" not in caplog.text


def test_the_job_of_a_killed_process_is_due_at_once(kind, now):
    # Given a job that another process of this machine took, and one that this process holds
    work, calls = kind({}, lease_seconds=600)
    lost, held = enqueue(work, now=now, arguments={}), enqueue(work, now=now, arguments={})
    with subprocess.Popen(["sleep", "600"]) as other:
        running._take(lost.pk, now)
        running._take(held.pk, now)
        Job.objects.filter(pk=lost.pk).update(held_by=processes.token_of(other.pid))
        # When the reaper comes while it lives, and after it was killed
        assert reaping.reap(now) == []
        other.kill()
    due = reaping.reap(now)
    # Then only the lost job is due, long before its lease runs out, and is done once
    assert due == [(lost.pk, "default")]
    assert running.run_job(lost.pk, clock=lambda: now) == "succeeded"
    assert Job.objects.get(pk=lost.pk).held_by == ""
    assert Job.objects.get(pk=held.pk).state == "running"
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("holder", "gone"),
    [
        ("", False),
        ("another-machine:1/1/1", False),
        ("{machine}/{pid}/{started}", False),
        ("{machine}/{pid}/1", True),  # the same id, another start: a later process
        ("{machine}/4194305/1", True),  # above the largest process id, PID_MAX_LIMIT of proc(5)
    ],
)
def test_only_a_certain_end_counts(holder, gone):
    machine, pid, started = processes.this_process().split("/")
    assert processes.is_gone(holder.format(machine=machine, pid=pid, started=started)) is gone


def test_a_fresh_worker_is_told_of_everything_due(kind, now):
    work, _calls = kind({})
    row = enqueue(work, now=now, arguments={})
    second = now + timedelta(seconds=1)
    assert reaping.reap(second) == []
    assert reaping.reap(second, is_fresh=True) == [(row.pk, "default")]
