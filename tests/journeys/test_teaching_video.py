"""The learner plays the teaching video of the story: it moves, it is kept, it goes on there; withdrawn, it says so."""

from __future__ import annotations

import pytest

from tests.journeys.chromium import axe_violations, overflow, window
from tests.journeys.pages import LEARNING

SHOWS_A_PICTURE = "() => document.querySelector('video').readyState >= 2"
TIME = "() => document.querySelector('video').currentTime"
MOVED = "start => document.querySelector('video').currentTime > start + 1"
PLAY = "() => { const video = document.querySelector('video'); video.muted = true; return video.play(); }"
PAUSE = "() => document.querySelector('video').pause()"


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-hans"), (360, "en")])
def test_a_video_plays_and_goes_on_where_it_was_left(demo, story, cast, chromium, width, language):
    learner = cast["learner"]
    unit = LEARNING(learner) + "units/1/"
    with window(chromium, demo.base_url, width=width, language=language, person=learner) as page:
        # Given the unit, which the learner left before the video's end
        page.goto(unit)
        page.wait_for_function(SHOWS_A_PICTURE)
        page.get_by_role("button", name="从头播放" if language == "zh-hans" else "From the start").click()
        page.get_by_label("速度" if language == "zh-hans" else "Speed").select_option("2")
        # When it is played for a while and paused
        page.evaluate(PLAY)
        page.wait_for_function(MOVED, arg=2.0)
        with page.expect_response(lambda answer: "/positions/" in answer.url) as reported:
            page.evaluate(PAUSE)
        stopped = page.evaluate(TIME)
        # Then the position is kept, and the page goes on there when it is opened again
        assert reported.value.status == 204
        page.reload()
        page.wait_for_function(SHOWS_A_PICTURE)
        assert page.evaluate(TIME) == pytest.approx(stopped, abs=0.2)
        assert page.locator("[data-video-resume]").is_visible()
        assert f"0:{int(round(stopped, 1)):02d}" in page.locator("[data-video-resume]").inner_text()
        assert overflow(page) == 0
        assert axe_violations(page) == []


def test_a_video_whose_key_is_gone_becomes_a_sentence(demo, story, cast, chromium):
    learner = cast["learner"]
    with window(chromium, demo.base_url, width=360, language="en", person=learner) as page:
        # Given a unit that was opened before its release was closed: the key answers 404 from then on
        page.route("**/key", lambda route: route.fulfill(status=404))
        page.goto(LEARNING(learner) + "units/1/")
        # Then the picture is gone and the player says so
        page.get_by_text("This video was withdrawn. Your progress is kept.").wait_for()
        assert page.locator("video").get_attribute("poster") is None
        assert page.locator("[data-video-caption]").is_hidden()
        assert page.locator("[data-video-offline]").is_hidden()


def test_without_javascript_the_poster_and_a_sentence_stand_there(demo, story, cast, chromium):
    learner = cast["learner"]
    context = chromium.new_context(base_url=demo.base_url, java_script_enabled=False)
    jar = learner.client.cookies.jar
    context.add_cookies([{"name": c.name, "value": c.value or "", "url": demo.base_url} for c in jar])
    page = context.new_page()
    page.goto(LEARNING(learner) + "units/1/")
    assert "JavaScript" in page.locator("[data-player]").inner_text()
    assert "poster.jpg" in (page.locator("video").get_attribute("poster") or "")
    assert page.locator("[data-video-bar]").is_hidden()
    context.close()
