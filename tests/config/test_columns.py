"""The two columns: addresses in the environment to Django's settings, and what a run of the suite collects."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import columns
from config.setup.testing.report import Report
from config.setup.testing.stages import comparable
from tests.columns import TESTS, leaves_out_object, leaves_out_path


def test_without_addresses_the_database_lies_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # given
    monkeypatch.delenv("DATABASE_URL", raising=False)
    # when
    database = columns.databases(tmp_path)["default"]
    # then writers wait for each other instead of failing
    assert database["NAME"] == tmp_path / "db.sqlite3"
    assert (database["OPTIONS"]["transaction_mode"], database["OPTIONS"]["timeout"]) == ("IMMEDIATE", 20)


def test_the_embedded_broker_leaves_its_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # given
    monkeypatch.delenv("BROKER_URL", raising=False)
    (tmp_path / "broker").mkdir()
    (tmp_path / "broker" / "url").write_text("unix:///run/x/valkey.sock?db=0\n")
    # when
    address = columns.broker_url(tmp_path)
    # then the client and Celery each get it as they spell it
    assert address == "unix:///run/x/valkey.sock?db=0"
    assert columns.celery_broker(address) == "redis+socket:///run/x/valkey.sock?db=0"


def test_a_server_wins_over_the_embedded_broker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # given
    (tmp_path / "broker").mkdir()
    (tmp_path / "broker" / "url").write_text("unix:///run/x/valkey.sock?db=0\n")
    monkeypatch.setenv("BROKER_URL", "redis://:p@127.0.0.1:6379/0")
    # when / then
    assert columns.broker_url(tmp_path) == "redis://:p@127.0.0.1:6379/0"


@pytest.mark.parametrize(
    ("collect", "arguments", "path", "is_left_out"),
    [
        ("", [], "faults/test_x.py", True),
        ("faults", [], "faults/test_x.py", False),
        ("faults", [], "journeys/test_x.py", True),
        ("", ["tests/faults"], "faults/test_x.py", False),
        ("", ["-x", "tests/core"], "faults/test_x.py", True),
        ("", [], "core/test_x.py", False),
    ],
)
def test_heavy_folders_need_to_be_named(
    monkeypatch: pytest.MonkeyPatch, collect: str, arguments: list[str], path: str, is_left_out: bool
) -> None:
    # given
    monkeypatch.chdir(TESTS.parent)
    monkeypatch.setenv("XINGLIN_COLLECT", collect)
    # when / then
    assert leaves_out_path(TESTS / path, arguments) is is_left_out


def test_a_mark_names_the_column(monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    @pytest.mark.production
    def on_servers() -> None: ...

    @pytest.mark.embedded
    def on_sqlite() -> None: ...

    # when / then
    for name in ("DATABASE_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    assert (leaves_out_object(on_servers), leaves_out_object(on_sqlite)) == (True, False)
    for name in ("DATABASE_URL", "BROKER_URL"):
        monkeypatch.setenv(name, "set")
    assert (leaves_out_object(on_servers), leaves_out_object(on_sqlite)) == (False, True)


def test_two_tellings_of_the_story_are_compared_without_ids_times_and_sizes() -> None:
    # given
    first = "set-up: seed ... 3 s\nconsult  0192f3a4-1111-7222-8333-444455556666 sent 2026-11-22 03:22 (12 KB, 0.8 s)\n"
    second = "\nconsult  0192f3ff-9999-7aaa-8bbb-ccccddddeeee sent 2026-11-23 11:07 (13.5 KB, 12 s)\n"
    # when / then
    assert comparable(first) == comparable(second) == ["consult  <id> sent <time> (<size>, <size>)"]
    assert comparable("credit  5.0 entered") != comparable("credit  4.0 entered")


def test_the_closing_table_names_what_did_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    # given
    report = Report()
    # when
    report.stage("suite", lambda: "12 passed")
    report.left_out("servers", "bin/test --production")
    # then
    table = report.table()
    assert "suite    ok        0 s, 12 passed" in table
    assert "servers  not here  bin/test --production" in table
    assert not report.has_failed
