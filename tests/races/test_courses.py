"""A course whose reviewers, desk or contents move at the same moment."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest

from cms import selectors, services
from cms.api import get_overlay
from cms.errors import CourseNotReady
from cms.models import Course, CourseEdition
from core.actor import person_token
from core.errors import XinglinError
from core.ids import uuid7
from core.outbox import delivery
from core.outbox.models import OutboxEvent
from media_pipeline import api as media
from media_pipeline.models import TeachingRelease, TeachingStudy, Video
from peer_review.models import Assignment, Decision, ReviewReport, ReviewRound
from tests.factories.courses import make_course, report
from tests.races.together import at_once, racing


@pytest.fixture
def video(world, now) -> Video:
    """Of an open release."""
    release = TeachingRelease.objects.create(
        organisation=world.hospital, label="T-000001", state="open", created_at=now, opened_at=now
    )
    study = TeachingStudy.objects.create(release=release, study_uid="1.2.3", created_at=now)
    return Video.objects.create(
        study=study, series_index=1, title="心尖四腔心", state="ready", seconds=4.0,
        made_by_id=world.author.person_id, created_at=now,
    )  # fmt: skip


@pytest.fixture
def course(world, video, now) -> Course:
    """A complete draft that shows the video."""
    made = make_course(world.author, world.hospital.pk, now, code="CARD-102")
    media.admit(
        release_ids=[video.study.release_id], holders=[person_token(world.author.person_id)], purpose="choosing",
        now=now,
    )  # fmt: skip
    services.add_block(
        actor=world.author, course_id=made.pk, unit_id=selectors.units_of(made)[0].pk, block_id=uuid7(), kind="video",
        value={"reference": str(video.pk)}, now=now,
    )  # fmt: skip
    return made


@pytest.fixture
def submit(world, course, now):
    reviewer_ids = [reviewer.person_id for reviewer in world.reviewers]
    return partial(services.submit_course, actor=world.author, course_id=course.pk, reviewer_ids=reviewer_ids, now=now)


@pytest.fixture
def approved(world, course, submit, now) -> Course:
    round_id = submit()
    for reviewer in world.reviewers:
        report(reviewer, round_id, now)
    services.apply_decision(round_id=round_id, now=now)
    return course


def row_of(course):
    return Course.unscoped.filter(pk=course.pk)


def withdraw(video: Video, now) -> None:
    """As when a consent is taken back: the release is closed, and a worker delivers what that said alone."""
    before = set(delivery.undelivered(now))
    media.close_release(release_id=video.study.release_id, reason="consent_withdrawn", now=now)
    deliver(before, now)


def deliver(before: set[UUID], now) -> None:
    """What was published since."""
    for event_id in sorted(set(delivery.undelivered(now)) - before):
        assert delivery.deliver(event_id, now=now)


def voids_of(course, video) -> list[dict[str, str]]:
    """The voids of each of the course's editions, by what they refer to."""
    editions = CourseEdition.objects.filter(course=course)
    return [
        {node["reference"]: get_overlay(edition.pk).voids.get(node["key"], "")}
        for edition in editions
        for unit in edition.manifest["units"]
        for node in unit["nodes"]
        if node["reference"] == str(video.pk)
    ]


@racing
def test_the_last_two_reports_of_a_round_decide_it_once(world, submit, now):
    """Given a round of two, when both hand in at once, then the one who came second decides it."""
    round_id = submit()

    outcomes = at_once(
        *(partial(report, reviewer, round_id, now) for reviewer in world.reviewers),
    )

    assert outcomes == ["", "approved"]
    assert ReviewRound.objects.get(pk=round_id).state == "decided"
    assert Decision.objects.filter(round=round_id).count() == 1
    assert ReviewReport.objects.filter(assignment__round=round_id, submitted_at__isnull=False).count() == 2
    assert OutboxEvent.objects.filter(event_type__endswith="RoundDecided", payload__round_id=str(round_id)).count() == 1


@racing
def test_two_clicks_on_submit_open_one_round(course, submit):
    first, second = at_once(submit, submit)

    assert second == first or isinstance(second, XinglinError)
    assert ReviewRound.objects.filter(subject_id=course.pk).get().pk == first
    assert Assignment.objects.filter(round=first).count() == 2
    assert row_of(course).get().state == "in_review"


@racing
def test_two_clicks_on_publish_make_one_edition(world, approved, now):
    publish = partial(services.publish_course, actor=world.editor, course_id=approved.pk, now=now)

    first, second = at_once(publish, publish)

    assert second == first or isinstance(second, XinglinError)
    edition = CourseEdition.objects.get(course=approved)
    assert (edition.pk, edition.number, row_of(approved).get().current_edition_id) == (first, 1, first)
    published = OutboxEvent.objects.filter(event_type__endswith="EditionPublished")
    assert published.filter(payload__edition_id=str(first)).count() == 1


@racing
def test_what_is_withdrawn_while_an_edition_is_made_is_void_in_it(world, approved, video, now):
    """Given an edition that is made and not there yet, when its video is withdrawn, then it comes out with the void.

    The publication has looked whether all is there, and stands before its commit.
    """
    outcomes = at_once(
        partial(services.publish_course, actor=world.editor, course_id=approved.pk, now=now),
        partial(withdraw, video, now),
    )

    assert outcomes == [CourseEdition.objects.get(course=approved).pk, None]
    assert voids_of(approved, video) == [{str(video.pk): "withdrawn"}]
    assert get_overlay(outcomes[0]).epoch == 2


@racing
def test_what_is_published_while_a_withdrawal_is_made_is_void_too(world, approved, video, now):
    """Given a withdrawal that is made and not there yet, when the course is published, then the void follows."""
    outcomes = at_once(
        partial(withdraw, video, now),
        partial(services.publish_course, actor=world.editor, course_id=approved.pk, now=now),
    )

    assert outcomes == [None, CourseEdition.objects.get(course=approved).pk]
    assert voids_of(approved, video) == [{str(video.pk): "withdrawn"}]


@racing
def test_nothing_is_published_that_was_withdrawn_before(world, approved, video, now):
    """Given a release that is closed while its void is still being written, then the publication is refused."""
    before = set(delivery.undelivered(now))
    media.close_release(release_id=video.study.release_id, reason="consent_withdrawn", now=now)

    _delivered, refusal = at_once(
        partial(deliver, before, now),
        partial(services.publish_course, actor=world.editor, course_id=approved.pk, now=now),
    )

    assert isinstance(refusal, CourseNotReady)
    assert not CourseEdition.objects.filter(course=approved).exists()
    assert row_of(approved).get().state == "approved"
