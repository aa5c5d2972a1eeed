"""Nobody at the screen, with half a minute instead of half an hour: warned, kept by a key, ended, and brought back."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from config.story.cast import Cast
from tests.journeys.chromium import axe_violations, window
from tests.journeys.running import RunningDemo, start_demo
from tests.journeys.story.words import Words

MINUTES = 0.5
SECONDS = MINUTES * 60
WARNED = SECONDS / 2
TYPED = "气促 2 周，夜间不能平卧"
DIALOG = "#idle-warning"
ENDED = (
    "You were signed out after %(n)s {} without activity. Drafts that save themselves are kept. "
    "Sign in, and you are back on the page."
)


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    demo = start_demo(tmp_path_factory.mktemp("idle") / "data", idle_minutes=MINUTES)
    yield demo
    demo.stop()


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 360)])
def test_nobody_at_the_screen(impatient: RunningDemo, chromium, tmp_path, language: str, width: int) -> None:
    words, person = Words(language), Cast(impatient.base_url)["requester"]
    with window(chromium, impatient.base_url, width=width, language=language, person=person) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/consults/new/", wait_until="networkidle")
        # when somebody types and stops, then a dialog asks, and the safe answer has the focus
        page.fill("#id_subject", TYPED)
        expect(page.locator(DIALOG)).to_be_visible(timeout=(WARNED + 20) * 1000)
        stay = page.get_by_role("button", name=words("Stay signed in"))
        expect(stay).to_be_focused()
        expect(page.locator("[data-idle-left]")).to_have_text(re.compile(r"^0:(0\d|1[0-5])$"))
        page.screenshot(path=tmp_path / "warning.png")
        assert axe_violations(page) == []
        # when they answer by keyboard, then it goes, and the time begins anew
        page.keyboard.press("Enter")
        expect(page.locator(DIALOG)).to_be_hidden()
        assert left(page) > SECONDS - 5
        # when they go on typing for longer than the limit, then nobody asks
        end = time.monotonic() + SECONDS + 5
        while time.monotonic() < end:
            page.locator("#id_subject").press_sequentially("。")
            page.wait_for_timeout(1500)
            assert not page.locator(DIALOG).is_visible()
        typed = page.input_value("#id_subject")
        # when nobody is there any more, then sign-in says why
        page.wait_for_url("**/accounts/login/?next=*", timeout=(SECONDS + 30) * 1000)
        said = words.counted(ENDED.format("minute"), ENDED.format("minutes"), 1)
        expect(page.get_by_role("status").filter(has_text=said)).to_have_text(said)
        page.screenshot(path=tmp_path / "signed-out.png")
        assert axe_violations(page) == []
        # and after signing in one is on the same page, and the draft holds what was typed
        page.locator("form:has(input[name=person][value=requester]) button").click()
        page.wait_for_url("**/consults/new/")
        page.goto("/consults/?tab=drafts", wait_until="networkidle")
        page.locator("a[href*='/consults/drafts/']").first.click()
        expect(page.locator("#id_subject")).to_have_value(typed)
        assert faults == []


def left(page: Page) -> float:
    """What the server says, asked as the page asks: it is no activity."""
    seconds: float = page.evaluate(
        "fetch('/profile/activity/').then((answer) => answer.json()).then((body) => body.left)"
    )
    return seconds
