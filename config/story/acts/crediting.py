"""What was learnt is entered once, certified, and can be verified by anybody."""

from __future__ import annotations

import re
from decimal import Decimal

from config.story.browser import Browser, Page
from config.story.telling import Telling, expect, refuse


def before(telling: Telling) -> None:
    """Remember the learner's total of the year, so that exactly this course is added."""
    page = telling.person(telling.tale.learner).get("/credits/")
    telling.known["credits_before"] = page.value("year-credits")


def credit(telling: Telling) -> None:
    learner, tale = telling.person(telling.tale.learner), telling.tale
    before = Decimal(telling.known["credits_before"])
    page = learner.wait_for(
        "/credits/",
        lambda page: tale.course_title in page.text and Decimal(page.value("year-credits")) > before,
        "the credit entry and the year's total",
    )
    added = Decimal(page.value("year-credits")) - before
    entries = sum(tale.course_title in row.get_text() for row in page.soup.select("tbody tr"))
    refuse(entries != 1, page, f"{entries} entries instead of one")
    telling.known["certificate"] = page.link("/credits/certificates/")
    telling.say("credit", added=added, entries=entries)


def certificate(telling: Telling) -> None:
    """The learner's PDF, and the public page that says it is valid and no more."""
    learner, tale = telling.person(telling.tale.learner), telling.tale
    page = learner.get(telling.known["certificate"])
    document = learner.wait_until(f"{telling.known['certificate']}pdf/", "the certificate's document")
    refuse(not document.content.startswith(b"%PDF"), page, "the certificate is not a PDF")
    certificate_id = re.findall(r"[0-9a-f-]{36}", telling.known["certificate"])[-1]
    telling.known["verify"] = f"/verify/{certificate_id}/"
    shown = telling.cast.anonymous().get(telling.known["verify"])
    expect(shown, "有效")
    refuse(tale.course_title in shown.text, shown, "verification says more than who and whether")
    telling.say("certificate", verifies="valid", document="PDF")


def dashboards(telling: Telling) -> None:
    """The manager and the supervisor each have their page of this year."""
    manager, supervisor = telling.person("manager"), telling.person("supervisor")
    counts = [panels_of(person, page) for person, page in ((manager, "/supervision/"), (supervisor, "/supervision/"))]
    telling.say("dashboards", manager=counts[0], supervisor=counts[1])


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
