"""Images that name another patient, and files that are no images: nobody has to find out by waiting."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from consult_bridge.errors import ConsultNotFound
from consult_bridge.models import ArrivedStudy, Consult, ConsultStudy, DraftFile, Patient, RefusedStudy
from consult_bridge.services.studies import attach_by_hand, confirm_same_patient, not_this_patient
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.ids import uuid7
from core.notify.models import Notification
from media_pipeline import api as media
from media_pipeline.models import IdentifiedStudy
from tests.consult_bridge.test_drafts import NEW, begin
from tests.consult_bridge.test_images import OF_ANOTHER, dicom_file, send
from tests.consult_bridge.test_pages import client_of, hidden, request_fields
from tests.factories.consults import consult_in
from tests.factories.people import make_actor, make_person

NUMBER = "QX-2026-0817"
ASIDE = "1 study arrived that names another patient."
UNNUMBERED = "1 study arrived whose patient number cannot be compared."
NOT_DICOM = "This is not a DICOM file."
CUT_OFF = "The file claims a part that is longer than the file itself."


def page_of(consult: Consult, name: str = "consult") -> str:
    return reverse(f"consult_bridge:{name}", args=[consult.pk])


def text_of(response) -> str:
    """Without tokens and nonces: three letters of a name stand in one of them now and then."""
    return re.sub(r"\s+", " ", re.sub(r'nonce="[^"]*"|[A-Za-z0-9_]{32,}', "", response.content.decode()))


def next_file(header: dict[str, str]) -> SimpleUploadedFile:
    """A second image of the study that `dicom_file` makes."""
    number = header["PatientID"]
    return dicom_file(number, **header, SOPInstanceUID="1.3.6.1.4.1.5962.1.1.1.1.2")


def told(kind: str) -> list:
    return list(Notification.objects.filter(kind=kind).values_list("person_id", flat=True))


@pytest.fixture
def another(bridge, now, run_jobs):
    """A consult to which images were uploaded that carry its patient's number, and another name and birth date."""
    consult = consult_in(bridge, "assigned", now)
    send(bridge, consult, dicom_file(NUMBER, **OF_ANOTHER), now, run_jobs)
    return consult


def test_a_number_that_agrees_does_not_bring_another_patients_images(bridge, another, now):
    study = IdentifiedStudy.unscoped.get()
    assert not ConsultStudy.unscoped.exists()
    assert not media.may_view_study(bridge.expert, study.pk, now)
    assert ArrivedStudy.objects.get().consult_id == another.pk
    assert told("consult.study_set_aside") == [bridge.requester.person_id]
    assert AuditEntry.objects.filter(action="study.set_aside", subject_id=str(another.pk)).count() == 1


def test_the_requesting_side_is_asked_on_the_consult_at_home_and_on_the_images_page(bridge, another):
    requester = client_of(bridge.requester)
    assert ASIDE in text_of(requester.get(page_of(another)))
    assert "Images that are no part of the consult yet: look whose they are" in text_of(requester.get("/home/"))
    page = text_of(requester.get(page_of(another, "images")))
    for words in ("岑望舒", "Doe Jane", "5 March 1964", "24 November 1966", "differs", "agrees"):
        assert words in page, words


def test_a_record_without_a_number_takes_images_of_which_everything_else_agrees(bridge, now, run_jobs):
    consult = consult_in(bridge, "assigned", now)
    Patient.objects.filter(pk=consult.patient_id).update(record_number="")
    send(bridge, consult, dicom_file("MACHINE-7"), now, run_jobs)
    assert ConsultStudy.unscoped.get(consult=consult).is_attached
    assert told("consult.study_set_aside") == []


@pytest.mark.parametrize(
    ("recorded", "in_header", "header", "reason"),
    [
        ("", "MACHINE-7", {"PatientSex": ""}, "The record has no patient number: look whose images these are."),
        (NUMBER, "", {}, "The header has no patient number: look whose images these are."),
    ],
)
def test_numbers_that_cannot_be_compared_are_a_question_and_no_alarm(
    bridge, now, run_jobs, recorded, in_header, header, reason
):
    # given
    consult = consult_in(bridge, "assigned", now)
    Patient.objects.filter(pk=consult.patient_id).update(record_number=recorded)
    # when
    send(bridge, consult, dicom_file(in_header, **header), now, run_jobs)
    # then it is set aside, and nowhere said that it names somebody else
    assert ArrivedStudy.objects.get().consult_id == consult.pk
    assert not ConsultStudy.unscoped.exists()
    requester = client_of(bridge.requester)
    images = text_of(requester.get(page_of(consult, "images")))
    assert reason in images
    assert "The patient numbers cannot be compared. A second person confirms it." in images
    page = text_of(requester.get(page_of(consult)))
    assert UNNUMBERED in page
    triage = text_of(client_of(bridge.coordinator).get(page_of(consult, "triage")))
    assert "1 study arrived whose patient number cannot be compared. The requesting hospital looks" in triage
    for shown in (images, page, triage, text_of(requester.get("/home/")), text_of(requester.get("/notifications/"))):
        assert not re.search("names? another patient", shown)


