"""A busy machine, a full disk or an impatient click cost a retry, never an image."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from core.errors import Conflict
from core.ids import uuid7
from media_pipeline import api, cage, stores
from media_pipeline.cage import BadFile, CageFailed, pool
from media_pipeline.models import IdentifiedInstance, Upload
from media_pipeline.uploads import ingesting
from tests.factories.people import make_organisation, make_person


def send(place, now, *files, upload_id=None, person=None):
    return api.store_instances(
        actor=place.actor(person or place.requester), organisation_id=place.county.pk, source="form", files=files,
        now=now, upload_id=upload_id,
    )  # fmt: skip


def outcome(receipt) -> list[tuple[str, str]]:
    return list(Upload.objects.get(pk=receipt.upload_id).files.values_list("state", "code"))


def spooled(receipt) -> list[str]:
    folder = Path(stores.identified().path(f"spool/{receipt.upload_id}"))
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_waiting_for_a_cage_is_not_reading(head_slices, monkeypatch):
    clock = SimpleNamespace(waited=0.0)
    real_acquire, real_clock = pool.Pool.acquire, pool.time.monotonic

    def slow(self, zone_name, until):
        clock.waited += 100.0
        return real_acquire(self, zone_name, until)

    monkeypatch.setattr(pool.Pool, "acquire", slow)
    monkeypatch.setattr(pool, "time", SimpleNamespace(monotonic=lambda: real_clock() + clock.waited))
    with head_slices[0].open("rb", buffering=0) as file:
        header = cage.call("inspect", zone="identified", files=[file.fileno()], seconds=60.0).value

    assert header["modality"] == "MR"


def test_a_full_disk_is_not_the_files_fault():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr("a.dcm", b"x" * 4096)
    source, full = os.memfd_create("test"), os.open("/dev/full", os.O_WRONLY)
    try:
        os.write(source, archive.getvalue())
        with pytest.raises(CageFailed):
            cage.call("unpack_member", zone="identified", files=[source, full], arguments={"index": 0})
    finally:
        os.close(source)
        os.close(full)


def test_a_lost_cage_is_tried_again_and_the_image_stored(place, head_slices, now, run_jobs, monkeypatch):
    def lost(*args, **kwargs):
        raise CageFailed("took_too_long")

    receipt = send(place, now, head_slices[0])
    with monkeypatch.context() as patched:
        patched.setattr(ingesting.cage, "call", lost)
        run_jobs()
    assert outcome(receipt) == [("waiting", "")]
    assert len(spooled(receipt)) == 1

    run_jobs(now + timedelta(days=100))

    assert outcome(receipt) == [("stored", "")]
    assert spooled(receipt) == []


def test_a_file_that_loses_every_cage_is_refused_in_the_end(place, head_slices, now, run_jobs, monkeypatch):
    def lost(*args, **kwargs):
        raise CageFailed("took_too_long")

    monkeypatch.setattr(ingesting.cage, "call", lost)
    receipt = send(place, now, head_slices[0])
    for day in range(1, 8):
        run_jobs(now + timedelta(days=100 * day))

    assert outcome(receipt) == [("refused", "took_too_long")]


def test_a_second_click_while_the_first_is_still_sending_is_one_upload(place, head_slices, now, run_jobs):
    key, content = uuid7(), head_slices[0].read_bytes()

    class Clicked(io.BytesIO):
        """Before its first byte is read, the same form comes in again and its job runs."""

        is_first = True

        def read(self, size: int | None = -1, /) -> bytes:
            if self.is_first:
                self.is_first = False
                receipts.append(send(place, now, SimpleUploadedFile("a.dcm", content), upload_id=key))
                run_jobs()
            return super().read(size)

    receipts: list = []
    slow = UploadedFile(file=Clicked(content), name="a.dcm", size=len(content))
    receipts.append(send(place, now, slow, upload_id=key))

    assert receipts[0] == receipts[1]
    assert outcome(receipts[0]) == [("stored", "")]
    assert (Upload.objects.count(), IdentifiedInstance.objects.count(), spooled(receipts[0])) == (1, 1, [])


def test_nobody_gets_the_receipt_of_another_organisations_upload(place, head_slices, now):
    receipt = send(place, now, head_slices[0], upload_id=uuid7())
    elsewhere = make_organisation(place.province)
    other = place.actor(make_person(elsewhere, "requester"))

    with pytest.raises(Conflict):
        api.store_instances(
            actor=other, organisation_id=elsewhere.pk, source="form", files=head_slices[1:2], now=now,
            upload_id=receipt.upload_id,
        )  # fmt: skip

    assert len(spooled(receipt)) == 1
    assert Upload.objects.count() == 1


def test_unpacking_says_after_each_member_that_it_is_alive(place, head_slices, now):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        for path in head_slices[:3]:
            writing.write(path, path.name)
    receipt = send(place, now, SimpleUploadedFile("a.zip", archive.getvalue()))
    said: list[tuple[int, int]] = []

    ingesting.ingest_upload(
        upload_id=receipt.upload_id, now=now, progress=lambda done, total: said.append((done, total))
    )

    assert said == [(0, 4), (0, 4), (0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert outcome(receipt) == [("unpacked", "")] + [("stored", "")] * 3


def test_a_lost_cage_still_reads_as_a_sentence_on_a_page():
    assert isinstance(CageFailed("took_too_long"), BadFile)
