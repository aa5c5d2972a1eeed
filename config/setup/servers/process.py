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
from pathlib import Path
from typing import Any

from config.setup.halt import Halt

NOBODY = 65534


def services_folder() -> Path:
    """`XDG_CACHE_HOME` or `~/.cache`; for root `/var/cache`, since servers run as nobody and cannot enter /root."""
    base = os.environ.get("XDG_CACHE_HOME") or ("/var/cache" if os.geteuid() == 0 else Path.home() / ".cache")
    return Path(base) / "xinglin" / "services"


class Home:
    """The folder of one server: `tree/` what was installed, `state/` its data, address and process id."""

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
        try:
            number = int(self._pid_file.read_text())
            os.kill(number, 0)
        except (OSError, ValueError):
            return 0
        return 0 if _is_zombie(number) else number

    def launch(
        self, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start the server in a session of its own."""
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
        self._pid_file.write_text(str(process.pid))
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
                return
            if process.poll() is not None:
                break
            time.sleep(0.1)
        self.stop()
        raise Halt(f"{self.name} did not start within {seconds:.0f} s. Its log: {self.log}")

    def stop(self, number: int = signal.SIGTERM, seconds: float = 30.0) -> None:
        """Stop in good order, by force when it takes too long."""
        pid = self.pid()
        if pid:
            os.kill(pid, number)
            end = time.monotonic() + seconds
            while self.pid() and time.monotonic() < end:
                time.sleep(0.05)
            if self.pid():
                os.killpg(pid, signal.SIGKILL)
        self._pid_file.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove the data; the next start is a fresh one."""
        shutil.rmtree(self.state, ignore_errors=True)

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


def _is_zombie(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