def test_everybody_else_reads_that_images_are_there_and_no_name_of_them(bridge, another):
    for actor, name in ((bridge.coordinator, "triage"), (bridge.coordinator, "consult"), (bridge.expert, "consult")):
        page = text_of(client_of(actor).get(page_of(another, name)))
        assert "1 study arrived and names another patient." in page, name
        assert "Doe" not in page
    assert ASIDE not in text_of(client_of(bridge.coordinator).get(page_of(another)))


@pytest.mark.parametrize("state", ["set aside", "waiting", "ended"])
def test_a_requesting_doctor_of_the_receiving_hospital_reads_no_identity_of_them(bridge, another, now, run_jobs, state):
    # given a doctor who may send images of patients of the hospital that answers, and sees this consult
    guest = make_actor(make_person(bridge.centre, "requester", "expert", name="方知行"))
    fields = {"action": "upload", "form_key": uuid7(), "dicom": no_images()[:1]}
    client_of(bridge.requester).post(page_of(another, "images"), fields)
    run_jobs(now)
    study_id = ArrivedStudy.objects.get().pk
    if state == "waiting":
        call = {"actor": bridge.requester, "consult_id": another.pk, "study_id": study_id, "now": now}
        attach_by_hand(**call, mismatch_reason="曾用名。")
    if state == "ended":
        Consult.unscoped.filter(pk=another.pk).update(state="declined", ended_at=now)
    client = client_of(guest)
    assert client.get(page_of(another)).status_code == 200
    # when the page of the images is asked for, or a form there comes back
    images = page_of(another, "images")
    answers = [
        client.get(images),
        client.post(images, {"action": "upload"}),
        client.post(images, {"action": "attach", "study": "none"}),
    ]
    # then neither names anybody, and no list of patients was read
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    for answer in (*answers, client.get(page_of(another)), client.get(page_of(another) + "?tab=history")):
        for words in ("Doe", "24 November 1966", "evil.html", "曾用名"):
            assert words not in text_of(answer), words
    assert not AuditEntry.objects.filter(action="list.read", actor_id=guest.person_id).exists()


def test_two_people_say_by_the_page_that_it_is_the_same_patient(bridge, another, now):
    # given the first, who needs a reason
    requester, images = client_of(bridge.requester), page_of(another, "images")
    study_id = ArrivedStudy.objects.get().pk
    fields = {"action": "attach", "study": str(study_id)}
    assert requester.post(images, fields).status_code == 422
    assert not ConsultStudy.unscoped.exists()
    reason = "曾用名，已核对身份证。"
    assert requester.post(images, fields | {"mismatch_reason": reason}).status_code == 302
    row = ConsultStudy.unscoped.get()
    assert (row.is_attached, row.mismatch_reason) == (False, reason)
    # then the page says who else can, to the one who cannot
    who = "Another requesting doctor of"
    assert who in text_of(requester.get(images))
    # then the second, on whose first screen it stands
    assert ASIDE not in text_of(requester.get(page_of(another)))
    assert "Confirm as second person" not in text_of(requester.get("/home/"))
    second = client_of(make_actor(make_person(bridge.hospital, "requester", name="白一诺")))
    assert "Confirm as second person whose images these are" in text_of(second.get("/home/"))
    page = text_of(second.get(images))
    assert reason in page
    assert "Doe Jane" in page
    assert who not in page
    confirm = reverse("consult_bridge:confirm_study", args=[another.pk, row.pk])
    assert requester.post(confirm).status_code == 403
    assert second.post(confirm).status_code == 302
    assert media.may_view_study(bridge.expert, study_id, now)
    assert "Confirm as second person" not in text_of(second.get("/home/"))
    # then whoever reads the images reads who settled it and why, on the images and in the history
    read = text_of(client_of(bridge.expert).get(page_of(another)))
    assert "The header of these images names Doe Jane, this consult 岑望舒." in read
    assert f"Confirmed as the same patient by 林晓禾 and 白一诺: {reason}" in read


def test_images_of_another_patient_are_put_away_by_one_button(bridge, another, now):
    requester, images = client_of(bridge.requester), page_of(another, "images")
    study_id = ArrivedStudy.objects.get().pk
    for _click in range(2):
        sent = requester.post(images, {"action": "other_patient", "study": str(study_id)})
        assert sent.status_code == 302
    assert (ArrivedStudy.objects.get().consult, ArrivedStudy.objects.get().attached_at) == (None, None)
    assert ASIDE not in text_of(requester.get(page_of(another)))
    assert AuditEntry.objects.filter(action="study.not_this_patient").count() == 1


