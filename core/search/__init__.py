"""One index for everything that can be found. Rows carry audience tokens; no patient data, ever."""

from typing import TYPE_CHECKING, Any

from core.search.contracts import PUBLIC, SIGNED_IN, Entry, Facet, Hit, Page, tokens_of
from core.search.errors import SearchUnavailable
from core.search.kinds import SearchKind, register_search_kind

if TYPE_CHECKING:
    from core.search.rebuilding import register_rebuilder
    from core.search.service import index, index_entry, remove_entries, remove_entry, search

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "Entry",
    "Facet",
    "Hit",
    "Page",
    "SearchKind",
    "SearchUnavailable",
    "index",
    "index_entry",
    "register_rebuilder",
    "register_search_kind",
    "remove_entries",
    "remove_entry",
    "search",
    "tokens_of",
]


def __getattr__(name: str) -> Any:
    """What needs the models is loaded when it is first used, after the app registry is ready."""
    if name in {"index", "index_entry", "remove_entries", "remove_entry", "search"}:
        from core.search import service

        return getattr(service, name)
    if name == "register_rebuilder":
        from core.search.rebuilding import register_rebuilder

        return register_rebuilder
    raise AttributeError(name)
