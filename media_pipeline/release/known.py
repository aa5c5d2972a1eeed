"""One set of identifiers for a release: what the record knows and what every header knows."""

from __future__ import annotations

from collections.abc import Iterable

from media_pipeline import cage, stores
from media_pipeline.models import IdentifiedInstance

SECONDS = 60.0


def all_identifiers(
    recorded: dict[str, list[str]], instances: Iterable[IdentifiedInstance], *, zone: str
) -> dict[str, list[str]]:
    """The record's identifiers and those of all headers: a device knows a patient under other names and numbers.

    Texts and descriptors are both cleaned of all of them, so the headers are read before anything is cleaned.
    """
    known = {kind: dict.fromkeys(values) for kind, values in recorded.items()}
    for instance in instances:
        with stores.opened(stores.identified(), instance.path) as source:
            found = cage.call(
                "find_identifiers", zone=zone, files=[source.fileno()], arguments={}, seconds=SECONDS
            ).value
        for kind, values in found.items():
            known.setdefault(kind, {}).update(dict.fromkeys(values))
    return {kind: list(values) for kind, values in known.items()}
