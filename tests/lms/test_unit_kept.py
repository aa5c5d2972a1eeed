"""What a unit page keeps of a case belongs to everybody who is shown it: nothing personal, and nothing withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casebook import blocks
from casebook.content import content_hash
from casebook.models import CaseVersion, TeachingCase
from cms import api as cms
from core.actor import SIGNED_IN
from core.content import DrawnPieces, FrozenNode
from core.ids import uuid7
from lms.models import Attempt, Progress
from lms.services import attempting, enrolling
from media_pipeline import api as media
from media_pipeline import blocks as players
from media_pipeline.models import TeachingRelease, TeachingStudy, Video
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db
TITLE, BODY, VIDEO = "气促三天", "活动后气促", "心尖四腔心"
DRAWN = "casebook.blocks.render_to_string"


@dataclass
class Shown:
    version: CaseVersion
    video: Video
    release: TeachingRelease


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    for room in (blocks, players):
        monkeypatch.setattr(room, "_drawn", DrawnPieces(most=128))


@pytest.fixture
def shown(world, now, monkeypatch) -> Shown:
    """The edition's unit with a published case and a video of one open release before its own text and question."""
    release = TeachingRelease.objects.create(
        organisation=world.hospital, label="T-000001", state="open", created_at=now, opened_at=now
    )
    study = TeachingStudy.objects.create(release=release, study_uid="1.2.3", created_at=now)
    video = Video.objects.create(
        study=study, series_index=1, title=VIDEO, state="ready", seconds=4.0, made_by_id=world.author.person_id,
        created_at=now,
    )  # fmt: skip
    media.admit(release_ids=[release.pk], holders=[SIGNED_IN], purpose="reading", now=now)
    case = TeachingCase.unscoped.create(
        code="T-0001", organisation=world.hospital, release_id=release.pk, created_at=now
    )
    steps = [
        {"id": "s1", "kind": "presentation", "heading": "", "body": BODY},
        {"id": "s2", "kind": "points", "heading": "", "body": "先看结构。"},
    ]
    content = {"title": TITLE, "summary": "", "steps": steps}
    version = CaseVersion.unscoped.create(
        case=case, number=1, state="published", release_id=release.pk, content=content,
        content_hash=content_hash(content), frozen_at=now, published_at=now, updated_at=now,
    )  # fmt: skip
    nodes = [
        FrozenNode(key="case-1", kind="case", reference=str(version.pk), facts={"steps": 2}),
        FrozenNode(key="video-1", kind="video", reference=str(video.pk), facts={"seconds": 4}),
    ]
    first = world.edition.units[0]
    edition = replace(world.edition, units=(replace(first, nodes=(*nodes, *first.nodes)), *world.edition.units[1:]))
    monkeypatch.setattr(cms, "get_edition", lambda edition_id: edition)
    return Shown(version, video, release)


@pytest.fixture
def drawings(monkeypatch) -> list[str]:
    """The templates of a case that were really drawn, in order."""
    drawn, draw = [], blocks.render_to_string

    def counted(template, context):
        drawn.append(template)
        return draw(template, context)

    monkeypatch.setattr(DRAWN, counted)
    return drawn


