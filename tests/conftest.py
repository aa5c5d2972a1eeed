"""Fixtures that every package's tests may use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from core.crypto.keyring import keyring
from core.translation.catalogs import compile_all
from tests import columns, first_data
from tests.journeys.running import RunningDemo, running_at, start_demo, tell_story

JOURNEYS = Path(__file__).parent / "journeys"
BLOCKER: pytest.StashKey[Any] = pytest.StashKey()  # pytest-django's guard of the database
DESELECTED: pytest.StashKey[int] = pytest.StashKey()


def pytest_configure() -> None:
    """Tests read the catalogues beside their sources and share one root key; a slow machine fails no property."""
    settings.register_profile("xinglin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("xinglin")
    compile_all(Path(__file__).resolve().parent.parent)
    keyring().create()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what this run did not ask for; None lets pytest decide about the rest."""
    return columns.leaves_out_path(collection_path, config.invocation_params.args) or None


def pytest_pycollect_makeitem(obj: Any) -> list[pytest.Item] | None:
    """A test of the other column is not collected at all, which is not the same as skipped."""
    return [] if columns.leaves_out_object(obj) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers run last: a started one leaves an event loop in the thread, and Django refuses the database there.

    The clicked story is the last of them: when it ends, the newest course on the demo has lost its case and its video.
    """
    items.sort(key=lambda item: (item.path.is_relative_to(JOURNEYS), item.path.name == "test_story_clicked.py"))


def pytest_deselected(items: list[pytest.Item]) -> None:
    if items:
        stash = items[0].config.stash
        stash[DESELECTED] = stash.get(DESELECTED, 0) + len(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a process that shared the run left out, which nobody else counts."""
    stash = node.config.stash
    stash[DESELECTED] = stash.get(DESELECTED, 0) + getattr(node, "workeroutput", {}).get("deselected", 0)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI a skipped, expected-to-fail or deselected test fails the run: a green run has run everything."""
    deselected = session.config.stash.get(DESELECTED, 0)
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["deselected"] = deselected
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    is_judged = os.environ.get("CI") == "true" and session.exitstatus == pytest.ExitCode.OK
    left_out = ("skipped", "xfailed", "xpassed")
    if reporter and is_judged and (deselected or any(reporter.stats.get(kind) for kind in left_out)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Tests come in any order: whichever is next finds what the migrations wrote."""
    try:
        yield
    finally:
        blocker = item.config.stash.get(BLOCKER, None)
        if blocker is not None and nextitem is not None and first_data.is_emptied_by(item):
            with blocker.unblock():
                first_data.restore()


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Pages, sessions and catalogues kept by one test are not shown to the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(
    pytestconfig: pytest.Config,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """The test database: on SQLite a copy of the cached migrated template, on a server made by Django."""
    from django.test.utils import setup_databases, teardown_databases

    pytestconfig.stash[BLOCKER] = django_db_blocker
    with django_db_blocker.unblock():
        if columns.is_production():
            made = setup_databases(verbosity=0, interactive=False)
            yield
            teardown_databases(made, verbosity=0)
        else:
            first_data.copy_template()
            yield


@pytest.fixture
def now() -> datetime:
    """A fixed moment: 22 November 2026, 11:22 in Qingjiang."""
    return datetime(2026, 11, 22, 3, 22, tzinfo=UTC)


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Deliver events and run jobs here and now until nothing is left; returns how many were handled."""

    def drain(at: datetime | None = None) -> int:
        from django.utils import timezone

        from core.jobs.models import Job
        from core.jobs.running import run_job
        from core.outbox import delivery

        moment = (at or timezone.now()) + timedelta(seconds=1)
        handled = 0
        for _round in range(50):
            events = delivery.undelivered(moment)
            jobs = list(Job.objects.filter(state="queued", run_after__lte=moment).values_list("pk", flat=True))
            if not events and not jobs:
                return handled
            for event_id in events:
                delivery.deliver(event_id, now=moment)
            for job_id in jobs:
                run_job(job_id, clock=lambda: moment)
            handled += len(events) + len(jobs)
        raise AssertionError("events and jobs do not come to rest")

    return drain


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """A demo of this run's own; with XINGLIN_JOURNEY_URL and XINGLIN_JOURNEY_DATA the one that runs there."""
    address = os.environ.get("XINGLIN_JOURNEY_URL", "")
    if address:
        yield running_at(address, Path(os.environ["XINGLIN_JOURNEY_DATA"]))
        return
    running = start_demo(tmp_path_factory.mktemp("demo") / "data")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def story(demo: RunningDemo) -> str:
    """The lines that the story printed."""
    return tell_story(demo)
