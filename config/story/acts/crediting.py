"""What was learnt is entered once, certified, and can be verified by anybody."""

from __future__ import annotations

import re
from decimal import Decimal

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
