"""Whether production could use the addresses of its servers at all. Whether a server answers there is /readyz's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from redis import ConnectionPool
from redis.exceptions import RedisError

from config import environment as env

DATABASE_NAME_BYTES = 63  # of PostgreSQL
SPELLING = "a port is a number below 65536, and what is neither letter nor digit in a password is written as %XX"


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
    """A service of libpq's own file names server and database itself."""
    parts = split(url)
    if parts is None or _is_torn(parts):
        yield f"DATABASE_URL is no address: {SPELLING}"
        return
    if parts.scheme not in {"postgres", "postgresql"}:
        yield "DATABASE_URL is not a PostgreSQL address"
        return
    words, length = parse_qs(parts.query), len(unquote(parts.path[1:]).encode())
    if not (parts.hostname or "host" in words or "service" in words):
        yield "DATABASE_URL names no server: one of this machine is @localhost or ?host=/run/postgresql"
    if length > DATABASE_NAME_BYTES or not (length or "service" in words):
        yield "DATABASE_URL ends in no name of a database"


def _is_torn(parts: SplitResult) -> bool:
    """Whether a password ended the address early: its "@" comes after the "/" or "#" that stands in it."""
    return "@" in parts.fragment or ("@" in parts.path and "@" not in parts.netloc)


def _broker(name: str, url: str) -> Iterable[str]:
    """The client itself reads it, without calling anybody: it knows which words may follow a question mark."""
    if url.partition("://")[0].lower() not in {"redis", "rediss", "unix"} or "://" not in url:
        yield f"{name} is not an address of Redis or Valkey (redis://, rediss:// or unix://)"
        return
    parts = split(url)
    is_socket = parts is not None and parts.scheme == "unix"
    if parts is None or (not is_socket and _is_torn(parts)):
        yield f"{name} is no address: {SPELLING}"
    elif refusal := _refusal(url):
        is_torn = "@" in parts.query or not parts.query
        yield f"{name} is no address: {SPELLING}" if is_torn else f"{name} has after its question mark what {refusal}"
    elif not (parts.path if is_socket else parts.hostname):
        yield f"{name} names no server"
    elif not is_socket and not re.fullmatch("[0-9]*", number := parts.path.strip("/")):
        yield f"{name} ends in {number}, and a database of Redis or Valkey is a number"


def _refusal(url: str) -> str:
    try:
        ConnectionPool.from_url(url).make_connection()
    except (ValueError, TypeError, RedisError) as error:
        return f"its client does not take: {error}"
    return ""


def _search(url: str) -> Iterable[str]:
    parts = split(url)
    if not (parts and parts.scheme in {"http", "https"} and parts.hostname and parts.port):
        yield "SEARCH_URL is neither http://HOST:PORT nor https://HOST:PORT"
