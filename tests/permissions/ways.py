"""Every way in by URL, and who may use it: the table in `ways.csv`, read and compared with the real addresses.

Columns: `name` (URL name), `method`, `access` and `kind`. `access` is "public", "signed_in" or the permission that a
role of the person must hold; several permissions are joined by "|". `kind` is "page" (no object), "object" (takes an
id; `objects.csv` says how each role is answered) or "leave" (ends the session, so it stands last). Library pages
(sign-in, Wagtail's admin) stand under their prefix, except the windows of it that are ours.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

TABLE = Path(__file__).with_name("ways.csv")
LIBRARY_PREFIXES = ("cms/", "accounts/", "_util/", "^((?:", "metrics", "readyz")
OWN_PREFIXES = ("cms/questions/",)
EXAMPLES: dict[str, Any] = {
    "UUIDConverter": uuid.UUID("01900000-0000-7000-8000-000000000000"),
    "IntConverter": 1,
    "SlugConverter": "nothing",
    "StringConverter": "nothing",
    "PathConverter": "nothing",
    "UidConverter": "1.2.3",
}


@dataclass(frozen=True, slots=True)
class Way:
    name: str
    method: str
    access: str
    kind: str

    @property
    def takes_object(self) -> bool:
        return self.kind == "object"

    def permissions(self) -> frozenset[str]:
        return frozenset(self.access.split("|"))


def listed() -> list[Way]:
    with TABLE.open(newline="") as file:
        return [Way(**row) for row in csv.DictReader(file)]


def walk(patterns: Any, prefix: str = "", space: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route, space + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield space + (pattern.name or route), route, pattern


def existing() -> dict[str, URLPattern]:
    """Our own URL names with their patterns; library pages are tested by their own rules."""
    return {
        name: pattern
        for name, route, pattern in walk(get_resolver().url_patterns)
        if route.startswith(OWN_PREFIXES) or not route.startswith(LIBRARY_PREFIXES)
    }


def address(name: str, pattern: URLPattern, known: dict[str, Any] | None = None) -> str:
    """The way's address with ids that name nothing, except those in `known`."""
    if not pattern.name:
        return f"/{pattern.pattern}"
    arguments = {
        key: (known or {}).get(key, EXAMPLES[type(converter).__name__])
        for key, converter in pattern.pattern.converters.items()
    }
    return reverse(name, kwargs=arguments)
