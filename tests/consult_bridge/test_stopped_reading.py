"""Images whose reading gave up: the requesting side is told, sees it on the consult and has them read again."""

from __future__ import annotations

import re

from django.urls import reverse

from consult_bridge.models import ConsultStudy
from consult_bridge.services.studies import send_images
from core.ids import uuid7
from core.jobs.models import Job
from core.notify.models import Notification
from media_pipeline.uploads import ingesting
from tests.consult_bridge.test_images import dicom_file
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in

SENTENCE = "Image files of this consult have not been read: reading stopped several times. The files are kept."
KIND = "consult.reading_stopped"


def test_the_requesting_side_is_told_and_has_them_read_again(bridge, now, run_jobs, monkeypatch):
    # given images whose reading fails for as long as it is tried
    consult = consult_in(bridge, "accepted", now)
    call = {"actor": bridge.requester, "consult_id": consult.pk, "upload_id": uuid7(), "now": now}
    send_images(**call, files=[dicom_file("QX-2026-0817")])

    def away(*_arguments, **_options):
        raise OSError("the store is away")

    Job.objects.filter(name="media_pipeline.ingest").update(max_attempts=1)
    with monkeypatch.context() as patch:
        patch.setattr(ingesting, "_handle", away)
        run_jobs(now)
    # then who asked is told, and the consult says it to nobody but the requesting side
    told = Notification.objects.filter(kind=KIND).values_list("person_id", flat=True)
    assert list(told) == [bridge.requester.person_id]
    page = reverse("consult_bridge:consult", args=[consult.pk])
    requester = client_of(bridge.requester)
    assert SENTENCE in text_of(requester.get(page))
    assert SENTENCE not in text_of(client_of(bridge.expert).get(page))

    # and the expert cannot press the button
    again = reverse("consult_bridge:images", args=[consult.pk])
    assert client_of(bridge.expert).post(again, {"action": "read_again"}).status_code in {403, 404}
    assert Job.objects.get(name="media_pipeline.ingest").state == "dead"

    # when the requester does, twice
    for _click in range(2):
        assert requester.post(again, {"action": "read_again"}).status_code == 302
    run_jobs()

    assert ConsultStudy.unscoped.get(consult=consult).is_attached
    assert SENTENCE not in text_of(requester.get(page))


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())
