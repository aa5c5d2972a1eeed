"""Whether production could use the addresses of its servers at all. Whether a server answers there is /readyz's."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from redis import ConnectionPool
from redis.exceptions import RedisError

from config import environment as env

DATABASE_NAME_BYTES = 63  # of PostgreSQL


def server_faults() -> Iterable[str]:
    """A sentence for each. None repeats an address: it may hold a password."""
    yield from _database(env.text("DATABASE_URL"))
    for name in ("BROKER_URL", "CACHE_URL"):
        if url := env.text(name):
            yield from _broker(name, url)
    if url := env.text("SEARCH_URL"):
        yield from _search(url)


def split(url: str) -> SplitResult | None:
    """The parts of an address, or None where it has none: brackets that never close, a port that is no port."""
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _database(url: str) -> Iterable[str]:
    parts = split(url)
    if parts is None:
        yield "DATABASE_URL is no address: what is neither letter nor digit in a password is written as %XX"
        return
    if parts.scheme not in {"postgres", "postgresql"}:
        yield "DATABASE_URL is not a PostgreSQL address"
        return
    if not (parts.hostname or "host" in parse_qs(parts.query)):
        yield "DATABASE_URL names no server: one of this machine is @localhost or ?host=/run/postgresql"
    if not 0 < len(unquote(parts.path[1:]).encode()) <= DATABASE_NAME_BYTES:
        yield "DATABASE_URL ends in no name of a database"


def _broker(name: str, url: str) -> Iterable[str]:
    """The client itself reads it, without calling anybody: it knows which words may follow a question mark."""
    parts = split(url)
    try:
        ConnectionPool.from_url(url).make_connection()
    except (ValueError, TypeError, RedisError):
        parts = None
    if parts is None:
        yield f"{name} is not an address of Redis or Valkey (redis://, rediss:// or unix://)"
        return
    is_socket = parts.scheme == "unix"
    if not (parts.path if is_socket else parts.hostname):
        yield f"{name} names no server"
    number = parts.path.strip("/")
    if not is_socket and number and not (number.isascii() and number.isdigit()):
        yield f"{name} ends in {number}, and a database of Redis or Valkey is a number"


def _search(url: str) -> Iterable[str]:
    parts = split(url)
    if not (parts and parts.scheme in {"http", "https"} and parts.hostname and parts.port):
        yield "SEARCH_URL is neither http://HOST:PORT nor https://HOST:PORT"