def page_of(browser: Client, enrolment_id, language: str = "zh-hans") -> str:
    answer = browser.get(reverse("lms:unit", args=[enrolment_id, 1]), headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_unit_with_a_case_and_a_video_pins_its_queries(browser, enrolment_id, shown, django_assert_num_queries):
    page_of(browser, enrolment_id)

    # person, roles; enrolment, overlay, positions, attempts; one for the case, one for the video; notices
    with django_assert_num_queries(9):
        page_of(browser, enrolment_id)


def test_a_case_is_drawn_once_for_all_who_read_it(world, browser, enrolment_id, shown, drawings, now):
    # given two learners of one hospital, the first of whom has an open attempt
    other = make_person(world.hospital, name="岑望舒")
    others = enrolling.enrol(actor=make_actor(other, now), edition_id=world.edition.id, now=now, enrolment_id=uuid7())
    second = Client()
    second.force_login(other, backend="directory.backends.GrantBackend")
    start = reverse("lms:start_attempt", args=[enrolment_id, 1])
    assert browser.post(start, {"form_key": str(uuid7())}).status_code == 302

    mine, theirs = page_of(browser, enrolment_id), page_of(second, others)

    assert drawings == ["casebook/block.html"]
    assert (TITLE in mine, TITLE in theirs) == (True, True)
    # and each page is its reader's alone: name, addresses, attempt
    attempt = reverse("lms:attempt", args=[enrolment_id, Attempt.objects.get().pk])
    assert (attempt in mine, attempt in theirs) == (True, False)
    assert ("岑望舒" in mine, "岑望舒" in theirs) == (False, True)
    assert (str(enrolment_id) in theirs, str(others) in mine) == (False, False)


def test_a_kept_case_holds_no_token_of_its_first_reader(browser, enrolment_id, shown, actor, now):
    page_of(browser, enrolment_id)

    case, player = [html for room in (blocks, players) for _at, html in room._drawn._pieces.values()]

    assert (TITLE in case, VIDEO in player) == (True, True)
    personal = ("csrf", "nonce", actor.name, str(actor.person_id), "/learn/")
    assert [word for word in personal if word in case + player] == []


def test_withdrawn_is_gone_with_the_next_request_and_from_the_memory(browser, enrolment_id, shown, now):
    # given a page that was read, its case kept
    page = page_of(browser, enrolment_id)
    assert [word for word in (TITLE, BODY, VIDEO) if word in page] == [TITLE, BODY, VIDEO]

    # when the release is closed, and nothing of what follows from it has been delivered
    media.close_release(release_id=shown.release.pk, reason="consent_withdrawn", now=now)

    # then the next request has a tombstone for both, and the process holds no word of it
    page = page_of(browser, enrolment_id)
    assert [word for word in (TITLE, BODY, VIDEO) if word in page] == []
    assert page.count("data-tombstone") == 2
    assert (blocks._drawn._pieces, players._drawn._pieces) == ({}, {})


def test_a_version_that_is_withdrawn_by_itself_is_gone_too(browser, enrolment_id, shown):
    assert TITLE in page_of(browser, enrolment_id)
    CaseVersion.unscoped.filter(pk=shown.version.pk).update(state="withdrawn")

    page = page_of(browser, enrolment_id)

    assert (TITLE in page, VIDEO in page, page.count("data-tombstone")) == (False, True, 1)


def test_who_leaves_the_audience_of_the_images_loses_the_video_at_once(browser, enrolment_id, shown, now):
    assert VIDEO in page_of(browser, enrolment_id)
    media.admit_only(release_ids=[shown.release.pk], holders=[], purpose="reading", now=now)

    assert VIDEO not in page_of(browser, enrolment_id)


def test_another_language_is_another_drawing(browser, enrolment_id, learner, shown, drawings):
    words = {"zh-hans": "教学病例 T-0001，第 1 版", "en": "Teaching case T-0001, version 1"}

    for language in ("zh-hans", "en", "zh-hans"):
        type(learner).objects.filter(pk=learner.pk).update(language=language)
        page = page_of(browser, enrolment_id)
        assert {code: text in page for code, text in words.items()} == {code: code == language for code in words}
    assert drawings == ["casebook/block.html"] * 2


def test_what_was_kept_is_dropped_after_a_minute(shown, actor, drawings):
    block, now = blocks.CaseBlock(), timezone.now()
    nodes = [FrozenNode(key=key, kind="case", reference=str(shown.version.pk)) for key in ("a", "b")]

    def draw(node: int, seconds: float) -> int:
        """How many pieces are kept after it was shown then."""
        assert TITLE in block.render(nodes[node], actor=actor, now=now + timedelta(seconds=seconds))
        return len(blocks._drawn._pieces)

    assert [draw(0, 0), draw(1, 30), draw(0, 59.9)] == [1, 2, 2]
    assert len(drawings) == 2
    assert [draw(1, 60), draw(1, 90)] == [1, 1]  # the first is old with the question for another, then the second
    assert len(drawings) == 3


def test_an_attempt_that_is_handed_in_shows_at_once(browser, enrolment_id, shown, actor, now):
    page_of(browser, enrolment_id)
    attempt_id = attempting.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    attempting.submit_attempt(actor=actor, enrolment_id=enrolment_id, attempt_id=attempt_id, answers={}, now=now)

    assert reverse("lms:attempt", args=[enrolment_id, attempt_id]) in page_of(browser, enrolment_id)


def test_what_a_player_shows_of_its_row_is_never_old(browser, enrolment_id, shown):
    assert "2 times" not in page_of(browser, enrolment_id, "en")
    Video.objects.filter(pk=shown.video.pk).update(repeats=2, title="胸骨旁长轴")

    page = page_of(browser, enrolment_id, "en")

    assert (VIDEO in page, "胸骨旁长轴" in page, "The loop is shown 2 times" in page) == (False, True, True)


def test_each_unit_is_a_link_from_every_other_and_done_is_this_readers_own(
    world, browser, enrolment_id, shown, actor, now
):
    # given a second learner of the same course, and the first through with the unit
    second = Client()
    other = make_person(world.hospital)
    second.force_login(other, backend="directory.backends.GrantBackend")
    others = enrolling.enrol(actor=make_actor(other, now), edition_id=world.edition.id, now=now, enrolment_id=uuid7())
    Progress.objects.filter(enrolment=enrolment_id).update(done=[n.key for n in cms.get_edition(None).units[0].nodes])

    mine, theirs = (
        BeautifulSoup(page, "html.parser").select_one(".x-unit__toc .x-toc > li > a")
        for page in (page_of(browser, enrolment_id, "en"), page_of(second, others, "en"))
    )

    assert (mine["href"], mine["aria-current"], theirs["href"]) == ("../1/", "page", "../1/")
    title = world.edition.units[0].title
    assert (mine.get_text(), theirs.get_text()) == (f"1{title}Done", f"1{title}")
