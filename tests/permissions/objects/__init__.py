"""One real object for every way in that takes an id, made in county A by the services its own people would use.

Each module offers `targets(house)`: URL name -> `Target`; "name@state" is a second object behind the same way, in
another state. `objects.csv`, one folder up, says how each role is answered.
"""

from __future__ import annotations

from tests.permissions.objects import consults, courses, people, teaching
from tests.permissions.objects.house import House, Target

ROOMS = (consults, teaching, courses, people)

__all__ = ["House", "Target", "all_targets"]


def all_targets(house: House) -> dict[str, Target]:
    """URL name -> the object in county A. A name that two rooms give is a mistake."""
    found: dict[str, Target] = {}
    for room in ROOMS:
        made = room.targets(house)
        assert not found.keys() & made.keys()
        found |= made
    return found
