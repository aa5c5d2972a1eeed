"""Whether a volume may let a face be rebuilt (PS3.15, E.3.2: Clean Recognizable Visual Features)."""

from __future__ import annotations

import re
from typing import Any

VOLUMES = frozenset({"CT", "MR", "PT"})
HEAD = frozenset({"HEAD", "BRAIN", "SKULL", "FACE", "ORBIT", "HEADNECK", "NECK", "EAR", "SINUS", "NOSE", "WHOLEBODY"})
WORDS = re.compile(r"head|brain|skull|face|neck|orbit|sinus|mprage|头|颅|脑|面|颈|眼|鼻", re.IGNORECASE)


def may_show_face(header: dict[str, Any]) -> bool:
    """True for a cross-sectional object of the head, and for one that does not say what it shows."""
    if str(header.get("modality")) not in VOLUMES:
        return False
    body_part = str(header.get("body_part") or "").upper().replace(" ", "")
    described = f"{header.get('study_description', '')} {header.get('series_description', '')}"
    return not body_part or body_part in HEAD or bool(WORDS.search(described))
