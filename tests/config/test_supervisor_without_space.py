"""The supervisor and its children where nothing can be written: `/dev/full` answers each write with ENOSPC."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.journeys.running import ROOT

#: Starts a service that prints into a log on a full disk, waits for its end, and says so on another stream.
SCRIPT = """
import sys
from pathlib import Path
from config.supervisor.tree import Service, Tree, exit_status, tell

logs, marks = Path(sys.argv[1]), Path(sys.argv[2])
tree = Tree(logs)
loud = Service("loud", lambda: print("x" * 100_000))
tree.start(loud)
with marks.open("a") as file:
    file.write("after the fork\\n")
while (status := exit_status(loud.pid)) is None:
    pass
tell("loud ended\\n")
with marks.open("a") as file:
    file.write(f"status {status}\\n")
"""


def test_neither_a_service_nor_the_supervisor_ends_because_nothing_can_be_written(tmp_path: Path) -> None:
    # given a log on a full disk, and a supervisor whose own output goes to one
    logs, marks = tmp_path / "logs", tmp_path / "marks"
    logs.mkdir()
    (logs / "loud.log").symlink_to("/dev/full")
    # when
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(logs), str(marks)],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
    # then only the supervisor went on behind the fork, and it saw its child's end
    assert marks.read_text() == "after the fork\nstatus 1\n", ended.stderr
