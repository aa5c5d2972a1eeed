"""What a consult's page says of images and a PDF that are not there yet, and to whom no image is shown."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge.models import Consult
from media_pipeline.models import IdentifiedStudy
from tests.consult_bridge.test_drafts import NEW, begin
from tests.consult_bridge.test_images import send
from tests.consult_bridge.test_pages import client_of, request_fields
from tests.factories.consults import consult_in, study_of
from tests.permissions.objects.house import dicom_file as image_file

READING = "1 image file is being read. It need not be sent again."
NONE = "No images belong to this consult."
TRIAGE = "Triage sees no images: they are open to the doctors who ask, write and check."


def sent_with_an_image(bridge):
    """The key of a request that was sent a moment ago."""
    requester = client_of(bridge.requester)
    key = begin(requester)
    fields = request_fields(bridge, form_key=key, step="files", action="upload", dicom=image_file("QX-1", "read"))
    requester.post(NEW, fields)
    assert requester.post(NEW, {"form_key": key, "step": "check", "action": "submit"}).status_code == 302
    return key


def test_files_on_their_way_are_not_called_none_and_the_line_follows_them(bridge, run_jobs):
    # given
    key = sent_with_an_image(bridge)
    requester, page = client_of(bridge.requester), reverse("consult_bridge:consult", args=[key])
    # when they wait
    shown = requester.get(page).content.decode()
    # then
    assert READING in shown
    assert NONE not in shown
    assert f'data-poll="{page}?fragment=images"' in shown
    assert READING in requester.get(page, {"fragment": "images"}).content.decode()
    # and once they are read the line says so, asks no more, and the page shows them
    run_jobs()
    line = requester.get(page, {"fragment": "images"}).content.decode()
    assert ("The files have been read." in line, "data-poll" in line, "<html" in line) == (True, False, False)
    assert READING not in requester.get(page).content.decode()
    assert Consult.unscoped.get(pk=key).studies.filter(is_attached=True).count() == 1


def test_the_line_is_for_who_sees_the_consult(bridge):
    key = sent_with_an_image(bridge)
    page = reverse("consult_bridge:consult", args=[key])
    for fragment in ("images", "opinion-pdf", "x"):
        assert client_of(bridge.outsider).get(page, {"fragment": fragment}).status_code == 404


def test_without_any_file_none_belongs_to_it(bridge):
    consult = consult_in(bridge, "submitted", timezone.now())
    shown = client_of(bridge.requester).get(reverse("consult_bridge:consult", args=[consult.pk])).content.decode()
    assert NONE in shown
    assert "data-poll" not in shown


@pytest.mark.parametrize(("state", "sentence"), [("assigned", TRIAGE), ("closed", "They are shared while a consult")])
def test_who_triages_reads_why_there_is_none_to_see(bridge, state, sentence):
    now = timezone.now()
    consult = consult_in(bridge, state, now)
    IdentifiedStudy.unscoped.create(
        pk=study_of(consult, now),
        organisation=bridge.hospital,
        study_uid="1.2.3",
        patient_id="QX-1",
        created_at=now,
        updated_at=now,
    )
    shown = client_of(bridge.coordinator).get(reverse("consult_bridge:consult", args=[consult.pk])).content.decode()
    assert sentence in shown


def test_whose_hospital_looks_is_named_in_the_readers_language(bridge, now, run_jobs):
    bridge.hospital.name_en = "Qingxi County People’s Hospital"
    bridge.hospital.save()
    consult = consult_in(bridge, "assigned", now)
    send(bridge, consult, image_file("ANOTHER-1", "other"), now, run_jobs)
    page = reverse("consult_bridge:consult", args=[consult.pk])
    english, chinese = (client_of(bridge.expert, language).get(page) for language in ("en", "zh-hans"))
    assert "Qingxi County People’s Hospital looks whose it is" in english.content.decode()
    assert f"{bridge.hospital.name} 正在核对" in chinese.content.decode()
