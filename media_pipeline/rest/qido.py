"""Search (QIDO-RS, PS3.18, 10.6): studies, series, instances, with wildcards, date ranges and pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.audit import note_list
from core.errors import Invalid
from media_pipeline.dicom.storing import dicom_date
from media_pipeline.models import IdentifiedSeries, TeachingSeries
from media_pipeline.rest import dicom_json
from media_pipeline.rest.callers import caller_of
from media_pipeline.rest.sides import IDENTIFIED, Side
from media_pipeline.web.seen import note_seen

MOST = 1000
MOST_STARS = 4  # each one more multiplies the work of matching a row
LONGEST_PATTERN = 64
NUMBER, COUNT = re.compile(r"-?[0-9]{1,9}"), re.compile(r"[0-9]{1,9}")

# DICOM keyword or tag -> column
STUDY = {
    "StudyInstanceUID": "study_uid",
    "0020000D": "study_uid",
    "PatientName": "patient_name",
    "00100010": "patient_name",
    "PatientID": "patient_id",
    "00100020": "patient_id",
    "AccessionNumber": "accession_number",
    "00080050": "accession_number",
    "StudyDescription": "description",
    "00081030": "description",
    "ModalitiesInStudy": "modalities",
    "00080061": "modalities",
    "StudyDate": "study_date",
    "00080020": "study_date",
}
SERIES = {
    "SeriesInstanceUID": "series_uid",
    "0020000E": "series_uid",
    "Modality": "modality",
    "00080060": "modality",
    "SeriesNumber": "number",
    "00200011": "number",
}
INSTANCE = {
    "SOPInstanceUID": "sop_uid",
    "00080018": "sop_uid",
    "SOPClassUID": "sop_class_uid",
    "00080016": "sop_class_uid",
    "InstanceNumber": "number",
    "00200013": "number",
}


@require_GET
def studies(request: HttpRequest, side: Side) -> JsonResponse:
    now = timezone.now()
    actor = caller_of(request, now).actor
    rows = side.studies(actor, now)
    columns = STUDY if side is IDENTIFIED else {k: v for k, v in STUDY.items() if hasattr(rows.model, v)}
    rows = matching(rows, request, columns).order_by("-study_date", "-created_at")
    address = _address(request, side)
    found = list(paged(rows, request))
    if side is IDENTIFIED:
        note_list(actor=actor, name="media_pipeline.dicomweb", permission="imaging.view", shown=len(found), now=now)
    return answer(found, lambda row: dicom_json.study_attributes(side, row, address))


@require_GET
def series(request: HttpRequest, side: Side, study_uid: str) -> JsonResponse:
    now = timezone.now()
    actor = caller_of(request, now).actor
    study = side.study(actor, study_uid, now)
    note_seen(request, study.pk, side.organisation_path(study), side.kind, now, actor)
    model: Any = IdentifiedSeries if side is IDENTIFIED else TeachingSeries
    rows = matching(model.objects.filter(study=study).select_related("study"), request, SERIES)
    address = _address(request, side)
    return answer(paged(rows, request), lambda row: dicom_json.series_attributes(row, address))


@require_GET
def instances(request: HttpRequest, side: Side, study_uid: str, series_uid: str | None = None) -> JsonResponse:
    now = timezone.now()
    actor = caller_of(request, now).actor
    study = side.study(actor, study_uid, now)
    note_seen(request, study.pk, side.organisation_path(study), side.kind, now, actor)
    rows = side.instances(study)
    if series_uid is not None:
        rows = rows.filter(series__series_uid=series_uid)
    rows = matching(rows, request, INSTANCE).order_by("series__number", "position", "number", "id")
    address = _address(request, side)
    return answer(paged(rows, request), lambda row: dicom_json.instance_attributes(row, address))


def matching(rows: QuerySet[Any], request: HttpRequest, columns: dict[str, str]) -> QuerySet[Any]:
    """Matching of PS3.4, C.2.2.2: single value, UID list, wildcard, date range. Unknown keys are ignored."""
    for key, value in request.GET.items():
        column = columns.get(key)
        if column is None or not value:
            continue
        rows = rows.filter(_condition(column, str(value)))
    return rows


def _condition(column: str, value: str) -> Q:
    if "\0" in value:  # stands in no header and in no PostgreSQL text
        return Q(pk__in=[])
    if column == "study_date":
        return _date_range(value)
    if column == "modalities":
        return Q(**{f"{column}__contains": value})
    if column == "number":
        return Q(number=int(value)) if NUMBER.fullmatch(value) else Q(pk__in=[])
    if column.endswith("uid"):
        return Q(**{f"{column}__in": re.split(r"[\\,]", value)})
    if "*" in value or "?" in value:
        value = re.sub(r"\*+", "*", value)
        if value.count("*") > MOST_STARS:
            raise Invalid(fields={column: [f"at most {MOST_STARS} *"]})
        if len(value) > LONGEST_PATTERN:
            raise Invalid(fields={column: [f"at most {LONGEST_PATTERN} characters"]})
        pattern = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in value)
        return Q(**{f"{column}__iregex": f"^{pattern}$"})
    return Q(**{f"{column}__iexact": value})


def _date_range(value: str) -> Q:
    """YYYYMMDD, YYYYMMDD-, -YYYYMMDD or YYYYMMDD-YYYYMMDD. Raises Invalid."""
    first, dash, last = value.partition("-")
    low, high = dicom_date(first), dicom_date(last if dash else first)
    if (first and low is None) or (last and high is None):
        raise Invalid(fields={"StudyDate": ["YYYYMMDD-YYYYMMDD"]})
    condition = Q()
    if low:
        condition &= Q(study_date__gte=low)
    if high:
        condition &= Q(study_date__lte=high)
    return condition


def paged(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    limit, offset = (request.GET.get(name, "") for name in ("limit", "offset"))
    start = int(offset) if COUNT.fullmatch(offset) else 0
    return rows[start : start + min(int(limit) if COUNT.fullmatch(limit) else MOST, MOST)]


def answer(rows: Iterable[Any], attributes: Callable[[Any], dicom_json.Attributes]) -> JsonResponse:
    response = JsonResponse([attributes(row) for row in rows], safe=False, content_type=dicom_json.JSON)
    response["Cache-Control"] = "no-store"
    return response


def _address(request: HttpRequest, side: Side) -> str:
    return request.build_absolute_uri(side.prefix)
