"""The story's step `dashboards`: the figures of manager and supervisor are higher by just what the tale brought."""

from __future__ import annotations

from datetime import date
from typing import cast

import httpx
import pytest

from config.story.acts import supervising
from config.story.browser import Browser, StoryFault
from config.story.cast import Cast
from config.story.play import DIFFERING
from config.story.tales import TALES
from config.story.telling import Telling

TODAY = date(2026, 12, 31)
PERIOD = "from=2026-12-01&to=2027-01-01"


class Site:
    """Both dashboards, as the figures stand now."""

    def __init__(self) -> None:
        self.province = {"consults": "1,204", "in_time": "98.2", "passed": "310", "area-credits": "2,480.6"}
        self.answered = "1,099 例已答复中的 1,081 例"
        self.county = {"passed": "21", "credits_entered": "999.8"}
        self.asked: set[str] = set()

    def browser(self, figures: dict[str, str]) -> Browser:
        def answer(request: httpx.Request) -> httpx.Response:
            query = request.url.query.decode()
            self.asked.add(query)
            if request.url.path != "/supervision/":
                shown = f'<table><tr><td data-figure="area-credits">{figures.get("area-credits", "")}</td></tr></table>'
                return httpx.Response(200, html=shown)
            rows = "".join(
                f'<li><b data-figure="{key}">{value}</b><p class="x-kpi__d">{self.answered}</p></li>'
                for key, value in figures.items()
            )
            return httpx.Response(200, html=f'<ul>{rows}</ul><div hx-get="/credits/area/?{query}"></div>')

        browser = Browser("http://site.test")
        browser.client = httpx.Client(base_url="http://site.test", transport=httpx.MockTransport(answer))
        return browser


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def telling(site, lines) -> Telling:
    people = {"supervisor": site.browser(site.province), "manager": site.browser(site.county)}
    telling = Telling(TALES[0], cast(Cast, people), [], lines.append)
    telling.figures["credit.added"] = "0.6"
    supervising.before(telling, TODAY)
    return telling


def learnt(site: Site) -> None:
    site.province |= {"consults": "1,205", "passed": "311", "area-credits": "2,481.2"}
    site.answered = "1,100 例已答复中的 1,082 例"


def test_both_dashboards_are_read_before_and_after_for_the_same_days(site, telling, lines):
    learnt(site)
    site.county |= {"passed": "22", "credits_entered": "1,000.4"}

    supervising.dashboards(telling)

    (line,) = lines
    assert line.split(" [")[0].split() == [
        "dashboards",
        "breathless",
        "supervisor_panels=1",
        "manager_panels=1",
        "supervisor_consults=+1",
        "supervisor_answered=+1",
        "supervisor_passed=+1",
        "supervisor_credits=+0.6",
        "manager_passed=+1",
        "manager_credits=+0.6",
    ]
    assert site.asked == {PERIOD}


def test_of_a_learner_elsewhere_the_manager_reads_nothing(site, telling):
    learnt(site)

    supervising.dashboards(telling)

    figures = telling.figures
    assert (figures["dashboards.manager_passed"], figures["dashboards.manager_credits"]) == ("+0", "+0.0")


@pytest.mark.parametrize(
    ("figures", "who"),
    [
        ({"area-credits": "2,480.6"}, "supervisor"),
        ({"consults": "1,206"}, "supervisor"),
        ({"passed": "310"}, "supervisor"),
        ({"credits_entered": "1,000.4"}, "manager"),
        ({"credits_entered": "1,000.1", "passed": "22"}, "manager"),
    ],
)
def test_a_figure_that_does_not_follow_is_a_fault(site, telling, lines, figures, who):
    learnt(site)
    (site.county if who == "manager" else site.province).update(figures)

    with pytest.raises(StoryFault, match=f"the {who}'s figures are higher by"):
        supervising.dashboards(telling)

    assert lines == []


def test_the_figures_that_differ_between_the_tales_are_compared():
    assert {name for name in DIFFERING if name.startswith("dashboards.")} == {
        "dashboards.supervisor_credits",
        "dashboards.manager_passed",
        "dashboards.manager_credits",
    }
