"""Folders of work: private, gone at the end, and swept when whoever worked in them was killed."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from media_pipeline import tasks
from media_pipeline.working import sweep, working_folder

WORKER = """
import sys, time
from django.conf import settings
settings.configure(DATA_DIR=sys.argv[1])
from media_pipeline.working import working_folder
with working_folder() as place:
    (place / "key").write_bytes(b"sixteen bytes it")
    print(place, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def data(settings, tmp_path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def worker(data):
    """Another process in the middle of its work, and the folder it works in."""
    process = subprocess.Popen([sys.executable, "-c", WORKER, str(data)], stdout=subprocess.PIPE, text=True)
    yield process, Path(process.stdout.readline().strip())
    process.kill()
    process.wait()
    process.stdout.close()


def test_what_a_killed_worker_left_goes_with_the_next_sweep(data, worker, monkeypatch):
    process, place = worker
    assert (place / "key").read_bytes() == b"sixteen bytes it"
    # given one that lives: nobody takes its work away
    assert sweep() == 0
    with working_folder() as own:
        assert sorted((data / "work").iterdir()) == sorted([place, own])
    # when it is killed
    process.send_signal(signal.SIGKILL)
    process.wait()
    monkeypatch.setattr(tasks, "trim_rendered", lambda: None)
    tasks.trim()
    # then key and segments are gone
    assert list((data / "work").iterdir()) == []


def test_a_folder_is_its_owners_and_gone_at_the_end_also_after_a_fault(data):
    with pytest.raises(ZeroDivisionError), working_folder() as place:
        (place / "key").write_bytes(b"x")
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (place, place.parent)]
        _ = 1 / 0
    assert modes == [0o700, 0o700]
    assert list((data / "work").iterdir()) == []
