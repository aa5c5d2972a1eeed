"""What tells one examination, image, patient or order from another is kept whole or the file is refused by name."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import UID

from core.ids import uuid7
from media_pipeline import api
from media_pipeline.cage.errors import REASONS
from media_pipeline.dicom.identifiers import birth_day
from media_pipeline.models import IdentifiedInstance, IdentifiedStudy, UploadedFile
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_dicomweb import stow, token_client
from tests.media_pipeline.test_impossible_numbers import sent

ROOT = "1.2.826.0.1.3680043.8.498."
WHOLE = ROOT + "1" * (64 - len(ROOT))


def image(number: int, **values: str) -> SimpleUploadedFile:
    """pydicom's small CT slice; `values` stand in the file as they are, however wrong."""
    dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(f"1.2.3.{number}")
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    written = io.BytesIO()
    dataset.save_as(written)
    return SimpleUploadedFile(f"{number}.dcm", written.getvalue())


@pytest.fixture(autouse=True)
def _let_wrong_values_be_written(monkeypatch) -> None:
    from pydicom import config

    monkeypatch.setattr(config.settings, "_writing_validation_mode", config.IGNORE)
    monkeypatch.setattr(config.settings, "reading_validation_mode", config.IGNORE)


def test_two_examinations_that_agree_in_64_characters_are_not_one(place, now, run_jobs):
    # given two studies of one patient, then one that is in order
    first, second = (image(number, StudyInstanceUID=f"{WHOLE}{number}") for number in (1, 2))

    found = sent(place, now, run_jobs, first, second, image(3))

    assert found == [("1.dcm", "refused", "invalid_uid"), ("2.dcm", "refused", "invalid_uid"), ("3.dcm", "stored", "")]
    assert [row.sop_uid for row in IdentifiedInstance.objects.all()] == ["1.2.3.3"]
    assert IdentifiedStudy.unscoped.count() == 1


def test_a_uid_of_64_characters_is_kept_whole(place, now, run_jobs):
    assert len(WHOLE) == 64

    found = sent(place, now, run_jobs, image(1, StudyInstanceUID=WHOLE), image(2, StudyInstanceUID=WHOLE[:-1] + "2"))

    assert found == [("1.dcm", "stored", ""), ("2.dcm", "stored", "")]
    assert {study.study_uid for study in IdentifiedStudy.unscoped.all()} == {WHOLE, WHOLE[:-1] + "2"}


@pytest.mark.parametrize(
    ("keyword", "value", "code"),
    [
        ("StudyInstanceUID", "1.2.x", "invalid_uid"),
        ("StudyInstanceUID", "1.2..3", "invalid_uid"),
        ("StudyInstanceUID", "1.2\x003", "invalid_uid"),
        ("SeriesInstanceUID", WHOLE + "1", "invalid_uid"),
        ("SOPInstanceUID", WHOLE + "1", "invalid_uid"),
        ("SOPClassUID", "1.2.840.10008.5.1.4.1.1." + "2" * 50, "invalid_uid"),
        ("PatientID", "P" * 65, "invalid_identifier"),
        ("PatientID", "12\x0034", "invalid_identifier"),
        ("AccessionNumber", "A" * 65, "invalid_identifier"),
        ("PatientName", "ZHANG^" + "W" * 320, "invalid_identifier"),
    ],
)
def test_what_cannot_be_kept_whole_is_refused_by_name(place, now, run_jobs, keyword, value, code):
    found = sent(place, now, run_jobs, image(1, **{keyword: value}), image(2))

    assert found == [("1.dcm", "refused", code), ("2.dcm", "stored", "")]
    assert [row.sop_uid for row in IdentifiedInstance.objects.all()] == ["1.2.3.2"]


def test_longest_numbers_and_a_padded_one_are_kept_as_they_are(place, now, run_jobs):
    values = {"PatientID": "P" * 64, "AccessionNumber": "A" * 64 + " ", "PatientName": "Z" * 324}

    sent(place, now, run_jobs, image(1, **values))

    study = IdentifiedStudy.unscoped.get()
    assert (study.patient_id, study.accession_number) == ("P" * 64, "A" * 64)
    assert study.patient_name == "Z" * 324


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("19600102", "19600102"),
        ("1960.01.02", "19600102"),
        ("1960-01-02", "19600102"),
        ("1960", "1960"),
        ("19600102-19700101", ""),
        ("born 1960", ""),
    ],
)
def test_a_date_of_birth_is_no_beginning_of_something_else(said, kept):
    assert birth_day(said) == kept


def test_a_machine_learns_that_it_is_not_understood(place):
    """C000: cannot understand (PS3.18, 10.5.3)."""
    bad, good = image(1, StudyInstanceUID=WHOLE + "1").read(), image(2).read()

    answer = stow(token_client(place.requester), bad, good)

    assert answer.status_code == 202
    assert [row["00081197"]["Value"] for row in answer.json()["00081198"]["Value"]] == [[0xC000]]
    assert [row["00081155"]["Value"] for row in answer.json()["00081199"]["Value"]] == [["1.2.3.2"]]


def test_the_page_of_the_upload_says_it_in_words(place, run_jobs):
    client = sign_in(Client(), place.requester)
    form = {"form_key": str(uuid7()), "organisation": place.county.pk}
    sent_by_form = client.post("/imaging/upload/", form | {"files": [image(1, StudyInstanceUID=WHOLE + "1"), image(2)]})
    run_jobs()

    page = client.get(sent_by_form["Location"]).content.decode()

    assert str(REASONS["invalid_uid"]) in page
    assert list(UploadedFile.objects.values_list("state", "code")) == [("refused", "invalid_uid"), ("stored", "")]


def test_whoever_chooses_such_a_file_learns_it_at_once():
    assert api.judge_file(image(1, SeriesInstanceUID="1.2.")) == "invalid_uid"
    assert api.judge_file(image(2)) == ""


def test_a_question_is_not_cut_either(place, now, run_jobs):
    sent(place, now, run_jobs, image(1, PatientID="P" * 63 + "Q"))
    machine = token_client(place.requester)

    assert machine.get("/dicomweb/studies", {"PatientID": "P" * 64 + "*"}).status_code == 422
    assert len(machine.get("/dicomweb/studies", {"PatientID": "P" * 60 + "*"}).json()) == 1
