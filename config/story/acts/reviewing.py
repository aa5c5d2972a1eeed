"""A peer scores a frozen manifest by its rubric and gives a verdict."""

from __future__ import annotations

from config.story.browser import Form, Page
from config.story.telling import Telling


def review(telling: Telling, username: str, title: str, *, verdict: str, score: int) -> None:
    """Open the assignment called `title` at one's desk, score every item with `score`, send the report."""
    reviewer, tale = telling.person(username), telling.tale
    desk = reviewer.wait_for("/reviews/", lambda page: _assignment(page, title) != "", f"the review of {title}")
    page = reviewer.get(_assignment(desk, title))
    form = page.form(having="verdict")
    values: dict[str, object] = {name: score for name in _scores(form)}
    if score <= 3:
        values |= {name: tale.objection for name in form.names if name.startswith("reason_")}
    summary = tale.approval if verdict == "approve" else tale.objection
    values |= {"summary": summary, "is_named": "yes", "verdict": verdict}
    reviewer.submit(page, form, values)


def _scores(form: Form) -> list[str]:
    return sorted(name for name in form.names if name.startswith("score_"))


def _assignment(page: Page, title: str) -> str:
    """The address of an open assignment whose row names the title; "" when there is none."""
    for anchor in page.soup.select("main a[href*='/reviews/']"):
        row = anchor.find_parent(["li", "tr", "article"]) or anchor
        if title in row.get_text():
            return str(anchor["href"])
    return ""
