"""Images find their consult, or wait; another patient's number needs a reason and a second person."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pydicom import dcmread
from pydicom.data import get_testdata_file

from consult_bridge import api
from consult_bridge.errors import SecondPersonNeeded, StudyMismatch
from consult_bridge.models import ArrivedStudy, Consult, ConsultStudy
from consult_bridge.selectors.studies import covers_of
from consult_bridge.services.studies import attach_by_hand, confirm_same_patient, send_images
from core.ids import uuid7
from directory.models import Person
from media_pipeline import api as media
from tests.factories.consults import Bridge, consult_in
from tests.factories.people import make_actor, make_person
from tests.factories.signing_in import sign_in

OF_THE_PATIENT = {"PatientName": "CEN^WANGSHU", "PatientBirthDate": "19640305", "PatientSex": "F"}
OF_ANOTHER = {"PatientName": "Doe^Jane", "PatientBirthDate": "19661124", "PatientSex": "F"}


def dicom_file(patient_id: str, accession_number: str = "", **header: str) -> SimpleUploadedFile:
    """pydicom's own small CT slice under another patient number, of the patient of these tests unless `header` says
    otherwise."""
    dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.PatientID, dataset.AccessionNumber = patient_id, accession_number
    for keyword, value in (OF_THE_PATIENT | header).items():
        setattr(dataset, keyword, value)
    written = io.BytesIO()
    dataset.save_as(written)
    return SimpleUploadedFile("CT_small.dcm", written.getvalue())


def send(bridge: Bridge, consult: Consult, file: SimpleUploadedFile, now, run_jobs) -> None:
    send_images(actor=bridge.requester, consult_id=consult.pk, upload_id=uuid7(), files=[file], now=now)
    run_jobs(now)


def test_images_sent_with_the_form_attach_and_are_shared_until_the_end(bridge, now, run_jobs):
    consult = consult_in(bridge, "signed", now)
    send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)
    row = ConsultStudy.unscoped.get(consult=consult)
    assert (row.how, row.is_attached) == ("uploaded", True)
    assert media.may_view_study(bridge.expert, row.study_id, now)
    assert not media.may_view_study(bridge.outsider, row.study_id, now)
    api.close_consult(actor=bridge.requester, consult_id=consult.pk, outcome="referred", usefulness=5, now=now)
    assert not media.may_view_study(bridge.expert, row.study_id, now)
    assert media.may_view_study(bridge.requester, row.study_id, now)


def test_a_study_that_came_alone_matches_by_both_numbers(bridge, now, run_jobs):
    consult = consult_in(bridge, "assigned", now)
    file = dicom_file("QX-2026-0817", "US26112201")
    media.store_instances(
        actor=bridge.requester, organisation_id=bridge.hospital.pk, source="upload", files=[file], now=now
    )
    run_jobs(now)
    assert ConsultStudy.unscoped.get(consult=consult).how == "matched"


def test_another_patients_study_waits_for_a_reason_and_a_second_person(bridge, now, run_jobs):
    consult = consult_in(bridge, "assigned", now)
    send(bridge, consult, dicom_file("ANOTHER-1"), now, run_jobs)
    study_id = ArrivedStudy.objects.get().pk
    call = {"actor": bridge.requester, "consult_id": consult.pk, "study_id": study_id, "now": now}
    with pytest.raises(StudyMismatch):
        attach_by_hand(**call)
    row = attach_by_hand(**call, mismatch_reason="旧编号，已核对身份证。")
    assert not row.is_attached
    assert not media.may_view_study(bridge.expert, study_id, now)
    with pytest.raises(SecondPersonNeeded):
        confirm_same_patient(actor=bridge.requester, attachment_id=row.pk, now=now)
    colleague = make_actor(make_person(bridge.hospital, "requester"))
    confirm_same_patient(actor=colleague, attachment_id=row.pk, now=now)
    assert media.may_view_study(bridge.expert, study_id, now)


def test_the_work_list_shows_a_small_picture_to_whoever_may_see_the_study(bridge, now, run_jobs):
    consult = consult_in(bridge, "accepted", now)
    send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)
    study_id = ConsultStudy.unscoped.get(consult=consult).study_id

    assert covers_of(bridge.expert, [consult], now)[consult.pk].pictures == 1
    assert covers_of(bridge.outsider, [consult], now) == {}
    browser = sign_in(Client(), Person.objects.get(pk=bridge.expert.person_id))
    page = browser.get("/worklist/").content.decode()
    address = re.search(rf'<img src="(/[^"]*{study_id}[^"]*)" alt="" width="48" height="48" loading="lazy"', page)
    assert address is not None
    picture = browser.get(address.group(1))
    assert picture.status_code == 200
    assert picture["Content-Type"].startswith("image/")
    assert sign_in(Client(), Person.objects.get(pk=bridge.outsider.person_id)).get(address.group(1)).status_code == 404


def test_pictures_of_a_whole_list_cost_two_queries(bridge, now, run_jobs, django_assert_num_queries):
    consults = [consult_in(bridge, "accepted", now) for _n in range(2)]
    for consult in consults:
        send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)

    with django_assert_num_queries(2):
        found = covers_of(bridge.expert, consults, now)

    assert set(found) <= {consult.pk for consult in consults}
    assert found
