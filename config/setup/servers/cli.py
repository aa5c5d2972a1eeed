"""`bin/services install|start|stop|url|status NAME...`."""

from __future__ import annotations

import argparse
import sys
from types import ModuleType

from config.setup.servers import elasticsearch, minio, postgresql, redis, verapdf

SERVERS: dict[str, ModuleType] = {module.NAME: module for module in (postgresql, redis, elasticsearch, minio, verapdf)}


def main() -> int:
    """Raises Halt with one sentence when a server cannot be installed or started."""
    parser = argparse.ArgumentParser(
        prog="bin/services",
        description="Real servers for tests and trials, on 127.0.0.1, in one folder outside the checkout.",
    )
    parser.add_argument("action", choices=["install", "start", "stop", "url", "status", "reset"])
    parser.add_argument("names", metavar="NAME", nargs="*", choices=[*SERVERS, []], help=", ".join(SERVERS))
    chosen = parser.parse_args(sys.argv[1:])
    if not chosen.names and chosen.action != "status":
        parser.error("name at least one of: " + ", ".join(SERVERS))
    for name in chosen.names or SERVERS:
        print(act(chosen.action, name), flush=True)
    return 0


def act(action: str, name: str) -> str:
    """Do one thing with one server and say what it is now."""
    server = SERVERS[name]
    if action == "url":
        return str(server.url())
    if action == "install":
        server.install()
    elif action == "start":
        server.install()
        server.start()
    elif action in {"stop", "reset"}:
        server.stop()
    if action == "reset":
        server.Home(name).forget()
    if name == verapdf.NAME:
        return f"{name}: {server.about()}"
    state = "running" if server.is_running() else "stopped"
    return f"{name}: {state}, {server.about()}"
