"""The catalogue's bar: what each choice would leave, what is set, and how it is taken away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cms.api import latest_edition, set_course_facts
from tests.factories.courses import make_course, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def courses(house, now):
    """Three published courses: two on the heart, of which one brings credits, one on nerves for villages."""
    made = []
    for number, changed in enumerate(({}, {}, {"subject": "neurology", "level": "basic"})):
        facts = {"title": f"课 {number}", **changed}
        course = make_course(house.author, house.hospital.pk, now, code=f"BAR-{number}", **facts)
        publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now + timedelta(minutes=number))
        made.append(course)
    edition_id = latest_edition(made[0].pk).id
    set_course_facts(edition_id=edition_id, facts={"credits": {"points": "2.5"}}, now=now)
    return made


def page_of(query: str) -> BeautifulSoup:
    answer = Client().get(f"/courses/{query}", headers={"accept-language": "en"})
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def titles(page: BeautifulSoup) -> list[str]:
    return [link.get_text() for link in page.select(".x-card__title a")]


def choices(page: BeautifulSoup, name: str) -> list[str]:
    return [option.get_text() for option in page.select(f'select[name="{name}"] option')]


def active(page: BeautifulSoup) -> list[tuple[str, str]]:
    links = page.select(".x-bar__set a")
    return [(" ".join(part.get_text() for part in link.select("span, b")), str(link["href"])) for link in links]


def test_each_choice_says_how_many_courses_it_would_leave(courses):
    page = page_of("")

    assert titles(page) == ["课 2", "课 1", "课 0"]
    assert choices(page, "subject") == ["All", "Heart and circulation (2)", "Neurology (1)"]
    assert choices(page, "credits") == ["All", "With credits (1)"]
    assert active(page) == []


def test_the_numbers_of_one_filter_heed_the_others(courses):
    page = page_of("?subject=cardiovascular")

    # the subject's own choices count as if it were not set, the others within it
    assert titles(page) == ["课 1", "课 0"]
    assert choices(page, "subject") == ["All", "Heart and circulation (2)", "Neurology (1)"]
    assert choices(page, "level") == ["All", "County (2)"]


def test_what_is_set_is_named_and_can_be_taken_away(courses, house):
    page = page_of(f"?q=课&subject=neurology&organisation={house.hospital.code.lower()}&sort=title")

    took = "Take this filter away"
    assert titles(page) == ["课 2"]
    code = house.hospital.code.lower()
    assert active(page) == [
        (f"Search 课 {took}", f"?subject=neurology&sort=title&organisation={code}"),
        (f"Subject area Neurology {took}", f"?q=%E8%AF%BE&sort=title&organisation={code}"),
        (
            f"Organisation {house.hospital.display_name('en')} {took}",
            "?q=%E8%AF%BE&subject=neurology&sort=title",
        ),
    ]
    # a new search stays within the organisation
    assert page.select_one('form [name="organisation"]')["value"] == code


def test_filters_that_hide_everything_are_named_and_can_be_cleared(courses):
    page = page_of("?subject=neurology&credits=yes")

    assert titles(page) == []
    assert "No course matches" in page.get_text()
    # a choice that is set stays in the list, whatever it leaves
    assert "Neurology (0)" in choices(page, "subject")
    assert [link["href"] for link in page.select("main a") if "Clear filters" in link.get_text()] == ["?", "/courses/"]


def test_an_unknown_value_is_as_if_it_were_not_there(courses):
    page = page_of("?subject=alchemy&level=moon&sort=luck&credits=no")

    assert (len(titles(page)), active(page)) == (3, [])
    assert page.select(".x-filter--on") == []
