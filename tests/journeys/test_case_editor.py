"""The case editor in a browser: saved as one types, steps moved by keyboard, two tabs, a phone."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from config.story.cast import Cast
from tests.journeys.chromium import axe_violations, overflow, window
from tests.journeys.pages import ID

SAVED = "[data-autosave-status][data-state=saved]"


def draft_of(cast: Cast) -> str:
    """The editor's open draft, begun from a published case when there is none."""
    editor = cast["editor"]
    desk = editor.get("/cases/desk/")
    found = re.search(f"/cases/versions/{ID}/edit/", desk.response.text)
    return found.group(0) if found else editor.submit(desk, desk.form("new-version/")).url


@pytest.fixture
def draft(story, cast):
    return draft_of(cast)


def walk_editor(browser, base_url, editor, draft):
    """Type, wait for the save, move a step by keyboard, and find a stale second tab told so."""
    with window(browser, base_url, width=1280, language="en", person=editor) as page:
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        # When an editor types a summary, in two windows opened at the same time
        page.goto(draft, wait_until="networkidle")
        second = page.context.new_page()
        second.goto(draft, wait_until="networkidle")
        start = page.input_value("#id_part-summary")
        page.fill("#id_part-summary", f"{start} one")
        before_saving = house_time()
        page.wait_for_selector(SAVED)
        # The clock of the browser stands elsewhere; the time is the house's
        assert page.locator(SAVED).inner_text()[-5:] in {before_saving, house_time()}
        page.fill("#id_part-summary", f"{start} one two")
        page.keyboard.press("Control+s")
        page.wait_for_selector(SAVED)
        # Then the second is told, keeps its text, and overwrites nothing
        second.fill("#id_part-summary", "Second window.")
        second.wait_for_selector("[data-autosave-status][data-state=unsaved]")
        assert second.input_value("#id_part-summary") == "Second window."
        second.on("dialog", lambda dialog: dialog.accept())
        second.close(run_before_unload=False)
        page.goto(draft, wait_until="networkidle")
        assert page.input_value("#id_part-summary") == f"{start} one two"
        # And a step moves by keyboard, and undo brings it back
        before = kinds(page)
        page.locator("[data-step] .x-ced__go").first.focus()
        page.keyboard.press("Alt+ArrowDown")
        page.wait_for_url("**moved=**")
        assert kinds(page) == [before[1], before[0], *before[2:]]
        page.click("button[value=undo]")
        page.wait_for_url(re.compile(r"part=head$"))
        assert kinds(page) == before
        assert faults == []


def house_time():
    return timezone.localtime().strftime("%H:%M")


def kinds(page):
    return page.eval_on_selector_all("[data-step]", "rows => rows.map(row => row.dataset.step)")


def test_typing_keyboard_and_two_windows(demo, cast, chromium, draft):
    walk_editor(chromium, demo.base_url, cast["editor"], draft)


@pytest.mark.parametrize("part", ["head", "learning", "check", "history"])
@pytest.mark.parametrize("width", [1280, 360])
def test_each_part_fits_and_axe_finds_nothing(demo, cast, chromium, draft, part, width):
    with window(chromium, demo.base_url, width=width, language="zh-hans", person=cast["editor"]) as page:
        page.goto(f"{draft}?part={part}", wait_until="networkidle")
        assert overflow(page) == 0
        assert axe_violations(page) == []
