"""What was learnt is entered once, certified, verified by anybody, and seen by manager and supervisor."""

from __future__ import annotations

import re
from decimal import Decimal

from playwright.sync_api import expect

from tests.journeys.story.stage import Stage
from tests.journeys.story.walker import Walker

NUMBER = re.compile(r"^XL-\d{4}-\w{4}-\w{4}$")
"""How certificates are numbered; the learner reads it out to whoever asks."""


def before(stage: Stage) -> None:
    """What stands in the ledger, and on both dashboards, before this course is passed."""
    with stage.troupe.window(stage.tale.learner) as learner:
        learner.open("/home/")
        learner.go_to("Credits")
        stage.known["credits"] = str(_total(learner))
    for watcher, entered in WATCHERS.items():
        with stage.troupe.window(watcher) as person:
            stage.known[watcher] = str(entered(person))


def credit(stage: Stage) -> None:
    """One line more, and the year's total is higher by just its credits."""
    tale = stage.tale
    with stage.troupe.window(tale.learner) as learner:
        learner.open("/home/")
        learner.go_to("Credits")
        line = learner.wait_for(lambda: learner.main.get_by_role("row").filter(has_text=tale.course_title), "the line")
        expect(line).to_have_count(1)
        learner.examine()
        stage.figures["credits"] = f"{_total(learner) - Decimal(stage.known['credits']):.1f}"
        learner.turn(learner.link(tale.course_title))
        learner.wait_for(lambda: learner.link(learner.words("Download PDF")), "the certificate's document")
        learner.examine()
        assert learner.download("Download PDF").startswith(b"%PDF")
        stage.known["number"] = learner.main.get_by_text(NUMBER).first.inner_text()
        learner.follow("Verification page")
        stage.known["verify"] = learner.page.url


def verify(stage: Stage) -> None:
    """A visitor verifies it by its number, then by its printed code: valid, and nothing of what was learnt."""
    with stage.troupe.window() as visitor:
        visitor.open("/")
        foot = visitor.page.get_by_role("contentinfo")
        visitor.turn(foot.get_by_role("link", name=visitor.words("Verify a certificate")))
        visitor.examine()
        visitor.write("Number of the certificate", stage.known["number"])
        visitor.send("Verify")
        _is_valid(visitor, stage)
        visitor.open(stage.known["verify"])
        _is_valid(visitor, stage)


def _is_valid(visitor: Walker, stage: Stage) -> None:
    """The page says it in both languages, whatever the visitor reads."""
    visitor.sees_heading("证书有效")
    visitor.sees("This certificate is valid.")
    visitor.sees(stage.known["number"])
    expect(visitor.main.get_by_text(stage.tale.course_title)).to_have_count(0)
    visitor.examine()


def dashboards(stage: Stage) -> None:
    """The supervisor's total of credits is higher by what was earned, and the manager's where it is their county."""
    for watcher, entered in WATCHERS.items():
        with stage.troupe.window(watcher) as person:
            stage.figures[watcher] = f"{entered(person) - Decimal(stage.known[watcher]):.1f}"
            person.examine()


def _entered_in_county(manager: Walker) -> Decimal:
    """The credits of one's people, as the key figures say it."""
    manager.open("/home/")
    manager.go_to("Training figures")
    figures = manager.part("Key figures").get_by_role("listitem")
    return _first_number(figures.filter(has_text=manager.words("Credits entered")).inner_text())


def _entered_in_province(supervisor: Walker) -> Decimal:
    """The credits of everybody, as the panel's table adds them up."""
    supervisor.open("/home/")
    supervisor.go_to("Supervision")
    panel = supervisor.part("Credits")
    supervisor.disclose("The months as a table", within=panel)
    row = panel.get_by_role("row").filter(has_text=supervisor.words("Total")).filter(visible=True)
    return _first_number(row.inner_text())


WATCHERS = {"manager": _entered_in_county, "supervisor": _entered_in_province}
"""Who watches over a part of the province, and where they read what was earned in it."""


def _total(person: Walker) -> Decimal:
    """What the ledger adds up to."""
    row = person.main.get_by_role("row").filter(has_text=person.words("Total of the year"))
    return _first_number(row.inner_text())


def _first_number(text: str) -> Decimal:
    return Decimal(re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))[0])
