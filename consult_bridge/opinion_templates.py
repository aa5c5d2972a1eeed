"""Beginnings of opinions by modality: headings to fill in, never a finding."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class OpinionTemplate:
    """`modalities` are DICOM modality codes (0008,0060) for which it is offered first."""

    key: str
    label: str | Promise
    modalities: tuple[str, ...]
    findings: str | Promise
    impression: str | Promise = ""
    recommendation: str | Promise = ""


_RECOMMENDATION = _("Further examination:\nTreatment:\nFollow-up:")

TEMPLATES: dict[str, OpinionTemplate] = {
    template.key: template
    for template in (
        OpinionTemplate("general", _("General consult"), (), _("Basis:\nKey points:"), "", _RECOMMENDATION),
        OpinionTemplate(
            "echo",
            _("Echocardiography"),
            ("US",),
            _("Views:\nImage quality:\nChambers:\nWall motion:\nValves:\nPericardium:\nLimits of this study:"),
            "",
            _RECOMMENDATION,
        ),
        OpinionTemplate(
            "chest_ct",
            _("Chest CT"),
            ("CT",),
            _("Technique:\nLungs:\nMediastinum and hila:\nPleura:\nBones:\nComparison:"),
            "",
            _RECOMMENDATION,
        ),
        OpinionTemplate(
            "chest_film",
            _("Chest radiograph"),
            ("CR", "DX"),
            _("Projection and quality:\nLungs:\nHeart and mediastinum:\nPleura:\nBones:"),
            "",
            _RECOMMENDATION,
        ),
        OpinionTemplate(
            "head_mr",
            _("Head MR"),
            ("MR",),
            _("Sequences:\nParenchyma:\nVentricles and sulci:\nMidline:\nVessels:"),
            "",
            _RECOMMENDATION,
        ),
    )
}


def template_for(modalities: list[str]) -> OpinionTemplate:
    """The first template for one of the modalities, else the general one."""
    for template in TEMPLATES.values():
        if set(template.modalities) & set(modalities):
            return template
    return TEMPLATES["general"]
