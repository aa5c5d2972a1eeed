"""Every page of the list at both widths and in both languages: it fits, it answers, axe finds nothing."""

from __future__ import annotations

import pytest

from tests.journeys.chromium import axe_violations, overflow, window
from tests.journeys.pages import SHOWN


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.name)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1280, 360])
def test_page_fits_and_axe_finds_nothing(demo, story, cast, chromium, shown, language, width):
    # Given the person of this page, in a window of this width and language
    person = cast[shown.person] if shown.person else None
    address = shown.address(cast)
    with window(chromium, demo.base_url, width=width, language=language, person=person) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        # When it opens
        answer = page.goto(address, wait_until="networkidle")
        # Then it answers, fits the window, speaks the language, breaks nothing and passes axe
        assert answer is not None
        assert answer.status == 200
        assert page.locator("html").get_attribute("lang") == ("zh-Hans" if language == "zh-hans" else "en")
        assert overflow(page) == 0
        assert axe_violations(page) == []
        assert faults == []
