"""Names of seeded patients, drawn from surnames and given names that the seeded staff do not use.

The canary patients carry names that occur nowhere else: a page, file or index outside the consult side that holds one
of them leaks.
"""

from __future__ import annotations

from random import Random

from consult_bridge.seed.scenarios import DATA

CANARY_NAMES = ("澹台霁雪", "尉迟鸣涧", "司徒拂霄")


def draw_name(rng: Random, sex: str, taken: frozenset[str]) -> str:
    """A patient's name that no member of staff has. Patients may share names, as in life."""
    while True:
        name = rng.choice(DATA["surnames"]) + rng.choice(DATA["women" if sex == "female" else "men"])
        if name not in taken:
            return name
