"""Run a tool under resource limits: `python -m media_pipeline.cage.limited TOOL ARGUMENTS`. It ends with its parent."""

from __future__ import annotations

import os
import signal
import sys

from media_pipeline.cage.confinement import die_with_parent, limit_resources

if __name__ == "__main__":
    die_with_parent()
    limit_resources()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606
