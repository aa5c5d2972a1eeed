"""An upload whose reading gave up says so, stops asking, and is read when somebody presses the button."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from core.audit.models import AuditEntry
from core.jobs.models import Job
from media_pipeline import api
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
