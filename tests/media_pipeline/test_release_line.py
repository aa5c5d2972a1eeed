"""From an uploaded loop to an opened and closed teaching release, through the real cage and stores."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from pydicom import dcmread

from media_pipeline import api, stores
from media_pipeline.access.objects import opened_teaching
from media_pipeline.contracts import PatientIdentifiers
from media_pipeline.errors import AlreadyConfirmed, FramesMissing, ReleaseClosed
from media_pipeline.imaging.rendering import Look, render_teaching
from media_pipeline.models import (
    Candidate,
    IdentifiedInstance,
    IdentifiedStudy,
    Share,
    TeachingInstance,
    TeachingRelease,
)
from media_pipeline.release import marking, reading, reviewing

TEXT = "青溪县人民医院李秀兰，58岁，2026年11月3日胸闷，联系电话13812345678，王主任接诊。"


def upload(place, path: Path, now: datetime, run_jobs) -> IdentifiedStudy:
    api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=[path], now=now
    )
    run_jobs()
    return IdentifiedStudy.unscoped.get()


@pytest.fixture
def study(place, echo, now, run_jobs) -> IdentifiedStudy:
    return upload(place, echo, now, run_jobs)


@pytest.fixture
def release(place, study, now, run_jobs) -> TeachingRelease:
    release_id = api.start_release(
        study_ids=[study.pk],
        texts={"history": TEXT},
        identifiers=PatientIdentifiers(names=("李秀兰",), dates=("2026-11-01",), places=("青溪县人民医院",)),
        organisation_id=place.province.pk,
        now=now,
    )
    run_jobs()
    return TeachingRelease.objects.get(pk=release_id)


def leave_marks(place, person, release, now) -> None:
    """This reader takes everything that the machine noticed for no writing."""
    for candidate in release.candidates.all():
        for number, _mark in enumerate(candidate.findings["marks"], start=1):
            call = {"actor": place.actor(person), "release_id": release.pk, "now": now}
            marking.leave_mark(**call, candidate_id=candidate.pk, number=number, is_left=True)


def confirm_all(place, person, release, now, **stated) -> bool:
    actor = place.actor(person)
    leave_marks(place, person, release, now)
    frames = [(c.pk, n) for c in release.candidates.all() for n in range(1, c.frames + 1)]
    reviewing.confirm_frames(actor=actor, release_id=release.pk, frames=frames, now=now)
    reading.confirm_texts(actor=actor, release_id=release.pk, now=now)
    return reviewing.confirm_release(actor=actor, release_id=release.pk, now=now, **stated)


def test_a_loop_is_stored_once_and_owned_by_its_sender(place, study, echo, now, run_jobs):
    assert (study.modalities, study.instance_count, study.patient_id) == ("US", 1, "204")
    instance = IdentifiedInstance.objects.get()
    assert (instance.frames, instance.rows, instance.columns) == (120, 480, 640)
    assert Share.objects.get().holder == f"o:{place.county.pk}"

    receipt = api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=[echo], now=now
    )
    run_jobs()

    from media_pipeline.models import Upload

    assert Upload.objects.get(pk=receipt.upload_id).files.get().state == "duplicate"
    assert IdentifiedInstance.objects.count() == 1
    assert not stores.identified().exists(f"spool/{receipt.upload_id}/1")


def test_two_readers_open_a_release_and_its_key_closes_it(place, release, now, run_jobs):
    assert release.state == "pixel_review"
    candidate = release.candidates.get()
    first = place.actor(place.officer)

    with pytest.raises(FramesMissing):
        reviewing.confirm_release(actor=first, release_id=release.pk, now=now)
    reviewing.draw_box(
        actor=first, release_id=release.pk, candidate_id=candidate.pk,
        left=0, top=0, width=100, height=24, reason="name", now=now,
    )  # fmt: skip
    assert confirm_all(place, place.officer, release, now) is False
    with pytest.raises(AlreadyConfirmed):
        reviewing.confirm_release(actor=first, release_id=release.pk, now=now)
    assert api.get_release_state(release.pk) == "pixel_review"
    assert confirm_all(place, place.officer2, release, now) is True
    run_jobs()

    facts = api.get_release(release.pk)
    assert facts.state == "open"
    assert facts.texts == {"history": "[地点][姓名]，五十多岁，第 3 天胸闷，联系电话[电话]，[医务人员]接诊。"}
    assert facts.studies[0].series[0].frames == 120
    assert (facts.evidence.boxes, len(facts.evidence.reader_ids)) == (1, 2)
    assert not Candidate.objects.exists()

    instance = TeachingInstance.objects.get()
    release.refresh_from_db()
    picture = Image.open(io.BytesIO(render_teaching(instance, release, 60, Look(kind="png"))))
    assert picture.crop((0, 0, 100, 24)).getextrema() == ((0, 0), (0, 0), (0, 0))
    with opened_teaching(instance, release) as file:
        dataset = dcmread(file)
    assert dataset.PatientName == dataset.PatientID == release.label
    assert dataset.PatientIdentityRemoved == "YES"
    assert dataset.StudyInstanceUID.startswith("2.25.")
    assert dataset.StudyDate != "20160503"
    assert dataset.BurnedInAnnotation == "NO"
    assert [element for element in dataset if element.tag.is_private] == []

    api.close_release(release_id=release.pk, reason="consent withdrawn", now=now)
    release.refresh_from_db()
    assert (release.state, bytes(release.wrapped_key), bytes(release.sealed_texts)) == ("closed", b"", b"")
    with pytest.raises(ReleaseClosed):
        api.get_release(release.pk)
    with pytest.raises(ReleaseClosed):
        render_teaching(instance, release, 1, Look())
    run_jobs()
    assert not stores.teaching().exists(instance.path)
    assert not TeachingInstance.objects.exists()
