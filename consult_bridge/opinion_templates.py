"""Beginnings of opinions and imaging reports by modality: headings to fill in, never a finding."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


@dataclass(frozen=True, slots=True)
class ReportTemplate:
    """The beginning of an imaging report: how the study was made, and what is looked at in order."""

    key: str
    label: str | Promise
    modalities: tuple[str, ...]
    technique: str | Promise
    findings: str | Promise


REPORT_TEMPLATES: dict[str, ReportTemplate] = {
    template.key: template
    for template in (
        ReportTemplate(
            "general",
            pgettext_lazy("imaging", "General"),
            (),
            _("How the study was made:\nQuality:"),
            _("Findings in order:\nNot assessable:"),
        ),
        ReportTemplate(
            "echo",
            _("Echocardiography"),
            ("US",),
            _("Views:\nMode (grey-scale, colour, spectral Doppler):\nECG on screen:\nImage quality:"),
            _("Left ventricle:\nRight ventricle:\nAtria:\nValves:\nPericardium:\nNot assessable:"),
        ),
        ReportTemplate(
            "ct",
            pgettext_lazy("imaging", "CT"),
            ("CT",),
            _("Region and range:\nContrast medium:\nSlice thickness and reconstructions:"),
            _("Findings by organ:\nBones and soft tissue:\nIncidental:\nNot assessable:"),
        ),
        ReportTemplate(
            "film",
            pgettext_lazy("imaging", "Chest radiograph"),
            ("CR", "DX"),
            _("Projection and position:\nQuality:"),
            _("Lungs:\nHeart and mediastinum:\nPleura:\nBones:\nLines and tubes:"),
        ),
        ReportTemplate(
            "head_mr",
            _("Head MR"),
            ("MR",),
            _("Sequences and planes:\nContrast medium:\nQuality:"),
            _("Parenchyma:\nVentricles and sulci:\nMidline:\nPosterior fossa:\nNot assessable:"),
        ),
    )
}


def template_for(modalities: list[str]) -> OpinionTemplate:
    """The first template for one of the modalities, else the general one."""
    return next((t for t in TEMPLATES.values() if set(t.modalities) & set(modalities)), TEMPLATES["general"])


def report_template_for(modalities: list[str]) -> ReportTemplate:
    """As `template_for`, for an imaging report."""
    found = (t for t in REPORT_TEMPLATES.values() if set(t.modalities) & set(modalities))
    return next(found, REPORT_TEMPLATES["general"])
