"""The story clicked in a browser, from request to withdrawal: in Chinese at a desk, in English on a phone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from config.story.tales import BREATHLESS, HEADACHE
from tests.journeys.story import authoring, consulting, crediting, learning, releasing, teaching, withdrawing
from tests.journeys.story.stage import Stage, clicked
from tests.journeys.story.troupe import Troupe

ACTS = (
    consulting.ask,
    consulting.triage,
    consulting.answer,
    consulting.sign,
    consulting.talk_and_close,
    releasing.remember,
    teaching.propose,
    teaching.consent,
    releasing.confirm,
    teaching.curate,
    teaching.review_case,
    teaching.publish_case,
    teaching.read_case,
    authoring.write_questions,
    authoring.make_video,
    authoring.write_course,
    authoring.submit_course,
    authoring.review_course,
    authoring.publish_course,
    crediting.before,
    learning.enrol,
    learning.read_and_watch,
    learning.take_test,
    crediting.credit,
    crediting.verify,
    crediting.dashboards,
    withdrawing.look_before,
    withdrawing.withdraw,
    withdrawing.all_is_gone,
)
FIGURES = {
    "breathless": {
        "usefulness": "5/5",
        "frames": "120",
        "questions": "4",
        "video seconds": "20.0",
        "rounds": "1",
        "minutes": "45",
        "attempts": "1",
        "credits": "0.6",
        "manager": "0.6",
        "supervisor": "0.6",
    },
    "headache": {
        "usefulness": "4/5",
        "frames": "40",
        "questions": "5",
        "video seconds": "10.0",
        "rounds": "2",
        "minutes": "70",
        "attempts": "2",
        "credits": "1.0",
        "manager": "0.0",
        "supervisor": "1.0",
    },
}
"""What depends on what was typed; no figure of one run may be the other's."""


@pytest.fixture(scope="module")
def sessions() -> dict[str, Any]:
    """Who has signed in, for both runs: a one-time code is taken only once."""
    return {}


@pytest.mark.parametrize(
    ("language", "width", "tale"), [("zh-hans", 1280, BREATHLESS), ("en", 360, HEADACHE)], ids=["zh-1280", "en-360"]
)
def test_the_story_is_clicked(demo, chromium, sessions, tmp_path, language, width, tale):
    # Given the people of the story at their windows
    now = datetime.now(UTC)
    troupe = Troupe(chromium, demo, language=language, width=width, sessions=sessions, pictures=tmp_path / "pictures")
    stage = Stage(troupe, clicked(tale, f"{now:%d%H%M%S}"), tmp_path, now)
    # When they do their work, one after the other, by what they can see and press
    for act in ACTS:
        act(stage)
    # Then each act has found what it must find, and what was typed and answered in this run alone
    assert stage.figures == FIGURES[tale.key]
