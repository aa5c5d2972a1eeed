"""Single letters act as keys until somebody switches them off on the help page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.story.troupe import Troupe


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 360)])
def test_single_keys_can_be_switched_off(demo, chromium, tmp_path, language, width):
    # Given a visitor on the help page
    troupe = Troupe(chromium, demo, language=language, width=width, sessions={}, pictures=tmp_path)
    with troupe.window() as visitor:
        visitor.open("/help/")
        switch = visitor.page.get_by_label(visitor.words("Single letters act as keys on this device"))
        expect(switch).to_be_checked()
        # When they are switched off, and the page is opened again
        visitor.press(switch)
        visitor.open("/help/")
        expect(switch).not_to_be_checked()
        visitor.examine()
        # Then the key of the search does nothing
        visitor.page.keyboard.press("/")
        visitor.page.wait_for_timeout(500)
        expect(visitor.page.get_by_role("heading", level=1, name=visitor.words("Help"))).to_be_visible()
        # And switched on again it leads there
        visitor.press(switch)
        switch.blur()
        with visitor.page.expect_navigation(url="**/search/**"):
            visitor.page.keyboard.press("/")
