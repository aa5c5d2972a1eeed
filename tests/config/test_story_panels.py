"""The story's step `dashboards`: each panel says something, a table or a sentence in its place."""

from __future__ import annotations

import httpx
import pytest

from config.story.acts.supervising import panels_of
from config.story.browser import Browser, StoryFault

SHELL = '<main><div hx-get="/consults/panel/"></div><div hx-get="/consults/silent/"></div></main>'
TABLE = "<table><tr><td>1</td></tr></table>"
NOBODY_SILENT = '<div class="x-empty"><h3>Every county hospital asked</h3></div>'


def browser_of(pages: dict[str, str]) -> Browser:
    browser = Browser("http://site.test")
    answer = httpx.MockTransport(lambda request: httpx.Response(200, html=pages[request.url.path]))
    browser.client = httpx.Client(base_url="http://site.test", transport=answer)
    return browser


def test_a_province_without_a_silent_hospital_is_no_fault():
    browser = browser_of({"/supervision/": SHELL, "/consults/panel/": TABLE, "/consults/silent/": NOBODY_SILENT})

    assert panels_of(browser, "/supervision/") == 2


def test_a_panel_without_a_word_is_a_fault():
    browser = browser_of({"/supervision/": SHELL, "/consults/panel/": TABLE, "/consults/silent/": "<main></main>"})

    with pytest.raises(StoryFault, match="neither a table nor a sentence"):
        panels_of(browser, "/supervision/")


def test_a_page_without_panels_is_a_fault():
    with pytest.raises(StoryFault, match="no panel is shown"):
        panels_of(browser_of({"/supervision/": "<main></main>"}), "/supervision/")
