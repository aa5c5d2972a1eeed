"""What the kinds of findable things are called on the page, registered by their owners in `AppConfig.ready`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class SearchKind:
    """`label` is the plural ("Teaching cases"), `icon` a name of `frontend/icons.txt`."""

    name: str
    label: str | Promise
    icon: str = "file-text"
    order: int = 50


_kinds: dict[str, SearchKind] = {}


def register_search_kind(kind: SearchKind) -> None:
    _kinds[kind.name] = kind


def search_kind(name: str) -> SearchKind:
    """A kind whose owner said nothing is shown by its own name, last."""
    return _kinds.get(name) or SearchKind(name, name.replace("_", " ").capitalize(), order=99)
