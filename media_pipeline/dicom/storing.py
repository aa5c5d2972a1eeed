"""From a header that was read in the cage to rows of the identified tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Sum

from core.actor import organisation_token
from directory.models import Organisation
from media_pipeline.cage import BadFile
from media_pipeline.dicom.identifiers import birth_day
from media_pipeline.models import IdentifiedInstance, IdentifiedSeries, IdentifiedStudy, Share

OWNER = "owner"


def check_object(*, organisation: Organisation, header: dict[str, Any], sha256: str) -> None:
    """Raise what `store_object` would raise, before a byte is kept."""
    studies = IdentifiedStudy.unscoped.filter(organisation=organisation)
    study = studies.filter(study_uid=identifier(header, "study_uid")).first()
    if study is not None and not _same_patient(study, header):
        raise BadFile("patient_mismatch")
    objects = IdentifiedInstance.objects.filter(series__study__organisation=organisation)
    known = objects.filter(sop_uid=identifier(header, "sop_uid")).values_list("sha256", flat=True).first()
    if known is not None and known != sha256:
        raise BadFile("different_content")


def store_object(
    *, organisation: Organisation, header: dict[str, Any], path: str, size: int, sha256: str, now: datetime
) -> tuple[IdentifiedInstance, bool]:
    """(The object's row, whether it is new.) Must run in a transaction.

    Raises BadFile("patient_mismatch") when the study is known for another patient, BadFile("different_content") when
    the SOP instance UID is known with other bytes: nothing is ever overwritten.
    """
    study = _study(organisation, header, now)
    known = IdentifiedInstance.objects.filter(
        series__study__organisation=organisation, sop_uid=identifier(header, "sop_uid")
    ).first()
    if known is not None:
        if known.sha256 != sha256:
            raise BadFile("different_content")
        return known, False
    series = _series(study, header)
    instance = IdentifiedInstance.objects.create(
        series=series, path=path, size=size, sha256=sha256, arrived_at=now, **instance_fields(header)
    )
    _count(study, series, header, now)
    return instance, True


def instance_fields(header: dict[str, Any]) -> dict[str, Any]:
    """Columns of an object's row: the header comes from outside."""
    return {
        "sop_uid": identifier(header, "sop_uid"),
        "sop_class_uid": identifier(header, "sop_class_uid"),
        "transfer_syntax_uid": identifier(header, "transfer_syntax_uid"),
        "number": whole(header.get("number")),
        "position": float(header.get("position") or 0.0),
        "rows": max(0, whole(header.get("rows")) or 0),
        "columns": max(0, whole(header.get("columns")) or 0),
        "frames": max(0, whole(header.get("frames")) or 0),
        "facts": dict(header.get("facts") or {}),
    }


def series_fields(header: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": whole(header.get("series_number")),
        "modality": text(header, "modality", 16),
        "description": text(header, "series_description", 64),
        "body_part": text(header, "body_part", 16),
        "laterality": text(header, "laterality", 16),
    }


def identifier(header: dict[str, Any], name: str) -> str:
    """Whole: `fault_of` has let it pass."""
    return str(header.get(name) or "")


def text(header: dict[str, Any], name: str, longest: int) -> str:
    """The beginning of a description, that tells nothing apart."""
    return str(header.get(name) or "")[:longest]


def whole(value: Any) -> int | None:
    """An integer a 32-bit column can hold, else None."""
    return value if isinstance(value, int) and abs(value) < 2**31 else None


def dicom_date(value: str) -> date | None:
    """YYYYMMDD as a date; None when it is not one."""
    try:
        return datetime.strptime(value[:8], "%Y%m%d").date()
    except ValueError:
        return None


def _study(organisation: Organisation, header: dict[str, Any], now: datetime) -> IdentifiedStudy:
    study, is_new = IdentifiedStudy.unscoped.select_for_update().get_or_create(
        organisation=organisation,
        study_uid=identifier(header, "study_uid"),
        defaults={
            "accession_number": identifier(header, "accession_number"),
            "patient_id": identifier(header, "patient_id"),
            "patient_name": identifier(header, "patient_name"),
            "patient_birth_date": birth_day(str(header.get("patient_birth_date") or "")),
            "patient_sex": text(header, "patient_sex", 16),
            "patient_age": text(header, "patient_age", 8),
            "institution_name": text(header, "institution_name", 64),
            "referring_physician": text(header, "referring_physician", 324),
            "description": text(header, "study_description", 64),
            "study_date": dicom_date(str(header.get("study_date") or "")),
            "study_time": text(header, "study_time", 16),
            "created_at": now,
            "updated_at": now,
        },
    )
    if is_new:
        Share.objects.create(study=study, holder=organisation_token(organisation.pk), purpose=OWNER, created_at=now)
    elif not _same_patient(study, header):
        raise BadFile("patient_mismatch")
    return study


def _same_patient(study: IdentifiedStudy, header: dict[str, Any]) -> bool:
    if study.patient_id != identifier(header, "patient_id"):
        return False
    return study.patient_name.casefold() == identifier(header, "patient_name").casefold()


def _series(study: IdentifiedStudy, header: dict[str, Any]) -> IdentifiedSeries:
    series, _is_new = IdentifiedSeries.objects.get_or_create(
        study=study, series_uid=identifier(header, "series_uid"), defaults=series_fields(header)
    )
    return series


def _count(study: IdentifiedStudy, series: IdentifiedSeries, header: dict[str, Any], now: datetime) -> None:
    series.instance_count += 1
    series.save(update_fields=["instance_count"])
    study.series_count = study.series.count()
    study.instance_count = study.series.aggregate(total=Sum("instance_count"))["total"] or 0
    study.modalities = "\\".join(sorted({*study.series.values_list("modality", flat=True)} - {""}))[:80]
    study.updated_at = now
    study.save(update_fields=["series_count", "instance_count", "modalities", "updated_at"])
