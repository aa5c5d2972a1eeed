"""The front end: `frontend/dist` by Vite, with the machine's Node (20 or newer) or else the one in a pinned wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from config.setup.commands import run
from config.setup.environment import pinned_tool
from config.setup.folders import ROOT, TOOLS
from config.setup.halt import Halt
from config.setup.stamps import Stamp, digest, tree

FRONTEND = ROOT / "frontend"
OLDEST_NODE = (20, 19)


def prepare_frontend() -> None:
    """Install and build when a source or the lock has changed. Raises Halt when there is no Node and no wheel of it."""
    sources = tree(FRONTEND, without=("node_modules", "dist"))
    wanted = digest(sources)
    stamp = Stamp("frontend")
    if not (FRONTEND / "package.json").is_file() or (stamp.is_fresh(wanted) and (FRONTEND / "dist").is_dir()):
        return
    env = _node_path()
    _install(env)
    run("front end", ["npm", "run", "build"], cwd=FRONTEND, env=env)
    stamp.write(wanted)


def _install(env: dict[str, str]) -> None:
    wanted = digest([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    stamp = Stamp("xinglin-stamp", FRONTEND / "node_modules")
    if stamp.is_fresh(wanted):
        return
    verb = "ci" if (FRONTEND / "package-lock.json").is_file() else "install"
    run("front-end packages", ["npm", verb, "--ignore-scripts", "--no-audit", "--no-fund"], cwd=FRONTEND, env=env)
    stamp.write(wanted)


def _node_path() -> dict[str, str]:
    """PATH and npm's cache for a Node that is new enough. npm keeps its cache in the checkout's `build/`."""
    env = {"npm_config_update_notifier": "false"}
    if _version(shutil.which("node")) >= OLDEST_NODE and shutil.which("npm"):
        return env
    try:
        pinned_tool("node")
    except Halt as halt:
        needed = ".".join(map(str, OLDEST_NODE))
        raise Halt(f"There is no Node {needed} or newer here, and its wheel could not be installed. {halt}") from None
    return {**env, "PATH": f"{TOOLS / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def _version(node: str | None) -> tuple[int, ...]:
    if not node:
        return (0,)
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", answer)
    return tuple(map(int, found.groups())) if found else (0,)