@pytest.mark.parametrize("way", ["by the same form", "by a machine"])
@pytest.mark.parametrize("is_waiting", [False, True])
def test_the_next_file_of_a_study_that_was_put_away_does_not_ask_again(bridge, another, now, run_jobs, way, is_waiting):
    # given
    study_id = ArrivedStudy.objects.get().pk
    call = {"actor": bridge.requester, "consult_id": another.pk, "study_id": study_id, "now": now}
    if is_waiting:
        attach_by_hand(**call, mismatch_reason="曾用名。")
    not_this_patient(**call)
    Notification.objects.all().delete()
    # when
    file = next_file(OF_ANOTHER | {"PatientID": NUMBER})
    if way == "by the same form":
        send(bridge, another, file, now, run_jobs)
    else:
        house = {"organisation_id": bridge.hospital.pk, "source": "upload"}
        media.store_instances(actor=bridge.requester, **house, files=[file], now=now)
        run_jobs(now)
    # then it is one study of two images, still as arrived, and nobody is asked
    assert IdentifiedStudy.unscoped.get().series.get().instances.count() == 2
    assert (ArrivedStudy.objects.get().consult, ArrivedStudy.objects.get().attached_at) == (None, None)
    assert told("consult.study_set_aside") == []
    assert AuditEntry.objects.filter(action="study.set_aside").count() == 1
    assert ASIDE not in text_of(client_of(bridge.requester).get(page_of(another)))


def test_a_study_that_was_put_away_by_mistake_is_attached_by_hand_and_stays(bridge, another, now, run_jobs):
    study_id = ArrivedStudy.objects.get().pk
    call = {"actor": bridge.requester, "consult_id": another.pk, "study_id": study_id, "now": now}
    not_this_patient(**call)
    row = attach_by_hand(**call, mismatch_reason="看错了，是同一位患者。")
    assert not RefusedStudy.objects.exists()
    second = make_actor(make_person(bridge.hospital, "requester", name="白一诺"))
    confirm_same_patient(actor=second, attachment_id=row.pk, now=now)
    send(bridge, another, next_file(OF_ANOTHER | {"PatientID": NUMBER}), now, run_jobs)
    assert ConsultStudy.unscoped.get().is_attached
    assert media.may_view_study(bridge.expert, study_id, now)


@pytest.mark.parametrize("who", ["coordinator", "expert", "outsider", "learner"])
def test_nobody_else_puts_them_away(bridge, another, now, who):
    study_id = ArrivedStudy.objects.get().pk
    with pytest.raises((Forbidden, ConsultNotFound)), transaction.atomic():
        not_this_patient(actor=getattr(bridge, who), consult_id=another.pk, study_id=study_id, now=now)
    assert ArrivedStudy.objects.get().consult_id == another.pk
    assert not RefusedStudy.objects.exists()


def test_a_header_without_a_name_is_attached_and_shown_as_such(bridge, now, run_jobs):
    consult = consult_in(bridge, "assigned", now)
    header = {"PatientName": "Anonymous", "PatientBirthDate": "", "PatientSex": "O"}
    send(bridge, consult, dicom_file(NUMBER, **header), now, run_jobs)
    assert ConsultStudy.unscoped.get().is_attached
    page = text_of(client_of(bridge.requester).get(page_of(consult, "images")))
    assert "The header of these images names nobody" in page


def test_a_study_of_a_machine_with_this_accession_number_and_another_number_asks_here(bridge, now, run_jobs):
    consult = consult_in(bridge, "assigned", now)
    file = dicom_file("OTHER-7", "US26112201")
    media.store_instances(
        actor=bridge.requester, organisation_id=bridge.hospital.pk, source="upload", files=[file], now=now
    )
    run_jobs(now)
    assert ArrivedStudy.objects.get().consult_id == consult.pk
    assert ASIDE in text_of(client_of(bridge.requester).get(page_of(consult)))


