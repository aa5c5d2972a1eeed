"""DICOMweb over HTTP: a machine stores, searches and retrieves; strangers and closed releases get nothing."""

from __future__ import annotations

import errno
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pydicom import dcmread

from core.actor import SYSTEM
from core.audit.models import AuditEntry
from directory.services.tokens import create_token
from media_pipeline import api, stores
from media_pipeline.errors import ReleaseClosed
from media_pipeline.models import IdentifiedInstance, IdentifiedStudy, Upload
from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_video import release_of


def token_client(person) -> Client:
    _row, secret = create_token(actor=SYSTEM, person=person, scopes=["dicomweb"], label="pacs", now=timezone.now())
    return Client(headers={"authorization": f"Bearer {secret}"})


def stow(client: Client, *objects: bytes, address: str = "/dicomweb/studies"):
    body = b"".join(b"--XBOUND\r\nContent-Type: application/dicom\r\n\r\n" + content + b"\r\n" for content in objects)
    kind = 'multipart/related; type="application/dicom"; boundary=XBOUND'
    return client.post(address, body + b"--XBOUND--\r\n", content_type=kind)


@pytest.fixture
def machine(place) -> Client:
    return token_client(place.requester)


def test_stored_once_found_and_retrieved_unchanged(place, machine, head_slices):
    content = [path.read_bytes() for path in head_slices[:3]]

    answer = stow(machine, *content, b"<html>not an image</html>")

    assert answer.status_code == 202
    assert len(answer.json()["00081199"]["Value"]) == 3
    assert answer.json()["00081198"]["Value"][0]["00081197"]["Value"] == [0xC000]
    assert stow(machine, content[0]).status_code == 200
    study = IdentifiedStudy.unscoped.get()
    assert (study.organisation_id, study.instance_count, study.modalities) == (place.county.pk, 3, "MR")

    found = machine.get("/dicomweb/studies", {"PatientName": "jane*", "StudyDate": "20130101-20131231"}).json()
    assert [row["0020000D"]["Value"] for row in found] == [[study.study_uid]]
    assert machine.get("/dicomweb/studies", {"PatientName": "x*"}).json() == []
    lists = AuditEntry.objects.filter(action="list.read")
    assert [(entry.subject_id, entry.details) for entry in lists] == [("media_pipeline.dicomweb", {"shown": 1})]
    root = f"/dicomweb/studies/{study.study_uid}"
    series = machine.get(f"{root}/series").json()[0]["0020000E"]["Value"][0]
    instances = machine.get(f"{root}/series/{series}/instances").json()
    assert [row["00280010"]["Value"] for row in instances] == [[384]] * 3

    sop = dcmread(io.BytesIO(content[0])).SOPInstanceUID
    place_of = f"{root}/series/{series}/instances/{sop}"
    whole = machine.get(place_of, headers={"accept": "application/dicom"})
    assert b"".join(whole.streaming_content) == content[0]
    part = machine.get(place_of, headers={"accept": "application/dicom", "range": "bytes=128-131"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"DICM")
    everything = b"".join(machine.get(root).streaming_content)
    assert all(item in everything for item in content)
    assert machine.get(f"{place_of}/rendered", {"window": "40,80,linear"})["Content-Type"] == "image/jpeg"
    assert machine.get(f"{root}/thumbnail").status_code == 200
    assert machine.get(f"{place_of}/metadata").json()[0]["00100020"]["Value"] == ["02"]
    frame = machine.get(f"{place_of}/frames/1")
    assert b"transfer-syntax=1.2.840.10008.1.2.4.70" in b"".join(frame.streaming_content)
    assert machine.get(f"{place_of}/frames/2").status_code == 422


def another_study(path: Path) -> bytes:
    changed = dcmread(path)
    changed.StudyInstanceUID, changed.SeriesInstanceUID, changed.SOPInstanceUID = "2.25.1", "2.25.2", "2.25.3"
    changed.file_meta.MediaStorageSOPInstanceUID = changed.SOPInstanceUID
    written = io.BytesIO()
    changed.save_as(written)
    return written.getvalue()


def test_a_studys_address_takes_its_own_objects_and_names_the_others(machine, head_slices):
    own, foreign = head_slices[0].read_bytes(), another_study(head_slices[1])
    header = dcmread(head_slices[0])
    address = f"/dicomweb/studies/{header.StudyInstanceUID}"

    answer = stow(machine, own, foreign, address=address)

    assert answer.status_code == 202
    found = answer.json()
    assert [row["00081155"]["Value"] for row in found["00081199"]["Value"]] == [[header.SOPInstanceUID]]
    refused = found["00081198"]["Value"]
    assert [row["00081197"]["Value"] for row in refused] == [[0xA901]]
    assert [row["00081155"]["Value"] for row in refused] == [[dcmread(io.BytesIO(foreign)).SOPInstanceUID]]
    assert [row["00081150"]["Value"] for row in refused] == [[header.SOPClassUID]]
    assert IdentifiedStudy.unscoped.get().study_uid == header.StudyInstanceUID
    assert stow(machine, foreign, address=address).status_code == 409
    assert IdentifiedInstance.objects.get().sop_uid == header.SOPInstanceUID


def test_the_job_that_takes_over_a_lost_request_keeps_to_the_study(machine, head_slices, now, run_jobs, monkeypatch):
    own, foreign = head_slices[0].read_bytes(), another_study(head_slices[1])
    study_uid = dcmread(head_slices[0]).StudyInstanceUID
    machine.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("media_pipeline.rest.stow.ingest_upload", lambda **_values: 1 / 0)
        assert stow(machine, own, foreign, address=f"/dicomweb/studies/{study_uid}").status_code == 500

    run_jobs(timezone.now() + timedelta(hours=1))

    assert IdentifiedStudy.unscoped.get().study_uid == study_uid
    assert sorted(Upload.objects.get().files.values_list("code", flat=True)) == ["", "other_study"]


def test_numbers_that_are_none_and_greedy_questions_are_refused(machine, head_slices):
    stow(machine, head_slices[0].read_bytes())
    study = IdentifiedStudy.unscoped.get()
    instance = IdentifiedInstance.objects.select_related("series").get()
    series = f"/dicomweb/studies/{study.study_uid}/series"
    place_of = f"{series}/{instance.series.series_uid}/instances/{instance.sop_uid}"

    for query in ({"limit": "²"}, {"offset": "²"}, {"limit": "9" * 40}, {"offset": "9" * 40}):
        assert len(machine.get("/dicomweb/studies", query).json()) == 1
    for number in ("--5", "²", "9" * 40):
        assert machine.get(series, {"SeriesNumber": number}).json() == []
    assert machine.get("/dicomweb/studies", {"PatientName": "*a" * 30}).status_code == 422
    assert machine.get("/dicomweb/studies", {"PatientName": "j" + "*" * 60}).status_code == 200
    assert machine.get(f"{place_of}/frames/²").status_code == 422
    assert machine.get(f"{place_of}/frames/" + ",".join(["1"] * 1001)).status_code == 422
    once = b"".join(machine.get(f"{place_of}/frames/1,1,1").streaming_content)
    assert once.count(b"transfer-syntax=") == 1


def test_close_windows_are_one_picture_in_the_cache(machine, head_slices):
    stow(machine, head_slices[0].read_bytes())
    study = IdentifiedStudy.unscoped.get()
    instance = IdentifiedInstance.objects.select_related("series").get()
    address = f"/dicomweb/studies/{study.study_uid}/series/{instance.series.series_uid}/instances/{instance.sop_uid}"
    kept = Path(stores.identified().path(f"rendered/{instance.sha256[:2]}/{instance.sha256}"))
    before = set(kept.iterdir()) if kept.exists() else set()

    for window in ("321.001,777.1,linear", "321.002,777.2,linear", "320.9,776.9,linear"):
        assert machine.get(f"{address}/rendered", {"window": window}).status_code == 200

    assert len({*kept.iterdir()} - before) == 1
    assert machine.get(f"{address}/rendered", {"window": "inf,inf,linear"}).status_code == 200
    assert machine.get(f"{address}/rendered", {"window": "x,80,linear"}).status_code == 422


def test_a_stream_ends_when_its_release_is_closed(place, head_slices, now, run_jobs):
    study = release_of(place, head_slices[:2], now, run_jobs, defaced_reason="Every slice was checked.")
    learner = sign_in(Client(), make_person(place.county, "learner"))
    stream = iter(learner.get(f"/teaching/dicomweb/studies/{study.study_uid}").streaming_content)
    assert b"application/dicom" in next(stream)
    assert next(stream)[128:132] == b"DICM"

    api.close_release(release_id=study.release_id, reason="consent withdrawn", now=now)

    with pytest.raises(ReleaseClosed):
        for _piece in stream:
            pass


def test_same_uid_with_other_content_and_another_patient_are_refused(machine, head_slices):
    objects = Path(stores.identified().path("objects"))
    known = {path.stem for path in objects.rglob("*.dcm")}
    stow(machine, head_slices[0].read_bytes())
    changed = dcmread(head_slices[0])
    changed.SeriesDescription = "changed"
    other = dcmread(head_slices[1])
    other.PatientID = "99"

    failures = []
    for dataset in (changed, other):
        buffer = io.BytesIO()
        dataset.save_as(buffer)
        answer = stow(machine, buffer.getvalue())
        assert answer.status_code == 409
        failures.append(answer.json()["00081198"]["Value"][0]["00081197"]["Value"][0])

    assert failures == [0x0111, 0xA900]
    instance = IdentifiedInstance.objects.get()
    sent_now = {path.stem for path in objects.rglob("*.dcm")} - known
    assert sent_now <= {instance.sha256}


def test_nobody_else_sees_or_stores(place, machine, head_slices):
    stow(machine, head_slices[0].read_bytes())
    study = IdentifiedStudy.unscoped.get()
    root = f"/dicomweb/studies/{study.study_uid}"
    sibling = token_client(make_person(make_organisation(), "requester"))
    learner = sign_in(Client(), make_person(place.county, "learner"))

    assert Client().get("/dicomweb/studies").status_code == 401
    assert Client(headers={"authorization": "Bearer xlt_wrong"}).get(root).status_code == 401
    assert sibling.get("/dicomweb/studies").json() == []
    assert learner.get("/dicomweb/studies").status_code == 403
    for stranger, status in ((sibling, 404), (learner, 403)):
        assert stranger.get(root).status_code == status
        assert stranger.get(f"{root}/thumbnail").status_code == status
        assert stranger.get(f"/teaching{root}").status_code == 404
    before = IdentifiedInstance.objects.count()
    assert stow(learner, head_slices[1].read_bytes()).status_code in {403, 422}
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, place.requester)
    assert stow(browser, head_slices[1].read_bytes()).status_code == 403
    assert IdentifiedInstance.objects.count() == before
    assert machine.post("/dicomweb/studies", b"x", content_type="application/dicom").status_code == 422
    cut = b"--B\r\nContent-Type: application/dicom\r\n\r\nabc"
    assert machine.post("/dicomweb/studies", cut, content_type="multipart/related; boundary=B").status_code == 422


def test_a_full_disk_is_told_and_leaves_nothing(place, machine, head_slices, monkeypatch):
    # given a disk that takes one more file, then none
    first, second = (path.read_bytes() for path in head_slices[:2])
    root = Path(stores.identified().path(""))
    known = {path for path in root.rglob("*") if path.is_file()}
    copy, written = stores.shutil.copyfileobj, []

    def full(source, target, *rest):
        if written:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(copy(source, target, *rest))

    machine.raise_request_exception = False
    with monkeypatch.context() as disk:
        disk.setattr(stores.shutil, "copyfileobj", full)
        # when a machine stores two images
        answer = stow(machine, first, second)
    assert len(written) == 1
    # then it is told why, in the form it reads, and neither rows nor pieces of a file are there
    assert (answer.status_code, answer["Content-Type"]) == (507, "application/problem+json")
    assert answer.json()["code"] == "storage_full"
    assert not IdentifiedStudy.unscoped.exists()
    assert not IdentifiedInstance.objects.exists()
    assert not Upload.objects.exists()
    assert {path for path in root.rglob("*") if path.is_file()} == known
    # and the same images are stored when there is space again
    assert stow(machine, first, second).status_code == 200
