"""A released loop becomes an encrypted ladder that plays while the release is open, and not a second longer."""

from __future__ import annotations

import subprocess

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.test import Client
from django.urls import reverse

from core.actor import SIGNED_IN
from core.content import ContentGone, NotReady
from core.ids import uuid7
from media_pipeline import api, stores
from media_pipeline.blocks import VideoBlock
from media_pipeline.contracts import PatientIdentifiers
from media_pipeline.models import IdentifiedStudy, TeachingInstance, TeachingRelease, TeachingStudy, Video
from media_pipeline.video.ladder import tool
from tests.factories.people import make_actor, make_person
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_release_line import confirm_all


def url(name: str, *args) -> str:
    return reverse(f"media_pipeline:{name}", args=args)


def release_of(place, files, now, run_jobs, defaced_reason="") -> TeachingStudy:
    """The files' study, confirmed by two readers, open and published: whoever is signed in may see it."""
    api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=files, now=now
    )
    run_jobs()
    release_id = api.start_release(
        study_ids=[IdentifiedStudy.unscoped.get().pk],
        texts={},
        identifiers=PatientIdentifiers(),
        organisation_id=place.province.pk,
        now=now,
    )
    run_jobs()
    release = TeachingRelease.objects.get(pk=release_id)
    said = {"face": "defaced", "face_reason": defaced_reason} if defaced_reason else {}
    confirm_all(place, place.officer, release, now, **said)
    confirm_all(place, place.officer2, release, now, **said)
    run_jobs()
    api.admit(release_ids=[release_id], holders=[SIGNED_IN], purpose="reading", now=now)
    return TeachingStudy.objects.get()


@pytest.fixture
def study(place, echo, now, run_jobs) -> TeachingStudy:
    """The echo, released."""
    return release_of(place, [echo], now, run_jobs)


def test_two_slices_last_long_enough_to_be_played(place, head_slices, now, run_jobs):
    head = release_of(place, head_slices[:2], now, run_jobs, defaced_reason="Every slice was checked.")
    author = sign_in(Client(), make_person(place.province, "author"))
    key = str(uuid7())

    author.post(url("video_make", head.pk), {"form_key": key, "series": "1", "title": "头颅 T1"})
    run_jobs()

    video = Video.objects.get()
    assert (video.state, video.pictures, video.repeats, video.seconds) == ("ready", 2, 1, 1.0)
    master = author.get(url("video_file", key, "master.m3u8")).content.decode()
    assert [line for line in master.splitlines() if line.endswith(".m3u8")] == ["v0.m3u8", "v1.m3u8"]


def test_slices_become_a_scroll_and_a_single_picture_becomes_nothing(place, head_slices, now, run_jobs):
    head = release_of(place, head_slices[:8], now, run_jobs, defaced_reason="Every slice was checked.")
    author = sign_in(Client(), make_person(place.province, "author"))
    key = str(uuid7())

    author.post(url("video_make", head.pk), {"form_key": key, "series": "1", "title": "头颅 T1"})
    run_jobs()

    video = Video.objects.get()
    assert (video.state, video.is_scroll, video.pictures, video.repeats, video.seconds) == ("ready", True, 8, 1, 2.0)
    shown = author.get(url("video", key)).content.decode()
    assert 'data-seconds="2.0"' in shown and "按层序显示 8 层，不是随时间的运动" in shown
    TeachingInstance.objects.exclude(pk=TeachingInstance.objects.first().pk).delete()
    refused = author.post(url("video_make", head.pk), {"form_key": str(uuid7()), "series": "1", "title": "头颅"})
    assert refused.status_code == 422
    assert author.post(url("video_make", head.pk), {"form_key": str(uuid7()), "series": "2"}).status_code == 404
    assert Video.objects.count() == 1
    assert "/video/" not in author.get(url("teaching_viewer", head.pk)).content.decode()


def test_a_loop_becomes_a_video_that_goes_with_its_release(place, study, now, run_jobs):
    author = sign_in(Client(), make_person(place.province, "author"))
    learner = sign_in(Client(), make_person(place.county, "learner"))
    key = str(uuid7())
    form = {"form_key": key, "series": "1", "title": "心尖四腔心"}
    assert learner.post(url("video_make", study.pk), form).status_code == 403
    for _twice in range(2):
        assert author.post(url("video_make", study.pk), form)["Location"] == url("video", key)
    block = VideoBlock()
    with pytest.raises(NotReady):
        block.freeze({"reference": key}, key="b1", now=now)
    run_jobs()

    video = Video.objects.get()
    assert (video.state, video.repeats, round(video.seconds, 1)) == ("ready", 5, 20.0)
    assert [step.height for step in video.renditions.all()] == [480, 240]
    actor = make_actor(make_person(place.county, "learner"))
    node = block.freeze({"reference": key}, key="b1", now=now)
    assert (node.reference, node.facts, node.html) == (key, {"seconds": 20}, "")
    assert url("video_file", key, "master.m3u8") in block.render(node, actor=actor, now=now)
    assert "心尖四腔心" in learner.get(url("video", key)).content.decode()

    playlist = learner.get(url("video_file", key, "v0.m3u8")).content.decode()
    assert 'METHOD=AES-128,URI="key"' in playlist
    segment = learner.get(url("video_file", key, "v0_000.ts")).content
    secret = learner.get(url("video_key", key)).content
    plain = Cipher(algorithms.AES(secret), modes.CBC(b"\x00" * 16)).decryptor().update(segment)
    assert (plain[0], plain[188]) == (0x47, 0x47)
    assert segment[:188] != plain[:188]
    decoded = subprocess.run(
        [tool(), "-v", "error", "-i", "pipe:0", "-f", "null", "-"], input=plain, capture_output=True, check=True
    )
    assert decoded.stderr == b""
    assert learner.get(url("video_poster", key))["Content-Type"] == "image/jpeg"
    assert learner.get(url("video_file", key, "key.info")).status_code == 404
    assert Client().get(url("video_key", key)).status_code == 302

    api.close_release(release_id=study.release_id, reason="consent withdrawn", now=now)

    for name, *rest in (("video",), ("video_key",), ("video_poster",), ("video_file", "v0_000.ts")):
        assert learner.get(url(name, key, *rest)).status_code == 404
    with pytest.raises(ContentGone):
        block.render(node, actor=actor, now=now)
    run_jobs()
    assert stores.folders(stores.teaching(), f"video/{key}") == []
    assert not Video.objects.exists()