def no_images() -> list[SimpleUploadedFile]:
    whole = dicom_file(NUMBER).read()
    return [
        SimpleUploadedFile("evil.html", b"<script>alert(1)</script>" * 20, content_type="text/html"),
        SimpleUploadedFile("cut.dcm", whole[: len(whole) // 2]),
    ]


def test_files_that_are_no_images_are_told_and_listed_until_somebody_has_read_it(bridge, now, run_jobs):
    # given
    consult = consult_in(bridge, "assigned", now)
    requester, images = client_of(bridge.requester), page_of(consult, "images")
    fields = {"action": "upload", "form_key": uuid7(), "dicom": [*no_images(), dicom_file(NUMBER)]}
    assert requester.post(images, fields).status_code == 302
    # when
    run_jobs()
    # then the good one is there, and of each other one it says why and what to do
    assert ConsultStudy.unscoped.get(consult=consult).is_attached
    assert told("consult.files_refused") == [bridge.requester.person_id]
    assert "2 image files could not be stored." in text_of(requester.get(page_of(consult)))
    assert "Image files that were not stored: send them again" in text_of(requester.get("/home/"))
    page = text_of(requester.get(images))
    for words in ("evil.html", NOT_DICOM, "Choose the DICOM file that the device", "cut.dcm", CUT_OFF):
        assert words in page, words
    # when it was read the consult asks no more, and the list stays
    assert requester.post(images, {"action": "refusals_read"}).status_code == 302
    assert "could not be stored" not in text_of(requester.get(page_of(consult)))
    assert "evil.html" in text_of(requester.get(images))


def test_a_colleague_who_sent_them_is_told_too_and_the_coordinator_sees_nothing(bridge, now, run_jobs):
    consult = consult_in(bridge, "assigned", now)
    colleague = make_actor(make_person(bridge.hospital, "requester", name="白一诺"))
    fields = {"action": "upload", "form_key": uuid7(), "dicom": no_images()[:1]}
    client_of(colleague).post(page_of(consult, "images"), fields)
    run_jobs()
    assert sorted(told("consult.files_refused")) == sorted([bridge.requester.person_id, colleague.person_id])
    coordinator = client_of(bridge.coordinator)
    assert "could not be stored" not in text_of(coordinator.get(page_of(consult)))
    assert coordinator.post(page_of(consult, "images"), {"action": "refusals_read"}).status_code in {403, 404}
    assert consult.uploads.get().read_at is None


def test_the_draft_says_at_once_which_files_are_no_images(bridge, run_jobs):
    # given a request with two files that are none
    requester = client_of(bridge.requester)
    key = begin(requester)
    fields = request_fields(bridge, form_key=key, action="save_draft") | {"dicom": [*no_images(), dicom_file("QX-1")]}
    assert requester.post(NEW, fields).status_code == 302
    assert sorted(DraftFile.objects.values_list("title", "problem")) == [
        ("CT_small.dcm", ""),
        ("cut.dcm", "element_too_long"),
        ("evil.html", "not_dicom"),
    ]
    # then the last step and the step of the files name them
    draft = reverse("consult_bridge:draft", args=[key])
    check = text_of(requester.get(draft, {"step": "check"}))
    assert "2 image files will not be stored" in check
    chosen = text_of(requester.get(draft, {"step": "files"}))
    for page in (check, chosen):
        for words in ("evil.html", NOT_DICOM, "cut.dcm", CUT_OFF):
            assert words in page, words
    assert chosen.count("This file will not be stored.") == 2
    assert "Kept with the draft" not in chosen
    assert "up to 2 GB each; a zip file may hold up to 2,000 files." in chosen
    # and once it is sent the consult says the same
    hidden(requester.get(draft, {"step": "check"}), "form_key")
    assert requester.post(NEW, {"form_key": key, "action": "submit", "step": "check"}).status_code == 302
    run_jobs()
    assert "2 image files could not be stored." in text_of(requester.get(reverse("consult_bridge:consult", args=[key])))


def test_files_that_are_no_images_are_nothing_to_judge_by(bridge):
    # given a request with nothing to judge by but two files that are no images
    requester = client_of(bridge.requester)
    key = begin(requester)
    fields = request_fields(bridge, form_key=key, action="save_draft", **{"labs-0-analyte": "", "labs-0-value": ""})
    fields |= {
        "service_type": "joint_diagnosis",
        "labs-0-unit": "",
        "labs-0-low": "",
        "labs-0-high": "",
        "labs-0-taken_on": "",
    }
    assert requester.post(NEW, fields | {"dicom": no_images()}).status_code == 302
    check = {"step": "check"}
    needed = "Something to judge by: images, laboratory values or a scanned report"
    # then the last step asks for it and nothing is sent
    draft = reverse("consult_bridge:draft", args=[key])
    assert f'{needed}<span class="x-sr"> is missing' in text_of(requester.get(draft, check))
    requester.post(NEW, {"form_key": key, "action": "submit"} | check)
    assert not Consult.unscoped.exists()
    # and with one image it asks no more
    requester.post(NEW, fields | {"dicom": [dicom_file("QX-1")]})
    assert f'{needed}<span class="x-sr"> is there' in text_of(requester.get(draft, check))


def test_the_pages_script_is_told_of_a_file_that_is_no_image(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    answer = requester.post(
        reverse("consult_bridge:draft_files"), {"form_key": key, "step": "files", "dicom": no_images()[0]}
    )
    (file,) = answer.json()["files"]
    assert file["title"] == "evil.html"
    assert file["problem"].startswith(f"This file will not be stored. {NOT_DICOM} Choose the DICOM file")
