"""A video is made in a folder of its attempt: what is half done, killed or overtaken is never what plays."""

from __future__ import annotations

import io
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.test import Client

from core.states import WrongState
from media_pipeline import api, stores
from media_pipeline.models import Video
from media_pipeline.video import files, making
from tests.factories.people import make_person
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_audience import open_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(place, now) -> Video:
    study = open_release(place, now).teaching_studies.get()
    return Video.objects.create(study=study, series_index=1, title="环", made_by=place.officer, created_at=now)


@pytest.fixture
def encoded(monkeypatch):
    """Instead of ffmpeg: each run writes its own number; `before_end` runs when a run has encoded."""
    runs = SimpleNamespace(count=0, before_end=lambda number: None)

    def encode(_frames, *, rate, key, target):
        runs.count += 1
        number = runs.count
        (target / "master.m3u8").write_bytes(b"run %d" % number)
        for step in range(2):
            (target / f"v{step}_000.ts").write_bytes(bytes([number]) * 10)
        runs.before_end(number)

    reel = SimpleNamespace(
        length=1, repeats=1, rate=1.0, seconds=1.0, is_scroll=False, pictures=lambda release: iter([b"jpeg"])
    )
    monkeypatch.setattr(making, "encode", encode)
    monkeypatch.setattr(making, "reel_of", lambda study, series: reel)
    return runs


def stored(video_id: UUID) -> list[str]:
    return stores.folders(stores.teaching(), files.folder(video_id))


def played(place, video: Video) -> bytes:
    return sign_in(Client(), place.officer).get(f"/teaching/videos/{video.pk}/master.m3u8").content


def admit_officer(place, video, now) -> None:
    api.admit(
        release_ids=[video.study.release_id], holders=[f"o:{place.province.pk}"], purpose="deidentification", now=now
    )


def test_an_attempt_that_breaks_leaves_nothing_and_the_next_one_plays(place, video, encoded, now, monkeypatch):
    admit_officer(place, video, now)
    put, written = stores.put, []

    def breaking(store, name, source):
        if len(written) == 2:
            raise OSError("disk full")
        written.append(name)
        put(store, name, source)

    monkeypatch.setattr(stores, "put", breaking)
    with pytest.raises(OSError, match="disk full"):
        making.make_ladder(video_id=video.pk, now=now)
    video.refresh_from_db()
    assert (len(written), stored(video.pk), video.state, video.attempt) == (2, [], "preparing", "")

    monkeypatch.setattr(stores, "put", put)
    assert making.make_ladder(video_id=video.pk, now=now)["state"] == "ready"
    video.refresh_from_db()
    assert stored(video.pk) == [files.folder(video.pk, video.attempt)]
    assert played(place, video) == b"run 2"


def test_the_first_attempt_to_finish_counts_and_the_other_is_removed(place, video, encoded, now):
    admit_officer(place, video, now)
    stores.put(stores.teaching(), f"{files.folder(video.pk)}/killed/v0_000.ts", io.BytesIO(b"half"))

    def overtake(number: int) -> None:
        if number == 1:
            making.make_ladder(video_id=video.pk, now=now)

    encoded.before_end = overtake
    with pytest.raises(WrongState):
        making.make_ladder(video_id=video.pk, now=now)

    video.refresh_from_db()
    assert stored(video.pk) == [files.folder(video.pk, video.attempt)]
    assert played(place, video) == b"run 2"
    key = bytes(video.sealed_key)
    assert making.make_ladder(video_id=video.pk, now=now) == {"state": "ready"}
    video.refresh_from_db()
    assert (encoded.count, bytes(video.sealed_key), played(place, video)) == (2, key, b"run 2")


def test_a_video_from_before_attempts_had_folders_still_plays_and_goes(place, video, now, run_jobs):
    admit_officer(place, video, now)
    Video.objects.filter(pk=video.pk).update(state="ready")
    stores.put(stores.teaching(), f"{files.folder(video.pk)}/master.m3u8", io.BytesIO(b"old"))
    assert making.make_ladder(video_id=video.pk, now=now) == {"state": "ready"}
    assert played(place, video) == b"old"
    assert (
        sign_in(Client(), make_person(place.county)).get(f"/teaching/videos/{video.pk}/master.m3u8").status_code == 404
    )

    api.close_release(release_id=video.study.release_id, reason="consent withdrawn", now=now)
    run_jobs()
    assert not stores.teaching().exists(f"{files.folder(video.pk)}/master.m3u8")


def test_the_encoder_works_in_the_data_folder_where_its_key_is_swept(video, encoded, now, settings, monkeypatch):
    places = []
    plain = making.encode

    def noting(frames, *, target, **how):
        places.append((target.parent, list(target.iterdir())))
        plain(frames, target=target, **how)

    monkeypatch.setattr(making, "encode", noting)
    making.make_ladder(video_id=video.pk, now=now)
    work = settings.DATA_DIR / "work"
    assert places == [(work, [])]
    assert list(work.iterdir()) == []
