"""Put steps into their order: resuscitation, a referral, donning protective clothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessment.errors import StaleAnswers
from assessment.kinds.base import Kind, option_rows, printed_key


class Ordering(Kind):
    """`items` stand in the right order. Each neighbouring pair of the right order that the learner also put in that
    order, one anywhere after the other, earns its share; so a single step moved does not cost everything.
    """

    name = "ordering"
    label = _("Put in order")
    hint = _("Give each step its number.")
    rule = _("Each neighbouring pair in the right order earns its share of the points.")

    def own_fields(self, content: Mapping[str, Any], faults: dict[str, list[Any]]) -> dict[str, Any]:
        return {"items": option_rows(content, "items", faults)}

    def read(self, content: Mapping[str, Any], data: Mapping[str, Any], key: str) -> dict[str, Any]:
        names = {item["key"]: _name(key, item["key"]) for item in content["items"]}
        if any(field.startswith(f"{key}-") and field not in names.values() for field in data):
            raise StaleAnswers
        given = {item: str(data.get(name) or "") for item, name in names.items()}
        places = {k: int(v) for k, v in given.items() if v.isascii() and v.isdigit() and len(v) <= 2}
        return {"places": places} if places else {}

    def is_complete(self, content: Mapping[str, Any], response: Mapping[str, Any]) -> bool:
        return len(_places(response)) == len(content["items"])

    def share(self, content: Mapping[str, Any], response: Mapping[str, Any]) -> Fraction:
        """Two steps with the same number, or one without, are in no order: their pairs earn nothing."""
        places = _places(response)
        keys = [item["key"] for item in content["items"]]
        pairs = list(pairwise(keys))
        held = sum(1 for a, b in pairs if a in places and b in places and places[a] < places[b])
        return Fraction(held, len(pairs))

    def perfect(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"places": {item["key"]: i for i, item in enumerate(content["items"], 1)}}

    def present(
        self, content: Mapping[str, Any], response: Mapping[str, Any], *, key: str, seed: str, shows_key: bool
    ) -> dict[str, Any]:
        """Items in an order that depends on `seed` only, so that a reload does not shuffle them again. Their stored
        keys follow the right order, so none leaves the house: a form's fields are named by `_name`.
        """
        places = _places(response)
        rows: list[dict[str, Any]] = [
            {"text": item["text"], "name": _name(key, item["key"]), "place": places.get(item["key"])}
            for item in content["items"]
        ]
        if shows_key:
            rows = [row | {"right": i, "is_right": row["place"] == i} for i, row in enumerate(rows, 1)]
        else:
            rows.sort(key=lambda row: hashlib.sha256(f"{seed}:{row['text']}".encode()).digest())
        return {"items": rows, "numbers": list(range(1, len(rows) + 1))}


def _name(key: str, item_key: str) -> str:
    return f"{key}-{printed_key(key, item_key)}"


def _places(response: Mapping[str, Any]) -> dict[str, int]:
    places = response.get("places")
    if not isinstance(places, Mapping):
        return {}
    return {k: v for k, v in places.items() if isinstance(v, int) and not isinstance(v, bool)}
