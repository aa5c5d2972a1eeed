"""One test open in two tabs: the older is told that it is behind, promises nothing, and loads the newer answer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from config.story.cast import Cast
from tests.journeys.chromium import axe_violations, window
from tests.journeys.running import RunningDemo
from tests.journeys.story.troupe import PATIENCE
from tests.journeys.story.words import Words

COURSE = "/courses/qj-h1/card-102/"
NUMBER = "300"


@pytest.fixture
def attempt(cast: Cast) -> str:
    """An open attempt at a unit of the seeded year, with a choice and a number to answer."""
    learner = cast["outsider"]
    landing = learner.get(COURSE)
    fragment = learner.get(re.findall(r"/learn/courses/[0-9a-f-]{36}/enrol/fragment/", landing.response.text)[0])
    if fragment.has_link("/learn/"):  # enrolled by an earlier walk over the same demo
        course = learner.get(fragment.link("/learn/"))
    else:
        course = learner.submit(fragment, fragment.form("/enrol/"))
    unit = learner.get(f"{course.url}units/1/")
    return unit.link("/attempts/") if unit.has_link("/attempts/") else learner.submit(unit, unit.form("/attempts/")).url


def test_the_older_of_two_tabs_is_told_and_loads_the_newer_answer(
    demo: RunningDemo, cast: Cast, chromium, attempt: str
) -> None:
    words = Words("en")
    expect.set_options(timeout=PATIENCE)
    with window(chromium, demo.base_url, width=360, language="en", person=cast["outsider"]) as older:
        faults: list[str] = []
        older.on("pageerror", lambda error: faults.append(str(error)))
        older.on("dialog", lambda dialog: dialog.accept())
        # given two tabs of one attempt, and a choice in the newer
        older.goto(attempt)
        newer = older.context.new_page()
        newer.goto(attempt)
        values = newer.get_by_role("radio").evaluate_all("all => all.map(one => one.value)")
        newer.locator(f"[value='{values[0]}']").check()
        expect(status(newer)).to_have_attribute("data-state", "saved")
        # when the older answers another question, then that is kept, and a line says that it is behind
        behind = older.locator("[data-answers-behind]")
        expect(behind).to_be_hidden()
        older.get_by_role("main").get_by_role("textbox").fill(NUMBER)
        expect(behind).to_be_visible()
        expect(status(older)).to_have_attribute("data-state", "saved")
        assert axe_violations(older) == []
        # when it answers the same question without a connection, then it does not promise to send that
        older.context.set_offline(True)
        older.locator(f"[value='{values[1]}']").check()
        expect(status(older)).to_have_text(words("Not sent. Load the present answers before you go on."))
        # and with one it is refused, and the newer answer stands
        older.context.set_offline(False)
        refused = "Another window has newer answers to some of these questions, and they stand. The others are kept."
        expect(status(older)).to_have_text(words(refused))
        # when the present answers are loaded, then both stand there, and the line is gone
        behind.get_by_role("link", name=words("Load the present answers")).click()
        expect(behind).to_be_hidden()
        expect(older.locator(f"[value='{values[0]}']")).to_be_checked()
        expect(older.get_by_role("main").get_by_role("textbox")).to_have_value(NUMBER)
        assert faults == []


def status(page: Page) -> Locator:
    return page.locator("[data-autosave-status]")
