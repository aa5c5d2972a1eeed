"""Window presets (centre, width) by modality, the first three on the keys 1 to 3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

HEAD = frozenset({"HEAD", "BRAIN", "SKULL", "FACE", "ORBIT", "HEADNECK", "NECK", "EAR", "SINUS", "NOSE", "WHOLEBODY"})


@dataclass(frozen=True, slots=True)
class Preset:
    """Centre and width in the header's output units (HU for CT)."""

    name: str
    label: str | Promise
    centre: float
    width: float


LUNG = Preset("lung", _("Lung"), -600, 1500)
MEDIASTINUM = Preset("mediastinum", _("Mediastinum"), 40, 400)
BONE = Preset("bone", _("Bone"), 400, 1800)
BRAIN = Preset("brain", _("Brain"), 40, 80)
ABDOMEN = Preset("abdomen", _("Abdomen"), 50, 350)


def automatic(window: dict[str, float] | None) -> list[Preset]:
    """The way back for a picture without any preset: the window that it is shown with by default."""
    label = pgettext_lazy("window of an image", "Automatic")
    return [Preset("automatic", label, window["centre"], window["width"])] if window else []


def presets_for(modality: str, body_part: str, facts: dict[str, Any]) -> list[Preset]:
    """CT has the usual windows, the body part's own first; others have what the device wrote into the header.

    The usual windows are in HU: without a known rescale to HU (a map of blood flow, a screen shot) they show nothing
    true. Objects that were stored before this was noted count as plain CT.
    """
    if modality == "CT" and facts.get("is_hounsfield", True):
        part = body_part.upper()
        if part in HEAD:
            return [BRAIN, BONE, MEDIASTINUM]
        return [ABDOMEN, LUNG, BONE] if part in {"ABDOMEN", "LIVER", "PELVIS"} else [LUNG, MEDIASTINUM, BONE]
    given = facts.get("windows") or []
    return [
        Preset(f"header{number}", window.get("name") or _("As acquired"), window["centre"], window["width"])
        for number, window in enumerate(given[:3], start=1)
    ]
