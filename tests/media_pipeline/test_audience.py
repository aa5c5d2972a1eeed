"""Who sees the images of a release: what its audience rows say at this moment, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actor import ANONYMOUS, SIGNED_IN, SYSTEM, Actor, Grant, organisation_token, person_token
from core.errors import Forbidden
from core.ids import uuid7
from media_pipeline import api
from media_pipeline.access.authorise import authorise_teaching
from media_pipeline.blocks import VideoBlock
from media_pipeline.errors import ReleaseClosed, ReleaseNotFound, VideoNotFound
from media_pipeline.models import ReleaseAudience, TeachingRelease, TeachingStudy, Video
from media_pipeline.release import sealing
from media_pipeline.release.reviewing import refuse_release
from media_pipeline.video.asking import ask_for_video, video_for
from tests.factories.people import make_person
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_dicomweb import token_client

pytestmark = pytest.mark.django_db
HOSPITAL, PROVINCE, ELSEWHERE = (UUID(int=number) for number in (1, 2, 3))
PURPOSES = ("reading", "editing", "review:1")


def actor(number: int, place: UUID | None = None, *permissions: str) -> Actor:
    grants = (Grant("role", place, "", frozenset(permissions)),) if place else ()
    return Actor(person_id=UUID(int=100 + number), grants=grants)


LEARNER, REVIEWER = actor(1), actor(2, HOSPITAL, "case.review")
EDITOR, ABOVE, FOREIGN = (
    actor(number, place, "teaching.view") for number, place in ((3, HOSPITAL), (4, PROVINCE), (5, ELSEWHERE))
)
PEOPLE = (LEARNER, REVIEWER, EDITOR, ABOVE, FOREIGN, ANONYMOUS, SYSTEM)
HOLDERS = (
    SIGNED_IN,
    person_token(LEARNER.person_id),
    person_token(REVIEWER.person_id),
    *(organisation_token(place) for place in (HOSPITAL, PROVINCE, ELSEWHERE)),
)


def open_release(place, now, label: str = "T-000001") -> TeachingRelease:
    """Open, with one study; nothing of it was rendered or sealed."""
    release = TeachingRelease(organisation=place.province, label=label, state="open", created_at=now, opened_at=now)
    sealing.new_key(release)
    release.save()
    TeachingStudy.objects.create(release=release, study_uid=f"1.2.{release.pk.int}", created_at=now)
    return release


def seen_by(person: Actor, now: datetime) -> set[UUID]:
    return set(TeachingStudy.objects.visible_to(person, now).values_list("release", flat=True))


def test_a_row_opens_a_release_for_its_holder_until_its_end(place, now):
    release = open_release(place, now)
    one = {"release_ids": [release.pk], "now": now}
    assert [seen_by(person, now) for person in PEOPLE] == [set()] * 7

    api.admit(holders=[organisation_token(HOSPITAL)], purpose="editing", **one)
    assert [seen_by(person, now) for person in (EDITOR, REVIEWER, ABOVE, FOREIGN)] == [
        {release.pk},
        set(),
        set(),
        set(),
    ]
    hour = timedelta(hours=1)
    api.admit(holders=[person_token(REVIEWER.person_id)], purpose="review:1", until=now + hour, **one)
    assert (seen_by(REVIEWER, now), seen_by(REVIEWER, now + hour)) == ({release.pk}, set())
    api.admit(holders=[person_token(REVIEWER.person_id)], purpose="review:1", until=now + 2 * hour, **one)
    assert seen_by(REVIEWER, now + hour) == {release.pk}
    assert release.audience.count() == 2
    api.admit(holders=[SIGNED_IN], purpose="reading", **one)
    assert [seen_by(person, now) for person in PEOPLE] == [{release.pk}] * 5 + [set(), {release.pk}]
    assert api.dismiss(release_ids=[release.pk], purpose="reading") == 1
    assert (seen_by(LEARNER, now), seen_by(EDITOR, now)) == (set(), {release.pk})

    api.admit_only(holders=[person_token(LEARNER.person_id)], purpose="review:1", **one)
    assert (seen_by(LEARNER, now), seen_by(REVIEWER, now)) == ({release.pk}, set())
    with pytest.raises(ReleaseNotFound):
        api.admit(release_ids=[uuid7()], holders=[SIGNED_IN], purpose="reading", now=now)
    assert release.audience.count() == 2


def test_a_row_with_a_right_counts_only_for_whoever_holds_it_there(place, now):
    release, right = open_release(place, now), api.Right("course.author", "0001/0002/")
    one = {"release_ids": [release.pk], "holders": [person_token(LEARNER.person_id)], "purpose": "course:1", "now": now}
    api.admit(right=right, **one)

    def with_grants(*grants: tuple[str, str]) -> Actor:
        held = tuple(Grant("role", HOSPITAL, path, frozenset({permission})) for permission, path in grants)
        return Actor(person_id=LEARNER.person_id, grants=held)

    own, above, root = ("0001/0002/", "0001/", "")
    seen = {
        (): set(),
        (("course.author", own),): {release.pk},
        (("course.author", above),): {release.pk},
        (("course.author", root),): {release.pk},
        (("course.author", "0001/0002/0003/"),): set(),
        (("course.author", "0001/0009/"),): set(),
        (("case.edit", own),): set(),
        (("case.edit", own), ("course.author", "0001/0009/")): set(),
        (("case.edit", "0001/0009/"), ("course.author", own)): {release.pk},
    }
    assert {grants: seen_by(with_grants(*grants), now) for grants in seen} == seen
    # written again without the right, it asks for none
    api.admit_only(**one)
    assert seen_by(LEARNER, now) == {release.pk}
    assert release.audience.count() == 1


@pytest.mark.parametrize("state", ["preparing", "pixel_review"])
def test_rows_wait_for_the_opening_and_end_with_the_release(place, now, state):
    release = open_release(place, now)
    TeachingRelease.objects.filter(pk=release.pk).update(state=state)
    api.admit(release_ids=[release.pk], holders=HOLDERS, purpose="editing", now=now)
    assert [seen_by(person, now) for person in PEOPLE] == [set()] * 7

    if state == "preparing":
        api.close_release(release_id=release.pk, reason="consent withdrawn", now=now)
    else:
        refuse_release(actor=place.actor(place.officer), release_id=release.pk, reason="face", now=now)
    api.admit(release_ids=[release.pk], holders=HOLDERS, purpose="editing", now=now)
    assert ReleaseAudience.objects.count() == 0


@dataclass
class Told:
    """What the rows should say, kept beside them: (release, holder, purpose) -> its end."""

    rows: dict[tuple[UUID, str, str], datetime | None] = field(default_factory=dict)
    closed: set[UUID] = field(default_factory=set)

    def sees(self, person: Actor, now: datetime) -> set[UUID]:
        if not (person.is_signed_in or person.is_system):
            return set()
        tokens = {SIGNED_IN, *person.tokens("teaching.view")}
        return {
            release
            for (release, holder, _purpose), until in self.rows.items()
            if holder in tokens and (until is None or until > now)
        }


releases, purposes = st.sampled_from((0, 1)), st.sampled_from(PURPOSES)
holders = st.sets(st.sampled_from(HOLDERS), max_size=3)
steps = st.one_of(
    st.tuples(st.just("admit"), releases, holders, purposes, st.sampled_from((None, 1, 5))),
    st.tuples(st.just("only"), releases, holders, purposes),
    st.tuples(st.just("dismiss"), releases, st.none() | holders, purposes),
    st.tuples(st.just("close"), releases),
    st.tuples(st.just("wait"), st.integers(1, 4)),
)


@given(steps=st.lists(steps, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_steps_shows_exactly_what_the_rows_say(place, now, steps):
    with transaction.atomic():
        opened = [open_release(place, now, label).pk for label in ("T-000001", "T-000002")]
        told, moment = Told(), now
        for step in steps:
            moment = _take(step, opened, told, moment)
            for person in PEOPLE:
                assert seen_by(person, moment) == told.sees(person, moment)
        assert set(ReleaseAudience.objects.values_list("release", "holder", "purpose")) == told.rows.keys()
        transaction.set_rollback(True)


def _take(step, opened, told: Told, now: datetime) -> datetime:
    """Do the step with the services, and keep what should follow."""
    verb, *rest = step
    if verb == "wait":
        return now + timedelta(hours=rest[0])
    release = opened[rest[0]]
    if verb == "close":
        api.close_release(release_id=release, reason="withdrawn", now=now)
        told.closed.add(release)
        told.rows = {key: until for key, until in told.rows.items() if key[0] != release}
        return now
    wanted, purpose = rest[1], rest[2]
    if verb == "dismiss":
        api.dismiss(release_ids=[release], holders=wanted, purpose=purpose)
        gone = {(release, h, purpose) for h in HOLDERS if wanted is None or h in wanted}
    elif verb == "only":
        api.admit_only(release_ids=[release], holders=wanted, purpose=purpose, now=now)
        gone = {(release, holder, purpose) for holder in HOLDERS if holder not in wanted}
    else:
        gone = set()
    told.rows = {key: until for key, until in told.rows.items() if key not in gone}
    if verb == "dismiss" or release in told.closed:
        return now
    until = None
    if verb == "admit":
        until = now + timedelta(hours=rest[3]) if rest[3] else None
        api.admit(release_ids=[release], holders=wanted, purpose=purpose, until=until, now=now)
    told.rows |= {(release, holder, purpose): until for holder in wanted}
    return now


def test_every_way_asks_the_same_rows(place, now):
    release = open_release(place, now)
    study = release.teaching_studies.get()
    author = make_person(place.province, "author")
    video = Video.objects.create(
        study=study, series_index=1, title="心尖四腔心", state="ready", seconds=4.0, made_by=author, created_at=now
    )
    block, writer = VideoBlock(), place.actor(author)
    for attempt in (
        lambda: authorise_teaching(actor=writer, study_id=study.pk, now=now),
        lambda: ask_for_video(actor=writer, study_id=study.pk, series=1, title="", video_id=uuid7(), now=now),
    ):
        with pytest.raises(ReleaseClosed):
            attempt()
    for video_id in (video.pk, uuid7()):
        with pytest.raises(VideoNotFound):
            video_for(actor=writer, video_id=video_id, now=now)
    with pytest.raises(Forbidden):
        authorise_teaching(actor=ANONYMOUS, study_id=study.pk, now=now)
    assert block.choices(actor=writer, now=now) == block.choices(actor=SYSTEM, now=now) == []
    assert Video.objects.count() == 1

    api.admit(release_ids=[release.pk], holders=[SIGNED_IN], purpose="reading", now=now)

    assert authorise_teaching(actor=writer, study_id=study.pk, now=now) == study
    assert video_for(actor=writer, video_id=video.pk, now=now) == video
    for reader in (writer, SYSTEM):
        assert [choice.reference for choice in block.choices(actor=reader, now=now)] == [str(video.pk)]
    assert block.releases_of({str(video.pk), str(uuid7())}) == {release.pk}
    assert block.authors_of({str(video.pk), str(uuid7()), "none"}) == {video.made_by_id}
    assert block.choosable({str(video.pk), "none"}, actor=writer, now=now) == {str(video.pk)}
    assert block.choosable({str(video.pk)}, actor=ANONYMOUS, now=now) == set()


def test_search_of_the_archive_lists_what_the_caller_may_see(place, now, django_assert_num_queries):
    releases = [open_release(place, now, f"T-00000{number}") for number in range(3)]
    api.admit(release_ids=[releases[0].pk], holders=[SIGNED_IN], purpose="reading", now=now)
    officers = [organisation_token(place.province.pk)]
    api.admit(release_ids=[release.pk for release in releases], holders=officers, purpose="deidentification", now=now)
    learner = make_person(place.county, "learner")
    clients = [sign_in(Client(), learner), token_client(learner), sign_in(Client(), place.officer)]
    clients.append(token_client(place.officer))

    counts = [len(client.get("/teaching/dicomweb/studies").json()) for client in clients]

    assert counts == [1, 1, 3, 3]
    assert Client().get("/teaching/dicomweb/studies").status_code == 401


@pytest.mark.parametrize("rows", [1, 40])
def test_the_question_costs_one_query_however_many_rows_there_are(place, now, rows, django_assert_num_queries):
    release = open_release(place, now)
    tokens = [SIGNED_IN, *(person_token(uuid7()) for _one in range(rows - 1))]
    with django_assert_num_queries(2):  # the states, the rows
        api.admit(release_ids=[release.pk], holders=tokens, purpose="reading", now=now)
    study = release.teaching_studies.get()
    with django_assert_num_queries(1):
        authorise_teaching(actor=EDITOR, study_id=study.pk, now=now)
    with django_assert_num_queries(1):
        assert seen_by(EDITOR, now) == {release.pk}
