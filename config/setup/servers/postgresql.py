"""PostgreSQL: the machine's own (15 or newer), else Debian's packages unpacked into the services folder."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from config.setup.halt import Halt
from config.setup.servers.packages import library_path, unpack
from config.setup.servers.process import Home, answers_on

NAME = "postgresql"
PACKAGES = ("postgresql-15", "postgresql-client-15", "libpq5", "libxml2", "libxslt1.1", "libicu72", "libldap-2.5-0")
INSTEAD = "Install it with: sudo apt-get install postgresql"
OLDEST = 15
# A test's database is worth nothing after a power cut, so it need not survive one.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off", "max_connections=60")


def _programs(home: Home) -> Path | None:
    for base in (Path("/usr/lib/postgresql"), home.tree / "usr" / "lib" / "postgresql"):
        versions = [path for path in base.glob("*") if path.name.isdigit() and int(path.name) >= OLDEST]
        for version in sorted(versions, key=lambda path: int(path.name), reverse=True):
            if (version / "bin" / "initdb").exists() and (version / "bin" / "postgres").exists():
                return version / "bin"
    return None


def _environment(home: Home) -> dict[str, str]:
    return {"LD_LIBRARY_PATH": library_path(home.tree), "PGPASSWORD": home.password()}


def install() -> None:
    home = Home(NAME)
    if _programs(home) is None:
        unpack(PACKAGES, home.tree, instead=INSTEAD)


def start() -> None:
    home = Home(NAME)
    programs = _programs(home)
    if programs is None:
        raise Halt(f"PostgreSQL is not here. Run bin/services install {NAME}. {INSTEAD}")
    if home.pid():
        return
    home.prepare()
    data, env, port = home.state / "data", _environment(home), home.port()
    is_new = not (data / "PG_VERSION").exists()
    if is_new:
        _initialise(home, programs, data)
    settings = (f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *SETTINGS)
    process = home.launch([programs / "postgres", "-D", data, *_options(settings)], env=env)
    ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    home.wait(process, lambda: answers_on(port) and _succeeds(home, ready), 60)
    if is_new:
        address = ["-h", "127.0.0.1", "-p", str(port), "-U", "xinglin"]
        home.run([programs / "createdb", *address, "xinglin"], env=env)


def _options(settings: Sequence[str]) -> list[str]:
    return [word for setting in settings for word in ("-c", setting)]


def _initialise(home: Home, programs: Path, data: Path) -> None:
    secret = home.state / "initial-password"
    secret.touch(mode=0o600)
    secret.write_text(home.password() + "\n")
    home.give(secret)
    words = ["-U", "xinglin", "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    home.run([programs / "initdb", "-D", data, "--pwfile", secret, *words], env=_environment(home))
    secret.unlink()


def _succeeds(home: Home, command: list[str]) -> bool:
    try:
        home.run(command, env=_environment(home))
    except Halt:
        return False
    return True


def stop() -> None:
    """A fast shutdown: sessions are ended, data is written."""
    Home(NAME).stop(signal.SIGINT)


def url() -> str:
    home = Home(NAME)
    return f"postgres://xinglin:{home.password()}@127.0.0.1:{home.port()}/xinglin"


def fresh(database: str) -> str:
    """The address of an empty database of that name. Raises Halt when somebody else is connected to the old one."""
    home = Home(NAME)
    programs = _programs(home)
    if programs is None:
        raise Halt(f"PostgreSQL is not here. Run bin/services install {NAME}. {INSTEAD}")
    address = ["-h", "127.0.0.1", "-p", str(home.port()), "-U", "xinglin"]
    home.run([programs / "dropdb", *address, "--if-exists", database], env=_environment(home))
    home.run([programs / "createdb", *address, database], env=_environment(home))
    return url().removesuffix("/xinglin") + f"/{database}"


def is_running() -> bool:
    return bool(Home(NAME).pid())


def about() -> str:
    programs = _programs(Home(NAME))
    return f"PostgreSQL {programs.parent.name} ({os.fspath(programs)})" if programs else "not installed"
