"""A shared computer: after signing out, the Back button shows nothing of what was open."""

from __future__ import annotations

from typing import Any

from tests.journeys.chromium import chromium_path
from tests.journeys.running import RunningDemo

CONSULT = "main a[href^='/consults/0']"


def test_back_shows_no_record_after_signing_out(demo: RunningDemo, chromium: Any) -> None:
    """Given Chromium with its memory of whole pages, which Playwright switches off elsewhere."""
    browser = chromium.browser_type.launch(
        executable_path=chromium_path(),
        ignore_default_args=["--disable-back-forward-cache"],
        args=["--no-sandbox", "--disable-dev-shm-usage"],
    )
    page = browser.new_context(base_url=demo.base_url, locale="en-GB").new_page()
    page.goto("/accounts/login/")
    page.locator("form:has(input[name=person][value=requester]) button").click()
    page.wait_for_url("**/home/")
    page.goto("/consults/?tab=ended")
    page.locator(CONSULT).first.click()
    page.wait_for_url("**/consults/0*/")
    record = page.title()
    # when the doctor signs out and somebody else goes back
    page.goto("/accounts/logout/")
    page.locator("main form[action*=logout] button, main form button").first.click()
    page.wait_for_load_state()
    for _page in range(2):
        page.go_back(wait_until="load")
    # then sign-in stands there, and not the record
    page.wait_for_url("**/accounts/login/?next=**")
    assert record and page.title() != record
    browser.close()
