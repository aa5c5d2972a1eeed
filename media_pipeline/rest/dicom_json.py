"""Rows as DICOM JSON (PS3.18, F.2) with the attributes QIDO-RS promises (PS3.18, 10.6.3)."""

from __future__ import annotations

from typing import Any

from media_pipeline.rest.sides import Side

JSON = "application/dicom+json"
Attributes = dict[str, dict[str, Any]]


def attribute(vr: str, *values: Any) -> dict[str, Any]:
    """One attribute; an empty value leaves `Value` out, as the model says."""
    given = [value for value in values if value not in (None, "")]
    if not given:
        return {"vr": vr}
    return {"vr": vr, "Value": [{"Alphabetic": value} for value in given] if vr == "PN" else given}


def study_attributes(side: Side, study: Any, address: str) -> Attributes:
    name, patient_id = side.patient(study)
    return {
        "00080020": attribute("DA", study.study_date.strftime("%Y%m%d") if study.study_date else ""),
        "00080030": attribute("TM", study.study_time),
        "00080050": attribute("SH", getattr(study, "accession_number", "")),
        "00080056": attribute("CS", "ONLINE"),
        "00080061": attribute("CS", *study.modalities.split("\\")),
        "00081030": attribute("LO", study.description),
        "00081190": attribute("UR", f"{address}/studies/{study.study_uid}"),
        "00100010": attribute("PN", name),
        "00100020": attribute("LO", patient_id),
        "00100030": attribute("DA", getattr(study, "patient_birth_date", "")),
        "00100040": attribute("CS", study.patient_sex),
        "0020000D": attribute("UI", study.study_uid),
        "00201206": attribute("IS", study.series_count),
        "00201208": attribute("IS", study.instance_count),
    }


def series_attributes(series: Any, address: str) -> Attributes:
    return {
        "00080060": attribute("CS", series.modality),
        "0008103E": attribute("LO", series.description),
        "00081190": attribute("UR", f"{address}/studies/{series.study.study_uid}/series/{series.series_uid}"),
        "0020000D": attribute("UI", series.study.study_uid),
        "0020000E": attribute("UI", series.series_uid),
        "00200011": attribute("IS", series.number),
        "00201209": attribute("IS", series.instance_count),
    }


def instance_attributes(instance: Any, address: str) -> Attributes:
    study_uid, series_uid = instance.series.study.study_uid, instance.series.series_uid
    place = f"{address}/studies/{study_uid}/series/{series_uid}/instances/{instance.sop_uid}"
    attributes = {
        "00080016": attribute("UI", instance.sop_class_uid),
        "00080018": attribute("UI", instance.sop_uid),
        "00080056": attribute("CS", "ONLINE"),
        "00081190": attribute("UR", place),
        "0020000D": attribute("UI", study_uid),
        "0020000E": attribute("UI", series_uid),
        "00200013": attribute("IS", instance.number),
    }
    if instance.is_image:
        attributes["00280008"] = attribute("IS", instance.frames)
        attributes["00280010"] = attribute("US", instance.rows)
        attributes["00280011"] = attribute("US", instance.columns)
    return attributes
