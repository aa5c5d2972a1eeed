"""An officer takes an open release back because of what was found in it; whatever rests on it follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casebook.models import CaseVersion, Proposal
from casebook.services import publishing
from cms import selectors as cms_selectors
from cms.api import get_overlay, latest_edition
from cms.services import add_block
from core.audit.models import AuditEntry
from core.content import render_node
from core.ids import uuid7
from core.search import SIGNED_IN, rebuilding, search
from core.states import WrongState
from media_pipeline import api as media
from media_pipeline.errors import ReasonMissing, ReleaseClosed, ReleaseNotFound
from media_pipeline.models import ReleaseAudience, TeachingRelease
from media_pipeline.release.closing import pull_release
from tests.casebook.conftest import browser, proposed
from tests.casebook.test_content import WHOLE
from tests.factories.courses import make_course, publish
from tests.factories.people import make_actor, make_person

WHY = "第二段文字里留有一处地名。"


@pytest.fixture
def published(house, draft, now, run_jobs):
    """The case made of the release is read by whoever is signed in, and found."""
    CaseVersion.unscoped.filter(pk=draft.pk).update(
        content=WHOLE, content_hash="sha256:1", state="in_review", frozen_at=now, approved_at=now
    )
    publishing.publish_version(actor=house.editor, version_id=draft.pk, now=now)
    run_jobs(now)
    assert is_found(draft.case_id)
    return CaseVersion.unscoped.select_related("case").get(pk=draft.pk)


def is_found(case_id):
    """Elasticsearch keeps what other tests wrote: by the case itself."""
    hits = search(tokens=[SIGNED_IN], query=WHOLE["title"]).hits
    return str(case_id) in {str(hit.object_id) for hit in hits}


def address(version, verb=""):
    return f"/deid/{version.release_id}/{verb}"


def test_the_page_asks_first_and_then_everything_is_gone(house, published, now, run_jobs):
    officer, reader = browser(house.people["officer"]), browser(house.people["reader"])
    officer.cookies["xinglin_language"] = "en"
    # Given an open release: its page offers to take it back, behind a question
    page = officer.get(address(published)).content.decode()
    assert 'data-confirm="confirm-pull"' in page and "Take this release back?" in page
    assert reader.get(f"/cases/{published.case_id}/").status_code == 200
    # When an officer does, twice
    for _twice in range(2):
        assert officer.post(address(published, "pull/"), {"reason": f" {WHY} "}).status_code == 302
    # Then from that moment its key, its texts and its readers are gone, and so is the case
    release = TeachingRelease.objects.get(pk=published.release_id)
    assert (release.state, release.reason) == ("closed", WHY)
    assert (bytes(release.wrapped_key), bytes(release.source), bytes(release.sealed_texts)) == (b"", b"", b"")
    assert not ReleaseAudience.objects.filter(release=release).exists()
    with pytest.raises(ReleaseClosed):
        media.get_release(release.pk)
    assert reader.get(f"/cases/{published.case_id}/").status_code == 404
    # And soon its text, its place in the search and the proposal
    run_jobs(now + timedelta(days=1))
    stored = CaseVersion.unscoped.get(pk=published.pk)
    assert (stored.state, stored.content["title"], stored.content["steps"]) == ("withdrawn", "", [])
    assert not is_found(published.case_id)
    assert rebuilding.rebuild(now=now)["case"] == 0
    assert Proposal.unscoped.get(release_id=release.pk).state == "withdrawn"
    # And the record says who and why, once, without the reason in the trail
    page = officer.get(address(published)).content.decode()
    assert WHY in page and "confirm-pull" not in page
    entry = AuditEntry.objects.get(action="release.pulled")
    assert (entry.actor_id, entry.subject_id, entry.details) == (house.officer.person_id, str(release.pk), {})


def test_a_course_that_shows_the_case_loses_it(house, published, now, run_jobs):
    author = make_actor(make_person(house.bridge.centre, "author"), now)
    course = make_course(author, house.bridge.centre.pk, now)
    unit = cms_selectors.units_of(course)[0]
    add_block(
        actor=author, course_id=course.pk, unit_id=unit.pk, block_id=uuid7(), kind="case",
        value={"reference": str(published.pk)}, now=now,
    )  # fmt: skip
    publish(course, author, [house.reviewer, house.reviewer2], house.editor, now)
    edition = latest_edition(course.pk)
    assert get_overlay(edition.id).voids == {}

    later = now + timedelta(days=3)
    pull_release(actor=house.officer, release_id=published.release_id, reason=WHY, now=later)
    run_jobs(later)

    [node] = [node for node in edition.nodes if node.kind == "case"]
    assert get_overlay(edition.id).voids == {node.key: "withdrawn"}
    assert "data-tombstone" in render_node(node, actor=house.reader, now=later)


def test_nothing_is_pulled_without_a_reason_a_right_or_an_open_release(house, published, now):
    before = TeachingRelease.objects.filter(pk=published.release_id).values().get()
    for actor, reason, error in (
        (house.officer, "  ", ReasonMissing),
        (house.editor, WHY, ReleaseNotFound),
        (house.foreign_editor, WHY, ReleaseNotFound),
    ):
        with pytest.raises(error):
            pull_release(actor=actor, release_id=published.release_id, reason=reason, now=now)
    assert browser(house.people["reader"]).post(address(published, "pull/"), {"reason": WHY}).status_code == 403
    assert TeachingRelease.objects.filter(pk=published.release_id).values().get() == before
    assert not AuditEntry.objects.filter(action="release.pulled").exists()
    media.close_release(release_id=published.release_id, reason="consent_withdrawn", now=now)
    with pytest.raises(WrongState):
        pull_release(actor=house.officer, release_id=published.release_id, reason=WHY, now=now)
    assert TeachingRelease.objects.get(pk=published.release_id).reason == "consent_withdrawn"


def test_the_consult_can_be_proposed_again_and_is_cleaned_anew(house, consult, published, now, run_jobs):
    pull_release(actor=house.officer, release_id=published.release_id, reason=WHY, now=now)
    run_jobs(now)
    again = proposed(house, consult, now + timedelta(hours=1))
    run_jobs(now + timedelta(hours=1))
    again.refresh_from_db()
    assert again.release_id != published.release_id
    assert (again.state, media.get_release_state(again.release_id)) == ("releasing", "pixel_review")
