"""Two people open one form: whoever saves second is told, instead of writing over what the first has saved."""

from __future__ import annotations

import json

from core.crypto import digest
from core.errors import StaleForm


def mark_of(*values: str | bool | None) -> str:
    """Names a state without telling it. The form carries the mark of what was shown, the service compares."""
    return digest(json.dumps(values, ensure_ascii=False).encode())


def refuse_stale(seen: str, present: str) -> None:
    """Raises StaleForm when the state is no longer the one that was seen. A program that saw none sends "" ."""
    if seen and seen != present:
        raise StaleForm
