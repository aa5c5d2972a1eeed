"""The pages over HTTP, as the people concerned: upload, viewer, pixel review by two readers, teaching viewer."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.actor import SIGNED_IN
from core.audit.models import AuditEntry
from core.ids import uuid7
from directory.models import RoleGrant
from media_pipeline import api
from media_pipeline.contracts import PatientIdentifiers
from media_pipeline.models import Candidate, IdentifiedStudy, TeachingStudy, Upload
from tests.factories.people import grant_role, make_organisation, make_person
from tests.factories.signing_in import sign_in


def signed_in(person) -> Client:
    person.language = "en"
    person.save()
    return sign_in(Client(), person)


def url(name: str, *args) -> str:
    return reverse(f"media_pipeline:{name}", args=args)


@pytest.fixture
def sent(place, echo, run_jobs) -> IdentifiedStudy:
    """The echo, sent by the form."""
    client = signed_in(place.requester)
    assert client.get(url("upload")).status_code == 200
    file = SimpleUploadedFile("echo.dcm", echo.read_bytes())
    fields = {"form_key": str(uuid7()), "organisation": str(place.county.pk), "files": [file]}
    response = client.post(url("upload"), fields)
    assert response.status_code == 302
    run_jobs()
    page = client.get(response["Location"])
    study = IdentifiedStudy.unscoped.get()
    assert f'data-study="{study.pk}"' in page.content.decode()
    return study


def test_the_list_of_studies_shows_a_picture_and_parts_number_and_study(place, sent):
    page = signed_in(place.requester).get(url("studies")).content.decode()
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    assert re.findall(r'<img src="([^"]*)" alt="" width="48"', row) == [url("frame", sent.pk, 1, 60) + "?side=96"]
    facts = re.search(r'<p class="x-meta x-dot-sep">(.*?)</p>', row, re.S)
    assert re.findall(r"<span[^>]*>(.*?)</span>", facts[1])[0] == sent.patient_id


def test_the_viewer_shows_a_frame_and_a_stranger_gets_the_same_404_as_for_nothing(place, sent):
    client = signed_in(place.requester)

    page = client.get(url("viewer", sent.pk) + "?frame=60").content.decode()
    assert url("frame", sent.pk, 1, 60) in page
    assert "frame=61" in page
    picture = client.get(url("frame", sent.pk, 1, 60))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert client.get(url("frame", sent.pk, 1, 121)).status_code == 404
    assert "PLA" in client.get(url("studies") + "?q=PLA").content.decode()

    stranger = signed_in(make_person(make_organisation(), "requester"))
    for name, *rest in (("viewer",), ("viewer_fragment",), ("frame", 1, 1)):
        foreign = stranger.get(url(name, sent.pk, *rest))
        missing = stranger.get(url(name, uuid7(), *rest))
        assert (foreign.status_code, missing.status_code) == (404, 404)
    learner = signed_in(make_person(place.county, "learner"))
    assert learner.get(url("viewer", sent.pk)).status_code == 403
    assert Client().get(url("frame", sent.pk, 1, 1)).status_code == 302


def test_key_image_is_marked_and_unmarked(place, sent):
    client = signed_in(place.requester)
    client.post(url("key_image", sent.pk), {"series": 1, "frame": 7})
    assert 'aria-pressed="true"' in client.get(url("viewer", sent.pk) + "?frame=7").content.decode()
    client.post(url("key_image", sent.pk), {"series": 1, "frame": 7})
    assert 'aria-pressed="true"' not in client.get(url("viewer", sent.pk) + "?frame=7").content.decode()


def confirm_every_frame(client: Client, release_id) -> None:
    """As a person does: page after page of frames, then the release."""
    from bs4 import BeautifulSoup

    for number in range(1, 10):
        page = BeautifulSoup(client.get(url("deid_release", release_id) + f"?page={number}").content, "html.parser")
        form = page.find("form", action=url("deid_frames", release_id))
        if form is None:
            break
        shown = page.select_one(".x-di__all")
        if shown:
            client.post(
                url("deid_frames", release_id), {"frame": [i["value"] for i in shown.select('input[name="frame"]')]}
            )


def decide_every_place(client: Client, release_id) -> None:
    """What the machine noticed is left visible, from the first place on as the page links it."""
    address = url("deid_release", release_id)
    while link := BeautifulSoup(client.get(address).content, "html.parser").select_one("a[data-undecided]"):
        picked = BeautifulSoup(client.get(address + link["href"].partition("#")[0]).content, "html.parser")
        button = picked.select_one("[name=left_visible]")
        fields = button.find_parent("form").select("input[type=hidden][name]")
        values = {field["name"]: field["value"] for field in fields}
        client.post(str(button["formaction"]), {**values, "left_visible": "on"})


def confirm_every_text(client: Client, release_id) -> None:
    page = BeautifulSoup(client.get(url("deid_release", release_id)).content, "html.parser")
    texts = [node["value"] for node in page.select('input[name="text"]')]
    client.post(url("deid_texts", release_id), {"text": texts})


def test_two_officers_release_by_the_pages_and_a_learner_sees_teaching_frames(place, sent, now, run_jobs):
    release_id = api.start_release(
        study_ids=[sent.pk],
        texts={"question": "患者李秀兰心尖四腔心切面如何观察？"},
        identifiers=PatientIdentifiers(names=("李秀兰",)),
        organisation_id=place.province.pk,
        now=now,
    )
    run_jobs()
    first, second = signed_in(place.officer), signed_in(place.officer2)
    assert str(release_id) in first.get(url("deid_list")).content.decode()
    page = first.get(url("deid_release", release_id)).content.decode()
    assert "李秀兰" in page and "[姓名]" in page
    outside = signed_in(make_person(make_organisation(), "deid_officer"))
    assert outside.get(url("deid_release", release_id)).status_code == 404

    too_early = first.post(url("deid_confirm", release_id), follow=True).content.decode()
    assert "120 frames have not been confirmed yet" in too_early
    candidate = page.split('name="candidate" value="')[1].split('"')[0]
    box = {"candidate": candidate, "left": 0, "top": 0, "width": 80, "height": 22, "reason": "name"}
    assert first.post(url("deid_box", release_id), box).status_code == 302
    assert first.get(url("deid_frame", release_id, candidate, 1) + "?redacted").status_code == 200
    for reader in (first, second):
        confirm_every_frame(reader, release_id)
        confirm_every_text(reader, release_id)
        decide_every_place(reader, release_id)
        assert reader.post(url("deid_confirm", release_id)).status_code == 302
    run_jobs()
    assert api.get_release_state(release_id) == "open"
    record = first.get(url("deid_release", release_id)).content.decode()
    assert "0 of" not in record and "心尖四腔心" not in record
    assert record.count("120 frames") == 4  # the head, what it holds, what each reader looked at
    assert record.count(">1</dd>") == 2  # one rectangle, one name in the texts

    study = TeachingStudy.objects.get()
    picture = url("teaching_frame", study.pk, 1, 60)
    assert f'src="{picture}?side=160"' in first.get(url("deid_list") + "?tab=open").content.decode()
    assert str(release_id) in second.get(url("deid_list") + "?tab=open&read=mine").content.decode()
    learner = signed_in(make_person(place.county, "learner"))
    assert learner.get(url("teaching_viewer", study.pk)).status_code == 404
    assert first.get(url("teaching_viewer", study.pk)).status_code == 200
    api.admit(release_ids=[release_id], holders=[SIGNED_IN], purpose="reading", now=now)
    assert study.patient_label in learner.get(url("teaching_viewer", study.pk)).content.decode()
    assert learner.get(url("teaching_frame", study.pk, 1, 60))["Content-Type"] == "image/jpeg"
    assert Client().get(url("teaching_frame", study.pk, 1, 60)).status_code == 302

    api.close_release(release_id=release_id, reason="consent_withdrawn", now=now)
    record = first.get(url("deid_release", release_id)).content.decode()
    assert "The patient withdrew the consent to teaching." in record and "consent_withdrawn" not in record
    assert str(release_id) not in first.get(url("deid_list")).content.decode()
    listed = first.get(url("deid_list") + "?tab=closed&holds=pictures").content.decode()
    assert "Ultrasound" in listed and "120 frames" in listed and "The patient withdrew" in listed
    assert "<img" not in listed
    assert str(release_id) not in first.get(url("deid_list") + "?tab=closed&holds=texts").content.decode()
    assert str(release_id) not in outside.get(url("deid_list") + "?tab=closed").content.decode()
    assert learner.get(url("teaching_frame", study.pk, 1, 60)).status_code == 404
    assert learner.get(url("teaching_viewer", study.pk)).status_code == 404


def test_bad_files_get_a_sentence_and_nothing_is_stored(place, run_jobs):
    client = signed_in(place.requester)
    svg = SimpleUploadedFile("x.dcm", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    fields = {"form_key": str(uuid7()), "organisation": str(place.county.pk), "files": [svg]}
    response = client.post(url("upload"), fields)
    again = client.post(url("upload"), {**fields, "files": [SimpleUploadedFile("x.dcm", b"<svg/>")]})
    assert response["Location"] == again["Location"]
    run_jobs()
    page = client.get(response["Location"]).content.decode()
    assert "This is not a DICOM file." in page
    assert "<script>alert" not in page
    assert (Upload.objects.count(), IdentifiedStudy.unscoped.count()) == (1, 0)
    assert client.post(url("upload"), {"form_key": str(uuid7())}).status_code == 422


def test_who_works_elsewhere_now_opens_no_upload_of_the_house_they_left(place, echo, now, run_jobs):
    # given an upload of somebody who may upload, but for another hospital
    receipt = api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=[echo], now=now
    )
    run_jobs()
    RoleGrant.objects.filter(person=place.requester).update(ends_at=now)
    grant_role(place.requester, "requester", make_organisation(place.province))
    leaver, colleague = signed_in(place.requester), signed_in(make_person(place.county, "requester"))
    # then what their images show is not theirs to read any more, nor theirs to have read again
    page, again = url("upload_detail", receipt.upload_id), url("upload_again", receipt.upload_id)
    assert [leaver.get(page).status_code, leaver.post(again).status_code] == [404, 404]
    assert "PLA" in colleague.get(page).content.decode()


def test_a_frame_before_the_release_is_read_leaves_a_trail_without_its_page(place, sent, now, run_jobs):
    # given the address of a frame, and a reader who has not opened the release
    release_id = api.start_release(
        study_ids=[sent.pk], texts={}, identifiers=PatientIdentifiers(), organisation_id=place.province.pk, now=now
    )
    run_jobs()
    (candidate,) = Candidate.objects.all()
    address = url("deid_frame", release_id, candidate.pk, 1)
    seen = AuditEntry.objects.filter(action="imaging.release_viewed")
    # when a stranger asks for it, then nothing is shown and nothing was seen
    assert signed_in(make_person(make_organisation(), "deid_officer")).get(address).status_code == 404
    assert not seen.exists()
    # when the reader looks at several
    reader = signed_in(place.officer)
    for number in (1, 2, 3):
        assert reader.get(url("deid_frame", release_id, candidate.pk, number)).status_code == 200
    # then it stands there once
    (entry,) = seen
    assert (entry.actor_id, entry.subject_id, entry.organisation_path) == (
        place.officer.pk, str(release_id), place.province.path
    )  # fmt: skip
