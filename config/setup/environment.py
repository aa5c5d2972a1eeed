"""The Python environment: `.venv` with exactly what the lock names, by uv, which itself comes from a pinned wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from config.setup.commands import run
from config.setup.folders import BUILD, PYTHON, ROOT, TOOLS, VENV
from config.setup.halt import Halt
from config.setup.stamps import Stamp, digest

REQUIREMENTS = ROOT / "requirements"
SPACE_NEEDED = 2_500_000_000  # bytes, for the environment, the front end and the cached data of a first start


def prepare_environment(*, with_tests: bool) -> None:
    """Make `.venv` what `requirements/base.txt` (or `dev.txt`) says. An environment for tests serves the demo too.

    A `.venv` that is a symbolic link belongs to somebody else and is used as it is.
    Raises Halt when Python has no venv module, the disk is nearly full or the index cannot be reached.
    """
    if VENV.is_symlink():
        if not PYTHON.exists():
            raise Halt(f"{VENV} is a link to an environment that is not there. Remove the link and start again.")
        return
    stamp = Stamp("xinglin-stamp", VENV)
    wanted = {name: _digest(name) for name in ("base", "dev")}
    if PYTHON.exists() and stamp.is_fresh(wanted["dev"]):
        return
    if PYTHON.exists() and not with_tests and stamp.is_fresh(wanted["base"]):
        return
    had_tests = (VENV / "bin" / "pytest").exists()
    name = "dev" if with_tests or had_tests else "base"
    uv = _uv()
    if not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        run("environment", [sys.executable, "-m", "venv", "--without-pip", VENV])
    command: list[str | Path] = [
        uv,
        "pip",
        "sync",
        "--quiet",
        "--compile-bytecode",
        "--require-hashes",
        "--python",
        PYTHON,
    ]
    run("packages", [*command, REQUIREMENTS / f"{name}.txt"], env=_uv_settings())
    stamp.write(wanted[name])


def tool_environment() -> None:
    """`build/tools`: a second small environment with pip, for uv and, where the machine has no Node, for Node."""
    if (TOOLS / "bin" / "pip").exists():
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Halt("This Python has no venv module. On Debian or Ubuntu: sudo apt-get install python3-venv")
    if shutil.disk_usage(BUILD).free < SPACE_NEEDED:
        raise Halt("The disk is nearly full. Set-up needs about 3 GB; free some space and run the command again.")
    shutil.rmtree(TOOLS, ignore_errors=True)
    run("tools", [sys.executable, "-m", "venv", TOOLS])


def pinned_tool(name: str) -> None:
    """Install `requirements/NAME.txt` into the tool environment by pip, hashes checked."""
    stamp = Stamp(f"xinglin-{name}", TOOLS)
    wanted = digest([REQUIREMENTS / f"{name}.txt"], sys.version)
    tool_environment()
    if stamp.is_fresh(wanted):
        return
    pip: list[str | Path] = [TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(f"tool {name}", [*pip, "--require-hashes", "--no-deps", "-r", REQUIREMENTS / f"{name}.txt"])
    stamp.write(wanted)


def _uv() -> str:
    pinned_tool("uv")
    return str(TOOLS / "bin" / "uv")


def _digest(name: str) -> str:
    return digest([REQUIREMENTS / f"{name}.txt"], sys.version, str(ROOT))


def _uv_settings() -> dict[str, str]:
    """uv follows the index and the certificates that the person has set for pip, unless uv has its own."""
    chosen = {"UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "hardlink"), "UV_NO_PROGRESS": "1"}
    for theirs, ours in (
        ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
        ("PIP_EXTRA_INDEX_URL", "UV_INDEX"),
        ("PIP_CERT", "SSL_CERT_FILE"),
    ):
        if os.environ.get(theirs) and not os.environ.get(ours):
            chosen[ours] = os.environ[theirs]
    return chosen
