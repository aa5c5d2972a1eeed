"""`bin/test [--faults] [--journeys] [--outside] [--production] [PYTEST ARGS]`."""

from __future__ import annotations

import math
import os
import sys
import time

from config.setup.environment import prepare_environment
from config.setup.frontend import prepare_frontend
from config.setup.halt import Halt
from config.setup.locks import set_up_lock
from config.setup.site import prepare_site
from config.setup.templates import migrated_template
from config.setup.testing import stages
from config.setup.testing.ending import GaveUp, at_most
from config.setup.testing.report import Report

COLD, WARM = 60, 10  # minutes that CI takes on a clean clone, and the suite alone once everything is set up
OWN = ("--faults", "--journeys", "--outside", "--production")
HELP = """bin/test [--faults] [--journeys] [--outside] [--production] [PYTEST ARGS]

All set-up, then the suite on the embedded column. --faults adds the tests that kill processes, --journeys the browser,
--outside independent judges of what we make (veraPDF, fetched by bin/services), --production the same suite on
PostgreSQL, Redis and Elasticsearch. The whole suite is shared by a process for each processor, four at most; a
selection runs in one. CI=true runs everything there is; then a missing server, browser or tool is a failure, and what
hangs is given up so that the table always comes. Everything else is handed to pytest.
"""


def main() -> int:
    """Run what was asked for; 1 when anything failed."""
    arguments = sys.argv[1:]
    if "--help" in arguments or "-h" in arguments:
        print(HELP)
        return 0
    chosen = {word for word in OWN if word in arguments}
    arguments = [word for word in arguments if word not in OWN]
    is_ci = os.environ.get("CI") == "true"
    if is_ci:
        chosen = set(OWN)
    started = time.monotonic()
    end = started + stages.WHOLE_RUN * 60
    _set_up(stages.SET_UP * 60 if is_ci else math.inf)
    report = Report(stages.MINUTES, end) if is_ci else Report()
    if is_ci:
        _checks(report)
    _embedded(report, arguments, chosen)
    _production(report, arguments, is_wanted="--production" in chosen, with_story=is_ci)
    print(report.table())
    if is_ci or not (arguments or chosen):
        print(report.figures(time.monotonic() - started, most_minutes=COLD if is_ci else WARM))
    return 1 if report.has_failed else 0


def _set_up(seconds: float) -> None:
    try:
        with at_most(seconds), set_up_lock():
            prepare_environment(with_tests=True)
            prepare_frontend()
            prepare_site()
            migrated_template()
    except GaveUp as late:
        raise Halt(f"Set-up {late}. Its logs are in build/logs.") from None


def _checks(report: Report) -> None:
    report.stage("ruff check", lambda: stages.tool("ruff", "check", "."))
    report.stage("ruff format", lambda: stages.tool("ruff", "format", "--check", "--quiet", "."))
    report.stage("mypy", lambda: stages.tool("mypy", "--no-error-summary", "."))
    report.stage("import contract", lambda: stages.tool("lint-imports", "--no-cache"))
    report.stage("migrations", stages.migrations)


def _embedded(report: Report, arguments: list[str], chosen: set[str]) -> None:
    collect = [word.removeprefix("--") for word in ("--faults", "--outside", "--journeys") if word in chosen]
    if "outside" in collect and not report.stage("outside judges", stages.judges):
        collect.remove("outside")
    if "journeys" in collect and not report.stage("browser", stages.browser):
        collect.remove("journeys")
    if "faults" in collect and not report.stage("small disk", stages.small_disk):
        collect.remove("faults")
    if stages.is_whole(arguments):
        report.stage("suite, embedded column", lambda: stages.suite(arguments, {}))
        if collect:
            folders = [f"tests/{name}" for name in collect]
            report.stage(stages.WITH_PROGRAMS, lambda: stages.suite([*arguments, *folders], {}))
    else:
        report.stage("suite, embedded column", lambda: stages.suite(arguments, {}, collect))
    if "--faults" not in chosen:
        report.left_out("faults", "bin/test --faults (needs bubblewrap)")
    if "--outside" not in chosen:
        report.left_out("outside judges", "bin/test --outside (needs Java and Maven)")
    if "--journeys" not in chosen:
        report.left_out("browser journeys", "bin/test --journeys (needs Chromium)")


def _production(report: Report, arguments: list[str], *, is_wanted: bool, with_story: bool) -> None:
    if not is_wanted:
        report.left_out("suite, production column", "bin/test --production (fetches servers by bin/services)")
        report.left_out("story on both columns", "CI=true bin/test")
        return
    try:
        if not report.stage("servers", stages.start_servers):
            return
        report.stage("suite, production column", lambda: stages.suite(arguments, stages.production("xinglin_suite")))
        if with_story:
            _stories(report)
    finally:
        stages.stop_servers()


def _stories(report: Report) -> None:
    told: dict[str, list[str]] = {}

    def tell(name: str, column: dict[str, str]) -> str:
        told[name] = stages.story(name, column)
        return f"{len(told[name])} lines"

    report.stage("story, embedded column", lambda: tell("embedded", {}))
    report.stage("story, production column", lambda: tell("production", stages.production("xinglin_story")))
    if len(told) == 2:
        report.stage("both columns agree", lambda: stages.same(told["embedded"], told["production"]))
