"""MinIO, an S3 store, built by Go from the module proxy at a pinned version (about five CPU minutes, once)."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
from pathlib import Path

from config.setup.halt import Halt
from config.setup.servers.process import Home

NAME = "minio"
MODULE = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"  # Go checks it against its checksum database
USER = "xinglin"


def install() -> None:
    """Raises Halt without Go or when the build fails."""
    home = Home(NAME)
    if (home.tree / "minio").exists():
        return
    go = shutil.which("go")
    if go is None:
        raise Halt("MinIO is built from source by Go 1.26 or newer. Install Go, see https://go.dev/doc/install")
    making = home.folder / "tree.tmp"
    env = {**os.environ, "GOBIN": str(making), "GOFLAGS": "-mod=mod -buildvcs=false"}
    done = subprocess.run(
        [go, "install", "-ldflags=-s -w", MODULE], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no output"]
        raise Halt(f"Go could not build MinIO: {last[0][:300]}")
    making.rename(home.tree)


def start() -> None:
    home = Home(NAME)
    if not (home.tree / "minio").exists():
        raise Halt(f"MinIO is not here. Run bin/services install {NAME}.")
    if home.pid():
        return
    home.prepare()
    env = {
        "MINIO_ROOT_USER": USER,
        "MINIO_ROOT_PASSWORD": home.password(),
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
        "MINIO_CI_CD": "1",
        "CI": "true",
    }
    address = f"127.0.0.1:{home.port()}"
    command: list[str | Path] = [home.tree / "minio", "server", "--quiet", "--address", address, home.state / "data"]
    home.wait(home.launch(command, env=env), lambda: _is_live(home.port()), 60)


def _is_live(port: int) -> bool:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        asking.request("GET", "/minio/health/live")
        return asking.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def stop() -> None:
    Home(NAME).stop()


def url() -> str:
    home = Home(NAME)
    return f"http://{USER}:{home.password()}@127.0.0.1:{home.port()}"


def is_running() -> bool:
    return bool(Home(NAME).pid())


def about() -> str:
    return f"MinIO ({MODULE.partition('@')[2]})" if (Home(NAME).tree / "minio").exists() else "not installed"
