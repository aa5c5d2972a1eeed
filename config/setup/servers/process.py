"""Where a server lives and how it is started and stopped: loopback only, never as root."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.setup.halt import Halt
from core import processes

NOBODY = 65534
BY_FORCE = 5.0  # seconds that the kernel may take to end what was killed


def services_folder() -> Path:
    """`XDG_CACHE_HOME` or `~/.cache`; for root `/var/cache`, since servers run as nobody and cannot enter /root."""
    base = os.environ.get("XDG_CACHE_HOME") or ("/var/cache" if os.geteuid() == 0 else Path.home() / ".cache")
    return Path(base) / "xinglin" / "services"


class Home:
    """The folder of one server: `tree/` what was installed, `state/` its data, address and processes.

    The folder outlives the machine's start and a container's life, and numbers of processes are given out again. So
    `state/pid` says which process it was (`core.processes`), first the server, then the others of its group.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = services_folder() / name
        self.tree = self.folder / "tree"
        self.state = self.folder / "state"
        self.log = self.state / "server.log"
        self._pid_file = self.state / "pid"

    def prepare(self) -> None:
        """Make the state folder, owned by whoever the server runs as."""
        self.state.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(self.state, NOBODY, NOBODY)

    def give(self, path: Path) -> Path:
        """Hand a path below the state folder to the server's user."""
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)
        return path

    def port(self) -> int:
        """A free port, chosen once and kept."""
        return int(self._kept("port", _free_port))

    def password(self) -> str:
        """A password made once; only this machine's user can read it."""
        return self._kept("password", lambda: secrets.token_urlsafe(18))

    def pid(self) -> int:
        """The process id while the server runs, else 0."""
        return processes.living(self._tokens()[0])

    def launch(
        self, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start the server in a session of its own. What an earlier one that died left of its group ends before."""
        self.stop()
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd or self.state,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(self.state), **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **demoted(),
            )
        self._note(process.pid)
        return process

    def run(self, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> None:
        """Run a helper of the server to its end. Raises Halt with its last line when it fails."""
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.state,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(self.state), **(env or {})},
            capture_output=True,
            text=True,
            check=False,
            **demoted(),
        )
        if done.returncode:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no output"]
            raise Halt(f"{self.name}: {Path(str(command[0])).name} failed: {last[0]}")

    def wait(self, process: subprocess.Popen[bytes], answers: Callable[[], bool], seconds: float) -> None:
        """Wait until the server answers. Raises Halt when it ends or stays silent."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if answers():
                self._note(process.pid)
                return
            if process.poll() is not None:
                break
            time.sleep(0.1)
        self.stop()
        raise Halt(f"{self.name} did not start within {seconds:.0f} s. Its log: {self.log}")

    def stop(self, number: int = signal.SIGTERM, seconds: float = 30.0) -> None:
        """Stop in good order, the server before what it started, by force when it takes too long."""
        leader, *others = self._tokens()
        others += _group(leader)
        end = time.monotonic() + seconds
        _end([leader], number, end)
        _end(others, number, end)
        _end([leader, *others, *_group(leader)], signal.SIGKILL, time.monotonic() + BY_FORCE)
        self._pid_file.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove the data; the next start is a fresh one."""
        shutil.rmtree(self.state, ignore_errors=True)

    def _note(self, leader: int) -> None:
        token = processes.token_of(leader)
        others = [other for other in processes.group_of(leader) if other != token]
        self._pid_file.write_text("\n".join([token, *others]))

    def _tokens(self) -> list[str]:
        """The server's token, or "" where none is known, then those of its group."""
        try:
            noted = self._pid_file.read_text(errors="replace").splitlines() or [""]
        except OSError:
            return [""]
        return [self._former(int(noted[0]))] if noted[0].isdecimal() else noted

    def _former(self, pid: int) -> str:
        """A version before this one noted the number alone: it counts where the command line names our state."""
        try:
            command = Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        except OSError:
            return ""
        names = (f"{self.state}/", f"127.0.0.1:{self.port()}")  # Redis puts its address in the place of its arguments
        return processes.token_of(pid) if any(name in command for name in names) else ""

    def _kept(self, name: str, make: Callable[[], object]) -> str:
        path = self.state / name
        if not path.is_file():
            self.prepare()
            path.touch(mode=0o600)
            path.write_text(str(make()))
        return path.read_text().strip()


def demoted() -> dict[str, Any]:
    """Keyword arguments for subprocess: as root, run as nobody."""
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def answers_on(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


def _end(tokens: Sequence[str], number: int, end: float) -> None:
    """Signal those that live and wait until none does, or for the moment `end` (monotonic)."""
    for token in tokens:
        if pid := processes.living(token):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
    while any(map(processes.living, tokens)) and time.monotonic() < end:
        time.sleep(0.05)


def _group(leader: str) -> list[str]:
    pid = processes.living(leader)
    return processes.group_of(pid) if pid else []
