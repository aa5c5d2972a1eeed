"""Numbers of a header that no device means: they are left out, and whatever one file brings stops no other."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, IntegrityError
from django.test import Client
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag
from pydicom.uid import UID

from core.jobs.models import Job
from media_pipeline import api, stores
from media_pipeline.dicom.storing import store_object
from media_pipeline.models import IdentifiedInstance, Upload, UploadedFile
from media_pipeline.uploads import ingesting
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_dicomweb import stow, token_client

SPACING, POSITION, THICKNESS = 0x00280030, 0x00200032, 0x00180050
FRAMES, ROWS, NUMBER = 0x00280008, 0x00280010, 0x00200013
CENTRE, FRAME_TIME, RATE = 0x00281050, 0x00181063, 0x00180040
REFUSED = (0x00081030, "LO", b"refused ")  # a description that no other test's file has


def slice_with(number: int, *elements: tuple[int, str, bytes]) -> SimpleUploadedFile:
    """pydicom's own small CT slice under another instance UID, with elements as they would stand in the file."""
    dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(f"1.2.3.{number}")
    for tag, representation, value in elements:
        dataset[tag] = RawDataElement(Tag(tag), representation, len(value), value, 0, False, True)
    written = io.BytesIO()
    dataset.save_as(written)
    return SimpleUploadedFile(f"{number}.dcm", written.getvalue())


def sent(place, now, run_jobs, *files: SimpleUploadedFile) -> list[tuple[str, str, str]]:
    """What became of each file of one upload."""
    api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=files, now=now
    )
    run_jobs()
    assert Job.objects.get(name="media_pipeline.ingest").state == "succeeded"
    assert Upload.objects.get().state == "done"
    return [(row.name, row.state, row.code) for row in UploadedFile.objects.order_by("position")]


@pytest.mark.parametrize(
    ("tag", "representation", "value", "kept"),
    [
        (SPACING, "DS", b"nan\\nan ", {"spacing": []}),
        (SPACING, "DS", b"0.5\\inf ", {"spacing": []}),
        (THICKNESS, "DS", b"1e999 ", {"thickness": None}),
        (CENTRE, "DS", b"nan ", {"windows": []}),
        (FRAME_TIME, "DS", b"nan ", {"frame_time": None}),
        (RATE, "IS", b"0 ", {"frame_time": None}),
        (POSITION, "DS", b"nan\\nan\\nan ", {"position": 1.0}),
        (POSITION, "DS", b"1e400\\0\\0 ", {"position": 1.0}),
        (POSITION, "DS", b"1e308\\1e308\\1e308 ", {"position": 1e308}),
        (NUMBER, "IS", b"99999999999 ", {"number": None}),
        (FRAMES, "IS", b"999999999999", {"frames": 1}),
        (ROWS, "UL", b"\xff\xff\xff\xff", {"rows": 0, "frames": 0}),
    ],
)
def test_an_impossible_number_is_none_and_the_good_file_behind_it_is_stored(
    place, now, run_jobs, tag, representation, value, kept
):
    found = sent(place, now, run_jobs, slice_with(1, (tag, representation, value)), slice_with(2))

    assert found == [("1.dcm", "stored", ""), ("2.dcm", "stored", "")]
    row = IdentifiedInstance.objects.get(sop_uid="1.2.3.1")
    assert {name: row.facts.get(name, getattr(row, name, None)) for name in kept} == kept


def test_metadata_with_such_a_number_is_json(place, now, run_jobs):
    sent(place, now, run_jobs, slice_with(1, (SPACING, "DS", b"nan\\0.5 ")))
    study = IdentifiedInstance.objects.get().series.study
    answer = sign_in(Client(), place.requester).get(f"/dicomweb/studies/{study.study_uid}/metadata")

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON (RFC 8259)")

    (only,) = json.loads(b"".join(answer) if answer.streaming else answer.content, parse_constant=refuse)
    assert only["00280030"]["Value"] == [None, 0.5]


def test_a_row_that_the_database_refuses_is_told_of_its_file_and_stops_no_other(place, now, run_jobs, monkeypatch):
    # given a database that takes one file's row at no price
    def refusing(*, header, **arguments):
        if header["sop_uid"] == "1.2.3.1":
            raise DataError("value out of range")
        return store_object(header=header, **arguments)

    monkeypatch.setattr(ingesting, "store_object", refusing)
    # when
    found = sent(place, now, run_jobs, slice_with(1, REFUSED), slice_with(2))
    # then nothing of it stays
    assert found == [("1.dcm", "refused", "unreadable"), ("2.dcm", "stored", "")]
    (kept,) = IdentifiedInstance.objects.all()
    assert kept.sop_uid == "1.2.3.2"
    mark = hashlib.sha256(slice_with(1, REFUSED).read()).hexdigest()
    assert stores.identified().exists(kept.path)
    assert not stores.identified().exists(f"objects/{mark[:2]}/{mark[2:4]}/{mark}.dcm")


def test_a_machine_learns_that_both_objects_are_stored(place):
    objects = slice_with(1, (THICKNESS, "DS", b"1e999 ")).read(), slice_with(2).read()
    answer = stow(token_client(place.requester), *objects)
    assert answer.status_code == 200
    assert IdentifiedInstance.objects.count() == 2


def test_a_body_that_was_read_as_a_stream_is_not_judged_again(place, monkeypatch):
    # given a row that lost a race while the body was received
    calls = []

    def lost(**_arguments):
        calls.append("store")
        raise IntegrityError("Key (id)=(1) already exists")

    monkeypatch.setattr("media_pipeline.rest.stow.store_instances", lost)
    # when
    answer = stow(token_client(place.requester), slice_with(1).read())
    # then the sender is told to try again, not that its request was cut off
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert len(calls) == 1
    assert not Upload.objects.exists()
