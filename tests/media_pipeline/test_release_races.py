"""What is released is what two readers confirmed, whatever happens while a job runs; nothing is left lying about."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from media_pipeline import api, stores
from media_pipeline.imaging.rendering import Look, render_teaching
from media_pipeline.models import Candidate, RedactionBox, TeachingInstance, TeachingRelease
from media_pipeline.release import opening, reviewing
from media_pipeline.release.preparing import prepare_release
from tests.media_pipeline.test_release_line import confirm_all, release, study  # noqa: F401


def files(store, folder: str) -> list[Path]:
    return [path for path in Path(store.path(folder)).rglob("*") if path.is_file()]


def draw(place, release, now):  # noqa: F811
    return reviewing.draw_box(
        actor=place.actor(place.officer), release_id=release.pk, candidate_id=release.candidates.get().pk,
        left=0, top=0, width=100, height=24, reason="name", now=now,
    )  # fmt: skip


def test_a_box_drawn_while_the_objects_are_sealed_is_in_what_opens(place, release, now, run_jobs):  # noqa: F811
    for reader in (place.officer, place.officer2):
        confirm_all(place, reader, release, now)

    def meanwhile(done: int, total: int) -> None:
        draw(place, release, now)
        for reader in (place.officer, place.officer2):
            confirm_all(place, reader, release, now)

    outcome = opening.open_release(release_id=release.pk, now=now, progress=meanwhile)

    assert outcome == {"state": "pixel_review"}
    assert not TeachingInstance.objects.exists()
    assert files(stores.teaching(), str(release.pk)) == []
    run_jobs()
    release.refresh_from_db()
    assert release.state == "open"
    picture = Image.open(io.BytesIO(render_teaching(TeachingInstance.objects.get(), release, 60, Look(kind="png"))))
    assert picture.crop((0, 0, 100, 24)).getextrema() == ((0, 0), (0, 0), (0, 0))
    assert api.get_release(release.pk).evidence.boxes == 1


def test_a_box_without_both_readers_keeps_the_release_shut(place, release, now):  # noqa: F811
    for reader in (place.officer, place.officer2):
        confirm_all(place, reader, release, now)
    candidate = release.candidates.get()
    RedactionBox.objects.create(
        candidate=candidate, left=0, top=0, width=9, height=9, drawn_by=place.officer, drawn_at=now
    )

    assert opening.open_release(release_id=release.pk, now=now) == {"state": "pixel_review"}
    assert not TeachingInstance.objects.exists()


def test_confirming_the_same_boxes_again_opens_the_release(place, release, now, run_jobs):  # noqa: F811
    for reader in (place.officer, place.officer2):
        confirm_all(place, reader, release, now)
    box_id = draw(place, release, now)
    run_jobs()
    assert api.get_release_state(release.pk) == "pixel_review"

    reviewing.remove_box(actor=place.actor(place.officer), release_id=release.pk, box_id=box_id, now=now)
    for reader in (place.officer, place.officer2):
        confirm_all(place, reader, release, now)
    run_jobs()

    assert api.get_release_state(release.pk) == "open"


def test_a_run_killed_after_opening_is_tidied_by_the_next(place, release, now, monkeypatch):  # noqa: F811
    for reader in (place.officer, place.officer2):
        confirm_all(place, reader, release, now)
    stores.put(stores.teaching(), f"{release.pk}/killed/1.sealed", io.BytesIO(b"sealed in vain"))

    def killed(release_id):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(opening, "remove_candidates", killed)
        with pytest.raises(KeyboardInterrupt):
            opening.open_release(release_id=release.pk, now=now)
    assert (api.get_release_state(release.pk), Candidate.objects.count()) == ("open", 1)

    opening.open_release(release_id=release.pk, now=now)

    assert not Candidate.objects.exists()
    assert not stores.identified().exists(f"release/{release.pk}")
    kept = [str(path) for path in files(stores.teaching(), str(release.pk))]
    assert kept == [stores.teaching().path(TeachingInstance.objects.get().path)]


def test_a_release_closed_during_its_run_leaves_no_cleaned_object(place, release, now):  # noqa: F811
    TeachingRelease.objects.filter(pk=release.pk).update(state="preparing")

    def close(done: int, total: int) -> None:
        api.close_release(release_id=release.pk, reason="consent withdrawn", now=now)

    assert prepare_release(release_id=release.pk, now=now, progress=close) == {"state": "closed"}

    assert not stores.identified().exists(f"release/{release.pk}")
    assert not Candidate.objects.exists()
