"""Reads of studies, uploads and releases as other rooms and our pages need them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from core.actor import Actor
from media_pipeline.contracts import (
    RefusedFile,
    ReleaseEvidence,
    ReleaseFacts,
    SeriesFacts,
    StudyFacts,
    StudyLine,
    TeachingStudyFacts,
)
from media_pipeline.errors import ReleaseClosed, ReleaseNotFound, StudyNotFound, UploadNotFound
from media_pipeline.imaging.locating import image_series
from media_pipeline.models import IdentifiedStudy, TeachingRelease, TeachingStudy, Upload, UploadedFile
from media_pipeline.release import sealing

MOST_LINES = 200


def get_study(study_id: UUID) -> StudyFacts:
    """For rooms that have checked access themselves. Raises StudyNotFound."""
    study = IdentifiedStudy.unscoped.filter(pk=study_id).first()
    if study is None:
        raise StudyNotFound
    return StudyFacts(
        id=study.pk,
        organisation_id=study.organisation_id,
        study_uid=study.study_uid,
        accession_number=study.accession_number,
        patient_id=study.patient_id,
        patient_name=study.patient_name,
        patient_sex=study.patient_sex,
        patient_birth_date=study.patient_birth_date,
        modality=study.modalities,
        description=study.description,
        study_date=study.study_date,
        received_at=study.created_at,
        series=series_facts(study),
        upload_ids=tuple(
            UploadedFile.objects.filter(instance__series__study=study).values_list("upload_id", flat=True).distinct()
        ),
    )


def series_facts(study: IdentifiedStudy | TeachingStudy) -> tuple[SeriesFacts, ...]:
    """The series that hold pictures, in the order of their indexes."""
    return tuple(
        SeriesFacts(
            id=series.pk,
            index=index,
            number=series.number,
            modality=series.modality,
            description=series.description,
            body_part=series.body_part,
            instances=series.instance_count,
            frames=series.pictures,
            frame_time=_frame_time(series),
        )
        for index, series in enumerate(image_series(study), start=1)
    )


def list_studies(*, actor: Actor, now: datetime, search: str = "", limit: int = MOST_LINES) -> list[StudyLine]:
    """Studies the actor may see, newest first; `search` looks into patient name, patient ID and accession number."""
    rows = IdentifiedStudy.objects.visible_to(actor, now)
    if search:
        rows = rows.filter(
            Q(patient_name__icontains=search)
            | Q(patient_id__istartswith=search)
            | Q(accession_number__istartswith=search)
        )
    return [_line(study) for study in rows.order_by("-created_at")[: min(limit, MOST_LINES)]]


def studies_arrived(*, organisation_id: UUID, accession_number: str = "", patient_id: str = "") -> list[StudyLine]:
    """An organisation's own studies by accession number or patient ID, newest first, for attaching to a consult."""
    rows = IdentifiedStudy.unscoped.filter(organisation=organisation_id)
    if accession_number:
        rows = rows.filter(accession_number=accession_number)
    if patient_id:
        rows = rows.filter(patient_id=patient_id)
    return [_line(study) for study in rows.order_by("-created_at")[:MOST_LINES]]


def uploads_of(study_id: UUID) -> list[UUID]:
    """The uploads that brought objects of a study, for a room that knows what an upload was sent for."""
    rows = UploadedFile.objects.filter(instance__series__study=study_id)
    return list(rows.order_by().values_list("upload_id", flat=True).distinct())


def refused_files(upload_ids: Iterable[UUID]) -> list[RefusedFile]:
    """The files of these uploads that were not stored, in the order in which they were sent; one query."""
    rows = UploadedFile.objects.filter(upload__in=list(upload_ids), state="refused").order_by("upload", "position")
    return [RefusedFile(row.upload_id, row.name, row.size, row.code) for row in rows]


def senders_of(upload_ids: Iterable[UUID]) -> set[UUID]:
    """Who sent them; a gateway's upload names nobody."""
    rows = Upload.objects.filter(pk__in=list(upload_ids), sent_by__isnull=False)
    return {person_id for person_id in rows.values_list("sent_by", flat=True) if person_id}


def get_upload(*, actor: Actor, upload_id: UUID) -> Upload:
    """An upload of an organisation for which the actor uploads now: its studies name patients, so that it is not enough
    to have sent it when one still worked there. Raises UploadNotFound.
    """
    upload = Upload.objects.select_related("organisation").filter(pk=upload_id).first()
    if upload is None or not actor.may("imaging.upload", upload.organisation.path):
        raise UploadNotFound
    return upload


def get_release_state(release_id: UUID) -> str:
    """Raises ReleaseNotFound."""
    state = TeachingRelease.objects.filter(pk=release_id).values_list("state", flat=True).first()
    if state is None:
        raise ReleaseNotFound
    return state


def open_release_ids() -> QuerySet[Any]:
    """Ids of the releases that are open, as a subquery for another room's list."""
    return TeachingRelease.objects.filter(state="open").values("pk")


def released_texts(release_ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """The de-identified texts of those releases that are open, in one query."""
    rows = TeachingRelease.objects.filter(pk__in=set(release_ids), state="open")
    return {release.pk: sealing.open_texts(release) for release in rows}


def get_release(release_id: UUID) -> ReleaseFacts:
    """Texts and studies only while the release is open. Raises ReleaseNotFound; ReleaseClosed once it is closed."""
    release = TeachingRelease.objects.filter(pk=release_id).first()
    if release is None:
        raise ReleaseNotFound
    if release.state == "closed":
        raise ReleaseClosed
    is_open = release.state == "open"
    return ReleaseFacts(
        id=release.pk,
        label=release.label,
        state=release.state,
        organisation_id=release.organisation_id,
        texts=sealing.open_texts(release) if is_open else {},
        studies=_teaching_studies(release) if is_open else (),
        evidence=_evidence(release),
        reason=release.reason,
    )


def _teaching_studies(release: TeachingRelease) -> tuple[TeachingStudyFacts, ...]:
    return tuple(
        TeachingStudyFacts(
            id=study.pk,
            study_uid=study.study_uid,
            modality=study.modalities,
            description=study.description,
            series=series_facts(study),
        )
        for study in release.teaching_studies.all()
    )


def _evidence(release: TeachingRelease) -> ReleaseEvidence | None:
    run = getattr(release, "run", None)
    if run is None:
        return None
    confirmed = list(release.reviews.filter(confirmed_at__isnull=False).order_by("confirmed_at"))
    return ReleaseEvidence(
        edition=run.edition,
        kept=run.report.get("kept", 0),
        changed=run.report.get("changed", 0),
        removed=run.report.get("removed", 0),
        text_counts=run.report.get("texts", {}),
        boxes=run.report.get("boxes", 0),
        reader_ids=tuple(review.reader_id for review in confirmed),
        confirmed_at=confirmed[-1].confirmed_at if confirmed else None,
    )


def _line(study: IdentifiedStudy) -> StudyLine:
    return StudyLine(
        id=study.pk,
        accession_number=study.accession_number,
        patient_id=study.patient_id,
        patient_name=study.patient_name,
        modality=study.modalities,
        description=study.description,
        study_date=study.study_date,
        instances=study.instance_count,
        received_at=study.created_at,
    )


def _frame_time(series: object) -> float | None:
    first = series.instances.filter(frames__gt=1).values_list("facts", flat=True).first()  # type: ignore[attr-defined]
    return first.get("frame_time") if first else None
