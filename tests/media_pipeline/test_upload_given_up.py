"""An upload whose reading gave up says so, stops asking, and is read when somebody presses the button."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.audit.models import AuditEntry
from core.jobs.models import Job
from core.jobs.reaping import reap
from core.outbox import registry, subscribe
from core.outbox.models import OutboxEvent
from media_pipeline import api
from media_pipeline.events import UploadStopped
from media_pipeline.models import IdentifiedInstance, Upload
from media_pipeline.uploads import ingesting
from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in


def test_a_stopped_upload_says_so_and_is_read_again(place, head_slices, now, run_jobs, monkeypatch):
    # given an upload whose reading fails for as long as it is tried
    receipt = api.store_instances(
        actor=place.actor(place.requester),
        organisation_id=place.county.pk,
        source="form",
        files=head_slices[:1],
        now=now,
    )

    def away(*_arguments, **_options):
        raise OSError("the database is away")

    Job.objects.filter(pk=receipt.job_id).update(max_attempts=1)
    with monkeypatch.context() as patch:
        patch.setattr(ingesting, "_handle", away)
        run_jobs()
    assert Job.objects.get(pk=receipt.job_id).state == "dead"
    client = sign_in(Client(), place.requester)
    address = reverse("media_pipeline:upload_detail", args=[receipt.upload_id])

    # then the page says that it is our fault, polls no more and offers another try
    page = client.get(address).content.decode()
    assert "这不是文件的问题" in page and "再试一次" in page
    assert "data-poll" not in page

    # and nobody of another hospital can press it
    again = reverse("media_pipeline:upload_again", args=[receipt.upload_id])
    stranger = sign_in(Client(), make_person(make_organisation(place.province), "requester"))
    assert stranger.post(again).status_code == 404
    assert Job.objects.get(pk=receipt.job_id).state == "dead"

    for _click in range(2):
        assert client.post(again).status_code == 302
    run_jobs()

    assert Upload.objects.get(pk=receipt.upload_id).state == "done"
    assert IdentifiedInstance.objects.count() == 1
    assert AuditEntry.objects.filter(action="imaging.upload_retried").count() == 1


@pytest.fixture
def own_subscribers(monkeypatch):
    """What a test subscribes is forgotten after it."""
    kept = {event: dict(handlers) for event, handlers in registry._subscribers.items()}
    monkeypatch.setattr(registry, "_subscribers", kept)


@pytest.mark.usefixtures("own_subscribers")
def test_a_reading_that_gives_up_is_told_of_once_for_each_time(place, head_slices, now, run_jobs, monkeypatch):
    # given an upload whose worker is killed at every attempt
    heard = []
    subscribe(UploadStopped, lambda event, *, now: heard.append(event.upload_id), name="test.heard")
    receipt = api.store_instances(
        actor=place.actor(place.requester),
        organisation_id=place.county.pk,
        source="form",
        files=head_slices[:1],
        now=now,
    )
    for _time in range(2):
        Job.objects.filter(pk=receipt.job_id).update(state="running", attempts=5, lease_until=now)
        # when the reaper finds it
        reap(now + timedelta(seconds=1))
        delivered = OutboxEvent.objects.filter(delivered_at=None, event_type="core.JobGaveUp").count()
        run_jobs(now)
        assert delivered == 1
    # then
    assert heard == [receipt.upload_id] * 2
    assert api.stopped_uploads([receipt.upload_id]) == {receipt.upload_id}
    api.retry_upload(actor=place.actor(place.requester), upload_id=receipt.upload_id, now=now)
    assert api.stopped_uploads([receipt.upload_id]) == set()
