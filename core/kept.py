"""What is kept in the cache only because that is quick: pages, counts, "this was noted a moment ago".

A broker whose disk is full answers reads and refuses writes. What can be made again is then made again, so that people
go on reading; what must not be lost (a session, how often somebody guessed a password) is written to the cache directly
and fails with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ResponseError

from core.full_disk import is_full_disk


def keep(key: str, value: Any, seconds: int | None) -> None:
    with _refusal_taken():
        cache.set(key, value, seconds)


def forget(key: str) -> None:
    """At once, or, on a full disk, when its time is over."""
    with _refusal_taken():
        cache.delete(key)


def is_first(key: str, seconds: int) -> bool:
    """Whether nobody has asked this within `seconds`. On a full disk every new one is: once more, never less."""
    with _refusal_taken():
        return cache.get(key) is None and bool(cache.add(key, 1, seconds))
    return True


def count_up(key: str, seconds: int | None) -> int:
    """How often this was asked since the first time, at most `seconds` ago (None: ever); 0 on a full disk."""
    with _refusal_taken():
        cache.add(key, 0, seconds)
        return int(cache.incr(key))
    return 0


class Cache(RedisCache):
    """Django's own. What Wagtail keeps in it (where its sites begin, pictures' addresses) can be made again, too."""

    def set(self, key: str, *args: Any, **kwargs: Any) -> None:
        if not key.startswith("wagtail"):
            super().set(key, *args, **kwargs)
            return
        with _refusal_taken():
            super().set(key, *args, **kwargs)

    def set_many(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> list[str]:
        with _refusal_taken():
            return list(super().set_many(data, *args, **kwargs))
        return list(data)


@contextmanager
def _refusal_taken() -> Iterator[None]:
    try:
        yield
    except ResponseError as error:
        if not is_full_disk(error):
            raise
