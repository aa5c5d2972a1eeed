"""The single stages of a test run. Each returns a short note or raises Halt."""

from __future__ import annotations

import difflib
import http.client
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from config.setup.folders import LOGS, PYTHON, ROOT, VENV
from config.setup.halt import Halt
from config.setup.servers import elasticsearch, postgresql, redis, verapdf
from config.setup.templates import EMBEDDED
from config.setup.testing.ending import GaveUp, follow

WITH_PROGRAMS = "faults, judges, browser"
#: How long a stage may take, half as much again as where nothing else runs, or more; others have 5 minutes (`report`).
MINUTES = {
    "outside judges": 8.0,
    "suite, embedded column": 18.0,
    WITH_PROGRAMS: 50.0,
    "servers": 8.0,
    "suite, production column": 24.0,
    "story, embedded column": 8.0,
    "story, production column": 8.0,
}
SET_UP = 20.0
WHOLE_RUN = 82.0  # with set-up; ending what hangs and stopping the servers takes two more at most

SUMMARY = re.compile(r"=+ (.*(?:passed|failed|error|no tests ran).*) =+|^(\d+ (?:passed|failed).*)$")
VARIABLE = (
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b"), "<id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?|\b\d\d:\d\d(?::\d\d)?\b"), "<time>"),
    (re.compile(r"\b\d+(?:[.,]\d+)* ?(?:ms|s|min|B|bytes|KB|KiB|MB|MiB)\b"), "<size>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<address>"),
)


def tool(*command: str) -> str:
    """A checker from the environment; its output goes to the terminal."""
    if follow([VENV / "bin" / command[0], *command[1:]]):
        raise Halt(f"{' '.join(command)} found something")
    return ""


def migrations() -> str:
    """Models and migrations agree."""
    settings = {**os.environ, **EMBEDDED, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command: list[str | Path] = [PYTHON, ROOT / "manage.py", "makemigrations", "--check", "--dry-run"]
    if follow(command, settings):
        raise Halt("a model has changed without a migration")
    return ""


#: A file stays in one process, which makes its fixtures once.
SHARED = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")
#: Options that choose, or want the terminal for themselves.
CHOOSING = ("-k", "-m", "--deselect", "--lf", "--last-failed", "--ff", "--failed-first", "--sw", "--stepwise", "--pdb")


def is_whole(arguments: Sequence[str]) -> bool:
    """Whether no test was chosen by a path or an expression: only options."""
    return all(word.startswith("-") and not word.startswith(CHOOSING) for word in arguments)


def suite(arguments: Sequence[str], column: Mapping[str, str], collect: Sequence[str] = ()) -> str:
    """pytest on one column, shared by several processes when it is the whole. The note is pytest's own last line."""
    env = {**os.environ, **EMBEDDED, **column, "XINGLIN_COLLECT": ",".join(collect)}
    env.pop("XINGLIN_DATA", None)
    env["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    told: list[str] = [""]

    def hear(line: str) -> None:
        print(line, end="", flush=True)
        if found := SUMMARY.search(line):
            told.append(found.group(1) or found.group(2))

    try:
        shared = SHARED if is_whole(arguments) else ()
        status = follow([PYTHON, "-m", "pytest", *shared, *arguments], env, hear)
    except GaveUp as late:
        raise GaveUp(": ".join(filter(None, (str(late), told[-1])))) from None
    if status:
        raise Halt(told[-1] or f"pytest ended with status {status}")
    return told[-1]


def start_servers() -> str:
    """PostgreSQL, Redis and Elasticsearch, fetched when they are missing, with empty data."""
    for server in (postgresql, redis, elasticsearch):
        server.install()
        server.stop()
        server.Home(server.NAME).forget()
        server.start()
    return ", ".join(server.about().partition(" (")[0] for server in (postgresql, redis, elasticsearch))


def judges() -> str:
    """Programs that judge what we make, fetched when they are missing. Raises Halt."""
    verapdf.install()
    return verapdf.about().partition(" (")[0]


def stop_servers() -> None:
    for server in (elasticsearch, redis, postgresql):
        server.stop()


def production(database: str) -> dict[str, str]:
    """The addresses of the production column over a fresh database, an empty Redis and an empty search."""
    port = urlsplit(elasticsearch.url()).port or 9200
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    asking.request("DELETE", "/xinglin*")
    asking.getresponse().read()
    asking.close()
    return {
        "DATABASE_URL": postgresql.fresh(database),
        "BROKER_URL": redis.fresh(),
        "CACHE_URL": redis.url().removesuffix("/0") + "/1",
        "SEARCH_URL": elasticsearch.url(),
    }


def story(name: str, column: Mapping[str, str]) -> list[str]:
    """`bin/demo --once` on a data folder of its own. Returns its lines without ids, times and sizes."""
    told: list[str] = []

    def hear(line: str) -> None:
        told.append(line)
        print(line, end="", flush=True)

    with tempfile.TemporaryDirectory(prefix="xinglin-story-", ignore_cleanup_errors=True) as data:
        env = {**os.environ, **EMBEDDED, **column}
        command: list[str | Path] = [ROOT / "bin" / "demo", "--once", "--port", str(_free_port()), "--data", data]
        status = follow(command, env, hear)
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / f"story-{name}.txt").write_text("".join(told))
    if status:
        raise Halt(f"bin/demo --once ended with status {status}")
    return comparable("".join(told))


def comparable(text: str) -> list[str]:
    """The story's lines with what may differ between two runs replaced by a word."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip() and not line.startswith("set-up:")]
    for pattern, word in VARIABLE:
        lines = [pattern.sub(word, line) for line in lines]
    return lines


def same(embedded: list[str], on_servers: list[str]) -> str:
    """Both columns told the same story. Raises Halt with the first difference."""
    difference = [line for line in difflib.ndiff(embedded, on_servers) if line[:1] in "+-"]
    if difference:
        print("\n".join(difference))
        raise Halt(f"the columns differ in {len(difference)} lines, first: {difference[0][:150]}")
    return f"{len(embedded)} lines equal"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


def small_disk() -> str:
    """What makes a really small disk without root. Raises Halt when it is not here."""
    for program in ("bwrap", "nsenter"):
        if not shutil.which(program):
            raise Halt(f"no {program} here: sudo apt-get install bubblewrap util-linux")
    return "bubblewrap"


def browser() -> str:
    """The Chromium that the journeys drive. Raises Halt when there is none."""
    for folder in os.get_exec_path():
        for name in ("chromium", "chromium-browser", "google-chrome"):
            if os.access(Path(folder) / name, os.X_OK):
                return name
    raise Halt("no Chromium here: sudo apt-get install chromium fonts-noto-cjk")
