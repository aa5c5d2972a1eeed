"""A draft keeps itself, and two windows of one reviewer do not overwrite each other."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from core.ids import uuid7
from peer_review.api import open_round
from peer_review.contracts import ReviewBlock
from peer_review.models import Assignment, ReviewReport
from peer_review.subjects import _subjects, register_subject
from tests.factories.courses import SCORES
from tests.factories.signing_in import sign_in

BY_SCRIPT = {"HTTP_ACCEPT": "application/json", "HTTP_X_AUTOSAVE": "1"}
TWO_SCORED = {"score_accuracy": 5, "score_fit": 4, "reason_fit": "表述清楚", "summary": "初稿", "is_named": "yes"}


def nothing(actor):
    return Assignment.objects.none().values("round__subject_id")


@pytest.fixture
def mine(house, now):
    """The reviewer's part in a round on a thing of one block, and a signed-in client of theirs."""
    register_subject(
        kind="thing",
        label="Thing",
        rubric="course",
        permission="course.review",
        render=lambda manifest, *, actor, now: [ReviewBlock("b1", "Unit 1", "Text", "<p>Text</p>")],
        answerable_ids=nothing,
        staffable_ids=nothing,
        leads=lambda subject_id, now: [],
    )
    open_round(
        actor=house.author,
        subject_kind="thing",
        subject_id=uuid7(),
        title="Thing",
        manifest={"a": 1},
        manifest_hash="sha256:1",
        author_ids=[house.author.person_id],
        reviewer_ids=[house.reviewer.person_id, house.reviewer2.person_id],
        now=now,
    )
    yield Assignment.objects.get(reviewer=house.people.reviewer)
    _subjects.pop("thing", None)


@pytest.fixture
def client(house, mine):
    return sign_in(Client(), house.people.reviewer)


def page_of(client, mine, language="en"):
    return client.get(f"/reviews/{mine.pk}/", HTTP_ACCEPT_LANGUAGE=language).content.decode()


def revision_in(html):
    return re.search(r'name="revision" value="(\w*)"', html)[1]


def stored(mine):
    report = ReviewReport.objects.filter(assignment=mine).first()
    return (report.scores, report.reasons, report.summary) if report else None


def test_the_pages_script_keeps_the_draft_and_learns_its_mark(client, mine):
    # Given an open review; when its page sends by itself what was ticked and typed
    first = client.post(
        f"/reviews/{mine.pk}/report/", TWO_SCORED | {"revision": revision_in(page_of(client, mine))}, **BY_SCRIPT
    )
    # Then all of it is kept, the answer about the name too, and the mark is the one that the page would show
    assert first.status_code == 200
    assert stored(mine) == ({"accuracy": 5, "fit": 4}, {"fit": "表述清楚"}, "初稿")
    mine.refresh_from_db()
    assert (mine.state, mine.is_named) == ("drafting", True)
    html = page_of(client, mine)
    assert first.json() == {"revision": revision_in(html)}
    assert "2 of 5 scored" in html
    assert "3 items are not scored yet" in html
    # And the next goes on from it
    again = TWO_SCORED | {"summary": "二稿", "revision": first.json()["revision"]}
    assert client.post(f"/reviews/{mine.pk}/report/", again, **BY_SCRIPT).status_code == 200
    assert stored(mine)[2] == "二稿"


@pytest.mark.parametrize("verdict", [{}, {"verdict": "approve"}])
def test_a_second_window_overwrites_nothing_until_its_reader_says_so(client, mine, verdict):
    # Given two windows opened at once, and the first has kept a draft
    address, opened = f"/reviews/{mine.pk}/report/", revision_in(page_of(client, mine))
    client.post(address, TWO_SCORED | {"revision": opened}, **BY_SCRIPT)
    kept = stored(mine)
    other = {f"score_{key}": score for key, score in SCORES.items()} | {"summary": "另一窗口", "is_named": "no"}
    # When the second sends its own, by itself or by a button
    by_script = client.post(address, other | {"revision": opened}, **BY_SCRIPT)
    by_hand = client.post(address, other | verdict | {"revision": opened})
    # Then both are told, nothing is overwritten or handed in, and what was typed stands on the page
    assert (by_script.status_code, by_script.json()["code"]) == (409, "report_stale")
    assert by_hand.status_code == 409
    html = by_hand.content.decode()
    assert "另一窗口" in html
    assert "data-autosave=" not in html
    mine.refresh_from_db()
    assert (stored(mine), mine.state, mine.is_named) == (kept, "drafting", True)
    # And the next press, which knows of the other, replaces it
    assert client.post(address, other | {"revision": revision_in(html)}).status_code == 302
    assert stored(mine) == (SCORES, {}, "另一窗口")


def test_the_words_of_the_count_stand_ready_for_the_script(client, mine):
    html = page_of(client, mine)
    assert 'data-scored="{n} of 5 scored"' in html
    assert 'data-missing-one="{n} item is not scored yet" data-missing-many="{n} items are not scored yet"' in html
    assert re.findall(r'<fieldset data-weight="(\d+)"', html) == ["30", "25", "20", "15", "10"]
    chinese = page_of(client, mine, "zh-hans")
    assert 'data-scored="5 项中已评 {n} 项"' in chinese
    assert 'data-missing-many="还有 {n} 项未评，评完再算"' in chinese
