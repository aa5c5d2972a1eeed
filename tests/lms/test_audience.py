"""Who sees the images of a course whose case is not published: its reviewers in time, its authors, its learners."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from cms import api as cms
from cms import selectors
from cms import services as courses
from cms.errors import CourseNotReady
from core.actor import person_token
from core.content import ContentGone, FrozenNode, NotReady, releases_of
from core.ids import uuid7
from core.jobs.models import Job
from directory.models import Person
from lms.services import enrolling
from media_pipeline import api as media
from media_pipeline.blocks import VideoBlock
from media_pipeline.models import ReleaseAudience, TeachingRelease, TeachingStudy, Video
from peer_review import services as reviews
from peer_review.models import Assignment
from tests.factories.courses import make_course, report
from tests.factories.people import grant_role, make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

TITLE = "心尖四腔心"


@pytest.fixture
def video(world, now) -> Video:
    """A video of a release that is open, and of which no case was made."""
    release = TeachingRelease.objects.create(
        organisation=world.hospital, label="T-000001", state="open", created_at=now, opened_at=now
    )
    study = TeachingStudy.objects.create(release=release, study_uid="1.2.3", created_at=now)
    return Video.objects.create(
        study=study, series_index=1, title=TITLE, state="ready", seconds=4.0, made_by_id=world.author.person_id,
        created_at=now,
    )  # fmt: skip


@pytest.fixture
def course(world, video, now):
    """A draft that shows the video. Its author saw the video while choosing it, and no longer."""
    made = make_course(world.author, world.hospital.pk, now, code="CARD-102")
    chosen = {"release_ids": [video.study.release_id], "purpose": "choosing", "now": now}
    media.admit(holders=[person_token(world.author.person_id)], **chosen)
    courses.add_block(
        actor=world.author, course_id=made.pk, unit_id=courses_unit(made), block_id=uuid7(), kind="video",
        value={"reference": str(video.pk)}, now=now,
    )  # fmt: skip
    media.admit_only(holders=[], **chosen)
    return made


def courses_unit(course) -> int:
    return selectors.units_of(course)[0].pk


def sees(actor, now) -> bool:
    return TeachingStudy.objects.visible_to(actor, now).exists()


def submitted(world, course, now):
    ids = [reviewer.person_id for reviewer in world.reviewers]
    return courses.submit_course(actor=world.author, course_id=course.pk, reviewer_ids=ids, now=now)


def test_reviewers_see_it_while_they_review(world, course, now, run_jobs):
    first, second = world.reviewers
    third = make_actor(make_person(world.hospital, "reviewer"), now)
    assert [sees(actor, now) for actor in (first, second, third)] == [False] * 3
    round_id = submitted(world, course, now)
    assert [sees(actor, now) for actor in (first, second, third)] == [True, True, False]
    courses.withdraw_submission(actor=world.author, course_id=course.pk, now=now)
    assert [sees(actor, now) for actor in (first, second)] == [False, False]

    round_id = submitted(world, course, now)
    mine = Assignment.objects.get(round=round_id, reviewer=first.person_id)
    reviews.declare_conflict(actor=first, assignment_id=mine.pk, reason="同一课题组", now=now)
    run_jobs(now)
    assert [sees(actor, now) for actor in (first, second, third)] == [False, True, True]
    for reviewer in (second, third):
        report(reviewer, round_id, now)
    run_jobs(now)
    assert [sees(actor, now) for actor in (first, second, third)] == [False] * 3


def test_learners_see_it_while_they_are_enrolled(world, course, video, actor, now, run_jobs):
    stranger, release_id = make_actor(make_person(world.hospital), now), video.study.release_id
    round_id = submitted(world, course, now)
    for reviewer in world.reviewers:
        report(reviewer, round_id, now)
    run_jobs(now)
    edition_id = courses.publish_course(actor=world.editor, course_id=course.pk, now=now)
    assert sees(world.author, now)
    assert [sees(person, now) for person in (actor, stranger)] == [False, False]

    enrolment_id = enrolling.enrol(actor=actor, edition_id=edition_id, now=now)
    assert [sees(person, now) for person in (actor, stranger)] == [True, False]
    node = next(n for unit in cms.get_edition(edition_id).units for n in unit.nodes if n.kind == "video")
    assert TITLE in VideoBlock().render(node, actor=actor, now=now)
    assert releases_of([node]) == {release_id}
    enrolling.withdraw(actor=actor, enrolment_id=enrolment_id, now=now)
    assert not sees(actor, now)
    for _twice in range(2):
        assert enrolling.enrol(actor=actor, edition_id=edition_id, now=now) == enrolment_id
        assert sees(actor, now + timedelta(days=400))
    assert ReleaseAudience.objects.filter(purpose=f"learning:{enrolment_id}").count() == 1

    media.close_release(release_id=release_id, reason="consent withdrawn", now=now)
    assert [sees(person, now) for person in (actor, world.author)] == [False, False]
    assert enrolling.enrol(actor=stranger, edition_id=edition_id, now=now)
    assert ReleaseAudience.objects.count() == 0


def approved_by_all(world, course, now, run_jobs):
    round_id = submitted(world, course, now)
    for reviewer in world.reviewers:
        report(reviewer, round_id, now)
    run_jobs(now)
    courses.publish_course(actor=world.editor, course_id=course.pk, now=now)


def test_the_images_are_the_present_authors(world, course, now, run_jobs):
    # given a published course of two authors
    second, third = (make_actor(make_person(world.hospital, "author"), now) for _each in range(2))
    change = {"actor": world.author, "course_id": course.pk, "now": now}
    courses.add_author(person_id=second.person_id, **change)
    approved_by_all(world, course, now, run_jobs)
    authors = (world.author, second, third)
    assert [sees(person, now) for person in authors] == [True, True, False]
    # when one is taken off and another comes, then that is so at once
    courses.remove_author(person_id=second.person_id, **change)
    courses.add_author(person_id=third.person_id, **change)
    assert [sees(person, now) for person in authors] == [True, False, True]
    # and with an edition that shows them no more, the older one's stay theirs; who is taken off then goes too
    courses.revise_course(actor=world.author, course_id=course.pk, now=now)
    (block,) = [b for b in selectors.raw_blocks(selectors.units_of(course)[0]) if b["type"] == "video"]
    courses.remove_block(
        actor=world.author, course_id=course.pk, unit_id=courses_unit(course), block_id=str(block["id"]), now=now
    )
    courses.remove_author(person_id=third.person_id, **change)
    approved_by_all(world, course, now, run_jobs)
    assert [sees(person, now) for person in authors] == [True, False, False]


def test_an_author_without_the_role_sees_no_image_from_that_moment(world, course, now, run_jobs):
    # given a published course whose second author's role ends in an hour
    hour, person = timedelta(hours=1), make_person(world.hospital)
    grant = grant_role(person, "author", world.hospital.parent, ends_at=now + hour)
    courses.add_author(actor=world.author, course_id=course.pk, person_id=person.pk, now=now)
    approved_by_all(world, course, now, run_jobs)
    # then the images are theirs until then, with nobody doing anything
    assert sees(make_actor(person, now), now)
    assert not sees(make_actor(person, now + hour), now + hour)
    assert sees(make_actor(Person.objects.get(pk=world.author.person_id), now + hour), now + hour)
    # and a role elsewhere does not bring them back; the same one does
    grant_role(person, "author", make_organisation(world.hospital.parent))
    assert not sees(make_actor(person, now + hour), now + hour)
    grant.ends_at = None
    grant.save(update_fields=["ends_at"])
    assert sees(make_actor(person, now + hour), now + hour)


def test_a_reviewer_without_the_role_sees_no_image_from_that_moment(world, course, now):
    # given a course in review, and a reviewer whose role ends in an hour
    hour, person = timedelta(hours=1), Person.objects.get(pk=world.reviewers[0].person_id)
    submitted(world, course, now)
    person.grants.update(ends_at=now + hour)
    # then the images are theirs until then, with nobody doing anything, and the other's go on
    assert sees(make_actor(person, now), now)
    assert not sees(make_actor(person, now + hour), now + hour)
    assert sees(world.reviewers[1], now + hour)
    # and the role counts wherever it is held, as for the review's own page
    grant_role(person, "reviewer", make_organisation())
    assert sees(make_actor(person, now + hour), now + hour)


def test_a_course_without_images_writes_no_row_and_asks_nothing(world, actor, now, django_assert_num_queries):
    nodes = [node for unit in world.edition.units for node in unit.nodes]
    with django_assert_num_queries(0):
        assert releases_of(nodes) == set()
    enrolling.enrol(actor=actor, edition_id=world.edition.id, now=now)
    assert ReleaseAudience.objects.count() == 0


def test_a_withdrawn_video_is_voided_and_everybody_is_graded_anew(world, course, video, actor, now, run_jobs):
    # given a learner who has done all of a course but watched the video
    approved_by_all(world, course, now, run_jobs)
    edition = cms.latest_edition(course.pk)
    (node,) = [n for unit in edition.units for n in unit.nodes if n.kind == "video"]
    enrolling.enrol(actor=actor, edition_id=edition.id, now=now)
    before = cms.get_overlay(edition.id)
    assert (before.voids, list(selectors.with_withdrawn_content(world.author))) == ({}, [])
    # when its release is closed, and what frees the disk has run
    media.close_release(release_id=video.study.release_id, reason="consent withdrawn", now=now)
    media.close_release(release_id=video.study.release_id, reason="consent withdrawn", now=now)
    run_jobs(now)
    # then it left the denominator, the desk says so and a job looked at every enrolment
    assert not Video.objects.exists()
    after = cms.get_overlay(edition.id)
    assert (after.voids, after.epoch) == ({node.key: "withdrawn"}, before.epoch + 1)
    assert list(selectors.with_withdrawn_content(world.author)) == [course]
    regraded = Job.objects.get(name="lms.regrade_edition")
    assert (regraded.state, regraded.arguments) == ("succeeded", {"edition_id": str(edition.id)})


def test_a_video_on_a_page_is_one_query_without_its_key_and_poster(world, video, now, django_assert_num_queries):
    node = FrozenNode(key="loop", kind="video", reference=str(video.pk))
    with pytest.raises(ContentGone):
        VideoBlock().render(node, actor=world.author, now=now)
    holders = [person_token(world.author.person_id)]
    media.admit(release_ids=[video.study.release_id], holders=holders, purpose="choosing", now=now)

    with django_assert_num_queries(1) as captured:
        html = VideoBlock().render(node, actor=world.author, now=now)

    assert f'aria-label="{TITLE}"' in html
    assert "sealed_" not in captured[0]["sql"]


def test_a_video_that_is_still_being_made_stands_on_the_desk_as_such(world, video, now):
    # given a video that was just asked for: its author may choose it already
    Video.objects.filter(pk=video.pk).update(state="preparing")
    chosen = {"release_ids": [video.study.release_id], "purpose": "choosing", "now": now}
    media.admit(holders=[person_token(world.author.person_id)], **chosen)
    with translation.override("zh-hans"):
        labels = [row.label for row in VideoBlock().choices(actor=world.author, now=now)]
    assert labels == [f"{TITLE}（正在制作）"]
    # when it is put into a unit
    made = make_course(world.author, world.hospital.pk, now, code="CARD-103")
    unit = courses_unit(made)
    courses.add_block(
        actor=world.author, course_id=made.pk, unit_id=unit, block_id=uuid7(), kind="video",
        value={"reference": str(video.pk)}, now=now,
    )  # fmt: skip
    # then the desk says that it is being made, not that it is gone, and the course waits for it
    author = sign_in(Client(), Person.objects.get(pk=world.author.person_id))
    author.cookies["xinglin_language"] = "en"
    page = author.get(f"/courses/desk/{made.pk}/units/{unit}/").content.decode()
    assert "This teaching video is being made. The course can be submitted once it is ready." in page
    assert "withdrawn" not in page
    with pytest.raises(CourseNotReady):
        submitted(world, made, now)
    # and once it is ready it is shown
    Video.objects.filter(pk=video.pk).update(state="ready")
    page = author.get(f"/courses/desk/{made.pk}/units/{unit}/").content.decode()
    assert "being made" not in page and "data-player" in page


def test_of_a_video_whose_making_stopped_the_desk_says_what_to_do(video, now):
    job = Job.objects.create(name="media_pipeline.make_video", state="dead", created_at=now, run_after=now)
    Video.objects.filter(pk=video.pk).update(state="preparing", job_id=job.pk)

    with pytest.raises(NotReady) as refused:
        VideoBlock().freeze({"reference": str(video.pk)}, key="b1", now=now)

    assert refused.value.sentence() == VideoBlock.stopped
