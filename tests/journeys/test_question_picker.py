"""The question picker in Wagtail's editor, by keyboard: typed words narrow the list, Enter puts one into the block."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from config.story.cast import Cast
from tests.journeys.chromium import overflow, window
from tests.journeys.pages import ID

CHOICE = "[data-chooser-modal-choice]"
PICKER = "[data-chooser-url*='questions/choose']"
WORDS = "肾上腺素"
QUIZ = "&quot;type&quot;: &quot;quiz&quot;"


def unit_of(cast: Cast) -> str:
    """Wagtail's editor of the first unit with a question, of a course that is being written."""
    author = cast["author"]
    desk = author.get("/courses/desk/").response.text
    for course in dict.fromkeys(re.findall(f'/courses/desk/{ID}/(?=")', desk)):
        for unit in re.findall(r"/units/(\d+)/(?=\")", author.get(course).response.text):
            editor = author.client.get(f"/cms/pages/{unit}/edit/", follow_redirects=False)
            if editor.status_code == 200 and QUIZ in editor.text:
                return f"/cms/pages/{unit}/edit/"
    raise AssertionError("no draft with a question")


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 360)])
def test_a_question_is_picked_by_keyboard(demo, cast, chromium, language, width):
    with window(chromium, demo.base_url, width=width, language=language, person=cast["author"]) as page:
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(unit_of(cast), wait_until="networkidle")
        picker = page.locator(PICKER).first
        picker.locator(".w-dropdown__toggle").click()
        page.locator("[data-chooser-action-choose]").filter(visible=True).first.press("Enter")
        # Given the window with everything this author may choose
        page.wait_for_selector(CHOICE)
        everything = page.locator(CHOICE).count()
        assert overflow(page) == 0
        # When words are typed, and the first of what they leave is chosen
        page.locator("#id_q").fill(WORDS)
        expect(page.locator(CHOICE)).not_to_have_count(everything)
        page.wait_for_load_state("networkidle")
        first = page.locator(CHOICE).first
        stem, row = first.inner_text(), first.locator("xpath=ancestor::tr").inner_text()
        page.locator("#id_pool").focus()
        page.keyboard.press("Tab")
        expect(first).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_selector(CHOICE, state="detached")
        # Then it stands in the block
        assert WORDS in row
        assert stem[:40] in picker.locator("[data-chooser-title]").inner_text()
        assert faults == []
