"""Sealed bytes stand for one object only, and a frame that is kept goes with its release's key."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core import crypto
from media_pipeline import api, cage, stores
from media_pipeline.access.objects import opened_teaching
from media_pipeline.imaging.keeping import kept_frames
from media_pipeline.models import TeachingInstance, TeachingStudy
from tests.factories.people import make_person
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_video import release_of


@pytest.fixture
def head(place, head_slices, now, run_jobs) -> TeachingStudy:
    """Two slices, released."""
    return release_of(place, head_slices[:2], now, run_jobs, defaced_reason="Every slice was checked.")


def test_one_object_cannot_stand_for_another(head):
    first, second = TeachingInstance.objects.order_by("path")
    with opened_teaching(first, head.release) as file:
        assert file.read()[128:132] == b"DICM"

    first.path = second.path

    with pytest.raises(crypto.Tampered), opened_teaching(first, head.release):
        pass


def test_a_kept_frame_is_decoded_once_and_goes_with_the_release(place, head, now, run_jobs, monkeypatch):
    learner = sign_in(Client(), make_person(place.county, "learner"))
    frame = reverse("media_pipeline:teaching_frame", args=[head.pk, 1, 1])
    picture = learner.get(frame).content
    folder = f"{kept_frames(head.release_id)}/{TeachingInstance.objects.order_by('position').first().sha256}"
    (name,) = stores.teaching().listdir(folder)[1]
    with stores.teaching().open(f"{folder}/{name}") as kept:
        sealed = kept.read()
    assert picture[:2] == b"\xff\xd8"
    assert picture[:64] not in sealed

    with monkeypatch.context() as patch:
        patch.setattr(cage, "call", lambda *_arguments, **_options: pytest.fail("decoded again"))
        assert learner.get(frame).content == picture
    with stores.teaching().open(f"{folder}/{name}", "wb") as kept:
        kept.write(sealed[:-1])
    assert learner.get(frame).content == picture

    api.close_release(release_id=head.release_id, reason="consent withdrawn", now=now)

    assert learner.get(frame).status_code == 404
    run_jobs()
    assert not stores.teaching().exists(f"{folder}/{name}")
