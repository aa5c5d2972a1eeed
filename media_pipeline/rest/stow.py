"""Store (STOW-RS, PS3.18, 10.5): parts to disk, then the same reading as every upload, answered at once."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile as SentFile
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.errors import Invalid
from media_pipeline.models import Upload, UploadedFile
from media_pipeline.rest import dicom_json
from media_pipeline.rest.callers import caller_of, check_origin
from media_pipeline.uploads.ingesting import ingest_upload
from media_pipeline.uploads.multipart import boundary_of, spool_parts
from media_pipeline.uploads.receiving import store_instances

TAKE_OVER = timedelta(minutes=10)  # the job reads what a lost request has left
# PS3.18, 10.5.3 with PS3.7, C.5 and PS3.4, B.2.3: duplicate instance, data set does not match (A9xx), cannot
# understand. No code of the table is for another study's object (C122 is a transfer syntax): A9xx is the nearest, and
# A901 is what other DICOMweb archives answer there.
FAILURES = {"different_content": 0x0111, "patient_mismatch": 0xA900, "other_study": 0xA901}
CANNOT_UNDERSTAND = 0xC000


class OrganisationUnclear(Invalid):
    code = "organisation_unclear"
    message = _("It is not clear for which organisation these objects are sent.")
    next_step = _("Use an access token of that organisation.")


@csrf_exempt
@require_POST
def store(request: HttpRequest, study_uid: str | None = None) -> JsonResponse:
    """200 when every object was stored, 202 when some, 409 when none. At a study's address only its own objects are
    stored (PS3.18, 10.5). Raises BadMultipart, Forbidden.
    """
    now = timezone.now()
    caller = caller_of(request, now)
    check_origin(request, caller)
    if caller.organisation_id is None:
        raise OrganisationUnclear
    caller.actor.require("imaging.upload")
    boundary = boundary_of(request.headers.get("Content-Type", ""))
    with ExitStack() as stack:
        parts = [
            SentFile(file=part, name=f"part-{number}", size=_size(part))
            for number, part in enumerate(spool_parts(request, boundary, stack), start=1)
        ]
        receipt = store_instances(
            actor=caller.actor,
            organisation_id=caller.organisation_id,
            source="stow",
            files=parts,
            now=now,
            wait=TAKE_OVER,
            study_uid=study_uid or "",
        )
    ingest_upload(upload_id=receipt.upload_id, now=now, study_uid=study_uid or "")
    return _answer(request, Upload.objects.get(pk=receipt.upload_id), study_uid)


def _answer(request: HttpRequest, upload: Upload, study_uid: str | None) -> JsonResponse:
    stored: list[Any] = []
    failed: list[Any] = []
    address = request.build_absolute_uri("/dicomweb")
    for row in upload.files.select_related("instance__series__study"):
        (stored if row.instance else failed).append(_reference(row, address))
    attributes: dicom_json.Attributes = {}
    if study_uid:
        attributes["00081190"] = dicom_json.attribute("UR", f"{address}/studies/{study_uid}")
    if stored:
        attributes["00081199"] = {"vr": "SQ", "Value": stored}
    if failed:
        attributes["00081198"] = {"vr": "SQ", "Value": failed}
    status = 200 if not failed else (202 if stored else 409)
    return JsonResponse(attributes, status=status, content_type=dicom_json.JSON)


def _reference(row: UploadedFile, address: str) -> dicom_json.Attributes:
    attributes = {
        "00081150": dicom_json.attribute("UI", row.sop_class_uid),
        "00081155": dicom_json.attribute("UI", row.sop_uid),
    }
    if row.instance is None:
        attributes["00081197"] = dicom_json.attribute("US", FAILURES.get(row.code, CANNOT_UNDERSTAND))
        return attributes
    series = row.instance.series
    place = f"{address}/studies/{series.study.study_uid}/series/{series.series_uid}/instances/{row.instance.sop_uid}"
    attributes["00081190"] = dicom_json.attribute("UR", place)
    return attributes


def _size(file: object) -> int:
    size = file.seek(0, 2)
    file.seek(0)
    return int(size)
