"""A really small disk: a tmpfs of its own size in a mount namespace of its own, which needs no root.

bubblewrap makes it and a sleeper holds it; `nsenter` (util-linux) runs programs that see it. Its files are reached from
outside through the sleeper's root.
"""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.processes import wait_until

MEGABYTE = 2**20
BALLAST = "ballast"


class SmallDisk:
    """`folder` is the mount point as programs on the disk see it."""

    def __init__(self, folder: Path, size: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        command = ["bwrap", "--dev-bind", "/", "/", "--size", str(size), "--tmpfs", str(folder), "--die-with-parent"]
        self._bubblewrap = subprocess.Popen([*command, "sleep", "infinity"])
        wait_until(self._is_there, 10)

    @property
    def outside(self) -> Path:
        """The same folder as this process sees it. Not for SQLite, which follows the link in it to our own root."""
        return Path(f"/proc/{self._sleeper()}/root{self.folder}")

    @property
    def entering(self) -> list[str]:
        """What stands before a command that is to run on the disk; it becomes the command, with the same process id."""
        space = f"/proc/{self._sleeper()}/ns"
        entering = ["nsenter", f"--mount={space}/mnt", "--preserve-credentials"]
        if Path(f"{space}/user").readlink() != Path("/proc/self/ns/user").readlink():
            entering.append(f"--user={space}/user")
        return [*entering, "--"]

    def free(self) -> int:
        """Free bytes."""
        found = os.statvfs(self.outside)
        return found.f_bavail * found.f_frsize

    @contextmanager
    def filled(self, leaving: int = 0) -> Iterator[None]:
        """Full but for `leaving` bytes while it lasts."""
        try:
            self.fill(leaving)
            yield
        finally:
            self.empty()

    def fill(self, leaving: int = 0) -> None:
        """Write until nothing more goes in; what services grow into in the meantime is taken as well."""
        with (self.outside / BALLAST).open("ab", buffering=0) as ballast:
            while (size := min(MEGABYTE, self.free() - leaving)) > 0:
                try:
                    ballast.write(b"\0" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def empty(self) -> None:
        (self.outside / BALLAST).unlink(missing_ok=True)

    def remove(self) -> None:
        self._bubblewrap.kill()
        self._bubblewrap.wait()

    def _is_there(self) -> bool:
        sleeper = self._sleeper()
        return bool(sleeper) and f" {self.folder} " in Path(f"/proc/{sleeper}/mountinfo").read_text()

    def _sleeper(self) -> int:
        children = Path(f"/proc/{self._bubblewrap.pid}/task/{self._bubblewrap.pid}/children").read_text().split()
        return int(children[0]) if children else 0
