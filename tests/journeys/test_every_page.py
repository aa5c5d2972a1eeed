"""Every page at both widths and in both languages: it can be reached, it fits, it answers, axe finds nothing."""

from __future__ import annotations

import pytest

from tests.journeys.chromium import axe_violations, overflow, window
from tests.journeys.discovery import Found, discover
from tests.journeys.pages import SHOWN
from tests.journeys.preparing import prepare
from tests.journeys.url_list import LIBRARY_PAGES, NOT_PAGES, PEOPLE, page_names
from tests.permissions.ways import listed

COMBINATIONS = [("zh-hans", 1280), ("zh-hans", 360), ("en", 1280), ("en", 360)]


@pytest.fixture(scope="session")
def found(demo, story, cast) -> dict[str, Found]:
    """Who was led to each page, and its address."""
    made = prepare(cast)
    return made | discover(cast, PEOPLE, set(page_names()) - set(made))


def test_every_page_can_be_reached_by_links(found):
    assert sorted(set(page_names()) - set(found)) == []
    assert sorted(set(NOT_PAGES) - {way.name for way in listed()}) == []


@pytest.mark.parametrize("name", page_names())
def test_each_page_of_the_url_list_fits_and_axe_finds_nothing(demo, found, cast, chromium, name):
    """The two combinations in which nobody walks the story: Chinese on a phone, English on a desktop."""
    person, address = found[name].person, found[name].address
    for language, width in COMBINATIONS[1:3]:
        looks_right(chromium, demo, cast[person] if person else None, address, language, width)


@pytest.mark.parametrize("shown", [*SHOWN, *LIBRARY_PAGES], ids=lambda shown: shown.name)
@pytest.mark.parametrize(("language", "width"), COMBINATIONS)
def test_page_fits_and_axe_finds_nothing(demo, story, cast, chromium, shown, language, width):
    person = cast[shown.person] if shown.person else None
    looks_right(chromium, demo, person, shown.address(cast), language, width)


def looks_right(chromium, demo, person, address, language, width):
    """It answers, fits the window, speaks the language, breaks nothing and passes axe."""
    with window(chromium, demo.base_url, width=width, language=language, person=person) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        answer = page.goto(address, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200
        assert (page.locator("html").get_attribute("lang") or "").lower() == language
        assert overflow(page) == 0
        assert axe_violations(page) == []
        assert faults == []
