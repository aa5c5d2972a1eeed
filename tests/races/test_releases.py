"""Two officers at one release, and one officer in two windows."""

from __future__ import annotations

from functools import partial

from core.jobs.models import Job
from media_pipeline import api
from media_pipeline.models import PixelReview
from media_pipeline.release import marking, reading, reviewing
from tests.races.together import at_once, racing


def frames_of(release):
    candidate = release.candidates.get()
    return [(candidate.pk, number) for number in range(1, candidate.frames + 1)]


def leave_every_mark(reader, release, now):
    """What the machine noticed is no writing, says this reader."""
    candidate = release.candidates.get()
    for number in range(1, len(candidate.findings["marks"]) + 1):
        where = {"candidate_id": candidate.pk, "number": number}
        marking.leave_mark(actor=reader, release_id=release.pk, **where, is_left=True, now=now)


@racing
def test_of_two_officers_who_confirm_the_last_frame_one_opens_the_release(place, release, now, run_jobs):
    """Given two readers who have seen everything, when both confirm at once, then one of them is the second."""
    readers = [place.actor(person) for person in (place.officer, place.officer2)]
    for reader in readers:
        leave_every_mark(reader, release, now)
        reviewing.confirm_frames(actor=reader, release_id=release.pk, frames=frames_of(release), now=now)
        reading.confirm_texts(actor=reader, release_id=release.pk, now=now)

    outcomes = at_once(
        *(partial(reviewing.confirm_release, actor=reader, release_id=release.pk, now=now) for reader in readers),
    )

    assert outcomes == [False, True]
    assert Job.objects.filter(name="media_pipeline.open_release").count() == 1
    run_jobs()
    assert api.get_release_state(release.pk) == "open"


@racing
def test_two_windows_of_one_officer_lose_no_frame(place, release, now):
    reader, frames = place.actor(place.officer), frames_of(release)
    confirm = partial(reviewing.confirm_frames, actor=reader, release_id=release.pk, now=now)
    confirm(frames=frames[:1])

    outcomes = at_once(
        lambda: confirm(frames=frames[:60]),
        lambda: confirm(frames=frames[60:]),
    )

    assert outcomes == [60, 120]
    review = PixelReview.objects.get()
    assert reviewing.frames_missing(release, review) == 0
