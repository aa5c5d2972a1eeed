"""Which backend answers: Elasticsearch when `settings.XINGLIN_SEARCH_URL` is set, else the database itself."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from django.conf import settings

from core.search.contracts import Backend
from core.search.database import DatabaseBackend


@lru_cache(maxsize=4)
def _elastic(url: str) -> Backend:
    from core.search.elastic import ElasticBackend

    return cast(Backend, ElasticBackend(url))


def backend() -> Backend:
    return _elastic(settings.XINGLIN_SEARCH_URL) if is_remote() else DatabaseBackend()


def is_remote() -> bool:
    """Whether the index lies outside the database and follows it by jobs."""
    return bool(settings.XINGLIN_SEARCH_URL)
