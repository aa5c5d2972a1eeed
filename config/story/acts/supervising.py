"""What the training manager and the supervisor read on their dashboards, before the tale and after it.

Each asks for the same days both times, so that no other day leaves the period or comes into it at midnight. The figures
are totals of what stands in the database: a step that is done again after a crash changes none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from config.story.browser import Browser, Page
from config.story.telling import Telling, refuse

BEFORE, AFTER = timedelta(days=30), timedelta(days=1)
Figures = dict[str, Decimal]


def before(telling: Telling, today: date) -> None:
    """Remember what both read before anything of the tale has happened."""
    telling.known["dashboard"] = f"/supervision/?from={today - BEFORE}&to={today + AFTER}"
    for watcher, read in WATCHERS.items():
        figures = read(telling.person(watcher), telling.known["dashboard"])
        telling.known |= {f"{watcher}.{name}": str(value) for name, value in figures.items()}


def dashboards(telling: Telling) -> None:
    """Every panel says something, and the figures are higher by just this tale: everywhere for the supervisor, and for
    the manager where the learner belongs to their county.
    """
    supervisor, address = telling.person("supervisor"), telling.known["dashboard"]
    panels = {watcher: panels_of(telling.person(watcher), address) for watcher in WATCHERS}
    added = Decimal(telling.figures["credit.added"])
    whole = _more(telling, "supervisor")
    refuse(
        whole != {"consults": 1, "answered": 1, "passed": 1, "credits": added},
        supervisor.get(address),
        f"the supervisor's figures are higher by {whole}, and {added} credits were earned",
    )
    part = _more(telling, "manager")
    refuse(
        part not in ({"passed": 1, "credits": added}, {"passed": 0, "credits": 0}),
        telling.person("manager").get(address),
        f"the manager's figures are higher by {part}, and {added} credits were earned",
    )
    telling.say(
        "dashboards",
        **{f"{watcher}_panels": number for watcher, number in panels.items()},
        **{f"supervisor_{name}": f"+{value}" for name, value in whole.items()},
        **{f"manager_{name}": f"+{value}" for name, value in part.items()},
    )


def _more(telling: Telling, watcher: str) -> Figures:
    """By how much each figure of the watcher is higher than before the tale."""
    figures = WATCHERS[watcher](telling.person(watcher), telling.known["dashboard"])
    return {name: value - Decimal(telling.known[f"{watcher}.{name}"]) for name, value in figures.items()}


def _of_county(manager: Browser, address: str) -> Figures:
    """Of the manager's own people, as the key figures say it."""
    page = manager.get(address)
    return {"passed": number(page.value("passed")), "credits": number(page.value("credits_entered"))}


def _of_province(supervisor: Browser, address: str) -> Figures:
    """Of the whole province: the key figures, and the panel of credits."""
    page = supervisor.get(address)
    panel = next((str(node["hx-get"]) for node in page.soup.select("[hx-get*='/credits/']")), "")
    refuse(not panel, page, "no panel of credits is shown")
    return {
        "consults": number(page.value("consults")),
        "answered": _answered(page),
        "passed": number(page.value("passed")),
        "credits": number(supervisor.get(panel).value("area-credits")),
    }


def _answered(page: Page) -> Decimal:
    """The whole beside "answered in time": of the two numbers the greater one, in whatever order they stand."""
    shown = page.soup.select_one('li:has([data-figure="in_time"]) .x-kpi__d')
    numbers = re.findall(r"\d[\d,]*", shown.get_text(" ")) if shown else []
    refuse(len(numbers) != 2, page, "no number of answered consults is shown")
    return max(number(text) for text in numbers)


def number(text: str) -> Decimal:
    """A figure as the pages write it, thousands apart."""
    return Decimal(text.replace(",", ""))


def panels_of(person: Browser, address: str) -> int:
    """How many panels the page has, each of which must load with a table in it, or say in words why there is none."""
    page = person.get(address)
    panels = [str(node["hx-get"]) for node in page.soup.select("[hx-get]")]
    for panel in panels:
        _says_something(person.get(panel))
    refuse(not panels, page, "no panel is shown")
    return len(panels)


def _says_something(page: Page) -> None:
    """An area without a silent hospital has no table of silent hospitals, which is good news and no fault."""
    is_silent = page.soup.select_one("table, .x-empty") is None
    refuse(is_silent, page, "the panel has neither a table nor a sentence that says why")


#: Who watches over a part of the province, and what is read there.
WATCHERS: dict[str, Callable[[Browser, str], Figures]] = {"supervisor": _of_province, "manager": _of_county}
