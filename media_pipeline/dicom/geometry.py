"""Where a slice lies and which way it faces (PS3.3, C.7.6.2.1.1; the patient's axes point left, back, head)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

AXES = (("L", "R"), ("P", "A"), ("H", "F"))
OPPOSITE = {"L": "R", "R": "L", "P": "A", "A": "P", "H": "F", "F": "H"}


def slice_position(orientation: Sequence[float], position: Sequence[float]) -> float | None:
    """Millimetres along the slice normal; None when the header does not say."""
    if len(orientation) != 6 or len(position) != 3:
        return None
    row, column = orientation[:3], orientation[3:]
    normal = (
        row[1] * column[2] - row[2] * column[1],
        row[2] * column[0] - row[0] * column[2],
        row[0] * column[1] - row[1] * column[0],
    )
    return sum(n * p for n, p in zip(normal, position, strict=True))


def direction_letter(vector: Sequence[float]) -> str:
    """The letter of the axis this direction points along most."""
    axis = max(range(3), key=lambda index: abs(vector[index]))
    return AXES[axis][0 if vector[axis] > 0 else 1]


def orientation_letters(orientation: Sequence[float], patient_orientation: Any) -> dict[str, str]:
    """Letters for the four edges of the picture, {} when unknown."""
    if len(orientation) == 6 and any(orientation):
        right, bottom = direction_letter(orientation[:3]), direction_letter(orientation[3:])
    else:
        given = [str(part)[:1] for part in patient_orientation or [] if str(part)[:1] in OPPOSITE]
        if len(given) != 2:
            return {}
        right, bottom = given
    return {"right": right, "left": OPPOSITE[right], "bottom": bottom, "top": OPPOSITE[bottom]}
