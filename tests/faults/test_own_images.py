"""`bin/demo --once --dicom DIR` goes through to its end on images that are none of the story's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config.story.tales import BREATHLESS
from tests.journeys.running import ROOT, free_port

MINUTES = 8.0
CT = ROOT / "tests" / "data" / "dicom" / "enhanced_ct"


def test_the_story_is_told_on_a_visitors_ct(tmp_path: Path) -> None:
    # given a folder with a CT of two frames, that no header says to be of another part than the head
    data, port = tmp_path / "data", str(free_port())
    command = [sys.executable, ROOT / "bin" / "demo", "--once", "--dicom", CT, "--data", data, "--port", port]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("XINGLIN_", "DJANGO_"))}
    # when the whole story is told on it
    told = subprocess.run(
        [str(part) for part in command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )
    # then it ends well
    lines = [line for line in told.stdout.splitlines() if not line.startswith("set-up:")]
    assert (told.returncode, told.stderr) == (0, "")
    assert lines[-1] == "the story is told: both tales agree with what every person sees"
    # and every figure of the images is that of the CT
    steps = {line.split()[0]: line.rpartition(" [")[0].split()[2:] for line in lines if " own " in line}
    assert steps["images"] == ["modality=CT"]
    assert steps["deid"] == ["readers=2", "frames=2", "texts=16", "looked_at_by=nobody"]
    assert steps["video"] == ["seconds=1.0", "pictures=2", "ladder=2"]
    assert steps["watch"] == ["segments=1", "frames=26", "resumes_at=0.5s"]
    assert steps["pass"] == ["state=passed"]
    # and the first tale's own words stand nowhere
    assert BREATHLESS.case_title not in told.stdout
