"""Run an installer or a management command: its output goes to a log, its failure becomes a sentence."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.setup.folders import LOGS, PYTHON, ROOT
from config.setup.halt import Halt

FULL = ("No space left on device", "ENOSPC", "database or disk is full", "Disk quota exceeded")
OFFLINE = (
    "Temporary failure in name resolution",
    "Name or service not known",
    "Connection refused",
    "NewConnectionError",
    "Max retries exceeded",
    "dns error",
    "error trying to connect",
    "client error (Connect)",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "Network is unreachable",
)
#: libpq's words where nobody answers; after FATAL stands what a server answered, which is told as it is.
SILENT = re.compile(
    r'connection to server (?:at "(?P<host>[^"]+)"(?: \([^)]*\))?, port (?P<port>\d+)|on socket "(?P<socket>[^"]+)") '
    r"failed: (?!FATAL)"
)


def run(
    name: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    installs: bool = True,
) -> None:
    """Run one step of set-up. Raises Halt with the cause in one sentence and the place of the log.

    `installs`: it asks a package index, and no database.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    started = time.monotonic()
    print(f"set-up: {name} ... ", end="", flush=True)
    with log.open("w") as output:
        status = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    print(f"{time.monotonic() - started:.0f} s", flush=True)
    if status:
        raise Halt(sentence(name, log, status, installs=installs))


def sentence(name: str, log: Path, status: int, *, installs: bool) -> str:
    """Why a step failed, from what it left in its log."""
    text = log.read_text(errors="replace")[-20_000:]
    if any(word in text for word in FULL):
        return "The disk is full. Set-up needs about 3 GB; free some space and run the command again."
    if installs and any(word in text for word in OFFLINE):
        return (
            f"The step '{name}' could not reach the package index. Check the network, or the index and proxy "
            f"settings of pip, uv and npm, and run the command again. Details: {log}"
        )
    if not installs and (silent := SILENT.search(text)):
        place = silent["socket"] or f"{silent['host']}:{silent['port']}"
        return (
            f"The database at {place} does not answer. Start its server, or correct DATABASE_URL (without it the demo "
            f"has a database of its own), and run the command again. Details: {log}"
        )
    last = next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no output")
    return f"The step '{name}' failed with status {status} ({last[:200]}). Details: {log}"


def manage(name: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
    """Run a management command of the project as a step."""
    run(name, [PYTHON, ROOT / "manage.py", *arguments], env=env, installs=False)
