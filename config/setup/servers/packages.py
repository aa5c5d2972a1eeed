"""Debian packages unpacked into a folder, without root and without installing. apt checks the archive's signatures."""

from __future__ import annotations

import platform
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config.setup.halt import Halt


def unpack(names: Sequence[str], tree: Path, *, instead: str) -> None:
    """Download and unpack. Raises Halt, ending in `instead` (what the person can do), when that is not possible."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Halt(f"This machine has no apt-get to fetch {names[0]} with. {instead}")
    with tempfile.TemporaryDirectory(prefix="xinglin-packages-") as folder:
        Path(folder).chmod(0o777)  # apt's own user writes here
        fetched = subprocess.run(
            ["apt-get", "download", "-qq", *names], cwd=folder, capture_output=True, text=True, check=False
        )
        if fetched.returncode:
            last = fetched.stderr.strip().splitlines()[-1:] or ["no output"]
            raise Halt(f"apt-get could not fetch {names[0]} ({last[0]}). {instead}")
        making = tree.with_name(tree.name + ".tmp")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        for package in sorted(Path(folder).glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", str(package), str(making)], check=True)
        shutil.rmtree(tree, ignore_errors=True)
        making.chmod(0o755)
        making.rename(tree)


def library_path(tree: Path) -> str:
    return str(tree / "usr" / "lib" / f"{platform.machine()}-linux-gnu")
