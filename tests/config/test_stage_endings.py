"""A stage of a test run that hangs is given up with all that it started; the next stages and the table still come."""

from __future__ import annotations

import math
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.setup.halt import Halt
from config.setup.testing import ending, stages
from config.setup.testing.report import Report
from config.setup.testing.run import _production
from config.supervisor.death import members

#: A stage that starts a server in a session of its own and waits for ever; both tell which mark they carry.
HANGS = 'setsid sleep 300 & echo "$BIN_TEST_STAGE"; wait; sleep 300'
DEAF = f'trap "" INT TERM; {HANGS}'


def hanging(heard: list[str], script: str) -> str:
    """What a stage does: ended as soon as it has said that it hangs, since the alarm is then rung."""

    def hear(line: str) -> None:
        heard.append(line.strip())
        os.kill(os.getpid(), signal.SIGALRM)  # to the process, as the clock does it

    ending.follow(["sh", "-c", script], hear=hear, politely=((signal.SIGTERM, 1.0),))
    return "never comes to this"


@pytest.mark.parametrize("script", [HANGS, DEAF])
def test_a_stage_that_hangs_is_ended_with_its_servers_and_the_others_go_on(script: str) -> None:
    # given a stage that may take half an hour, and hangs
    report, heard = Report({"slow": 30.0}), list[str]()
    # when its time is over
    is_ok = report.stage("slow", lambda: hanging(heard, script))
    report.stage("next", lambda: "12 passed")
    # then it has failed, nothing of it is left, and the next one has run
    assert is_ok is False
    assert [(line.name, line.result) for line in report.lines] == [("slow", "failed"), ("next", "ok")]
    assert report.lines[0].note.endswith(" s, gave up after 30 min")
    assert "gave up after 30 min" in report.table()
    assert report.has_failed
    assert len(heard) == 1
    assert members(heard[0], ending.MARK) == []


def test_the_clock_rings_by_itself_and_only_for_its_own_stage() -> None:
    # given
    report = Report({"slow": 0.5 / 60})
    began = time.monotonic()
    # when a stage sleeps longer than it may
    report.stage("slow", lambda: str(ending.follow(["sleep", "300"], politely=((signal.SIGTERM, 5.0),))))
    # then
    assert report.lines[0].note.endswith("gave up after 0 s")
    assert time.monotonic() - began < 60
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL


def test_when_the_whole_run_is_over_no_stage_begins() -> None:
    # given
    report, begun = Report({"slow": 5.0}, end=time.monotonic() - 1), list[str]()

    def begin() -> str:
        begun.append("late")
        return ""

    # when
    report.stage("late", begin)
    # then
    assert begun == []
    assert (report.lines[0].result, report.lines[0].note) == (
        "failed",
        "0 s, not begun: the whole run has taken too long",
    )


def test_without_a_budget_nothing_rings() -> None:
    report = Report()
    report.stage("quiet", lambda: str(signal.getitimer(signal.ITIMER_REAL)))
    assert report.lines[0].note == "0 s, (0.0, 0.0)"


def test_a_command_that_ends_by_itself_is_heard_to_its_last_line() -> None:
    heard: list[str] = []
    assert ending.follow(["sh", "-c", "echo one; echo two; exit 3"], hear=heard.append) == 3
    assert heard == ["one\n", "two\n"]


@pytest.fixture(params=[signal.default_int_handler, signal.SIG_IGN], ids=["terminal", "background"])
def interrupts(request: pytest.FixtureRequest) -> Iterator[None]:
    """How the run itself takes an interrupt: in the background of a shell it is ignored."""
    before = signal.signal(signal.SIGINT, request.param)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_a_suite_that_hangs_still_tells_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # given tests of which one fails and the last one hangs, which rings the clock of whoever runs the suite
    test = tmp_path / "test_hanging.py"
    test.write_text(
        "import os, signal, time\n"
        "def test_right(): pass\n"
        "def test_wrong(): assert 1 == 2\n"
        "def test_slow():\n"
        "    os.kill(os.getppid(), signal.SIGALRM)\n"
        "    time.sleep(300)\n"
    )
    alone = ["-p", "no:django", "-p", "no:cacheprovider", "--noconftest", "-c", "/dev/null", "--rootdir", str(tmp_path)]
    # when
    with pytest.raises(ending.GaveUp) as caught, ending.at_most(1800):
        stages.suite([*alone, str(test)], {})
    # then the line names both, and the output says what failed and where it stood
    assert str(caught.value).startswith("gave up after 30 min: 1 failed, 1 passed in ")
    out = capsys.readouterr().out
    assert "assert 1 == 2" in out
    assert "KeyboardInterrupt" in out


def test_servers_that_do_not_all_start_are_stopped_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    done: list[str] = []

    def half() -> str:
        done.append("started")
        raise Halt("elasticsearch did not start within 90 s")

    monkeypatch.setattr(stages, "start_servers", half)
    monkeypatch.setattr(stages, "stop_servers", lambda: done.append("stopped"))
    report = Report()
    # when
    _production(report, [], is_wanted=True, with_story=True)
    # then
    assert done == ["started", "stopped"]
    assert [(line.name, line.result) for line in report.lines] == [("servers", "failed")]


def test_the_whole_run_ends_before_continuous_integration_does() -> None:
    """It kills a run after 90 minutes, and then there is no table."""
    last_steps = sum(seconds for _, seconds in ending.POLITELY) / 60 + 1.5  # ending what hangs, stopping three servers
    assert stages.WHOLE_RUN + last_steps < 85
    assert stages.SET_UP + stages.MINUTES[stages.WITH_PROGRAMS] < stages.WHOLE_RUN
    assert not any(math.isinf(minutes) for minutes in stages.MINUTES.values())


def test_what_a_run_took_stands_beside_what_it_may_take_and_turns_nothing_red() -> None:
    # given a run of 61 minutes with two stories, one of them slow
    report = Report()
    for name, seconds in (("suite, embedded column", 1800.0), ("story, embedded column", 120.0)):
        report.stage(name, lambda: "")
        report.seconds[name] = seconds
    report.stage("story, production column", lambda: "58 lines")
    report.seconds["story, production column"] = 120.4
    # then
    lines = [" ".join(line.split()) for line in report.figures(61 * 60, most_minutes=60).splitlines()]
    assert lines == [
        "How long it took, by the clock",
        "the whole run, with set-up 61.0 min target <= 60 min short",
        "bin/demo --once, embedded column 120.0 s target <= 120 s meets",
        "bin/demo --once, production column 120.4 s target <= 120 s short",
    ]
    assert not report.has_failed
