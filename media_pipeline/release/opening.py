"""Open a confirmed release: blacken, seal under its data key, write the teaching tables, say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core import crypto
from core.actor import SYSTEM
from core.audit import record
from core.outbox import publish
from media_pipeline import cage, stores
from media_pipeline.dicom.storing import dicom_date, instance_fields, series_fields, text
from media_pipeline.errors import ReleaseNotFound
from media_pipeline.events import ReleaseOpened
from media_pipeline.models import (
    Candidate,
    RedactionBox,
    TeachingInstance,
    TeachingRelease,
    TeachingSeries,
    TeachingStudy,
)
from media_pipeline.release import sealing
from media_pipeline.release.removing import remove_candidates
from media_pipeline.states import RELEASE

ZONE = "deid"
SECONDS = 180.0
READERS = 2  # PS3.15 asks for confirmation of the pixels; two people, since it cannot be taken back

Progress = Callable[[int, int], None]


def open_release(*, release_id: UUID, now: datetime, progress: Progress = lambda done, total: None) -> dict[str, Any]:
    """Seal every object and open the release, if two readers still stand by it. Safe to run again."""
    release = TeachingRelease.objects.filter(pk=release_id).first()
    if release is None:
        raise ReleaseNotFound
    if release.state != "pixel_review" or not _is_confirmed(release):
        return {"state": release.state}
    candidates = list(release.candidates.prefetch_related("boxes"))
    sealed = []
    for number, candidate in enumerate(candidates, start=1):
        sealed.append(_seal(release, candidate))
        progress(number, len(candidates))
    if not _open(release.pk, sealed, now):
        return {"state": TeachingRelease.objects.values_list("state", flat=True).get(pk=release_id)}
    remove_candidates(release_id)
    return {"state": "open", "objects": len(sealed)}


def _is_confirmed(release: TeachingRelease) -> bool:
    """Two readers confirmed, and no box has changed since: a change voids the confirmations."""
    return release.reviews.filter(confirmed_at__isnull=False).count() >= READERS


def _seal(release: TeachingRelease, candidate: Candidate) -> dict[str, Any]:
    """The finished object in the teaching store, sealed; its header and where it lies."""
    path = f"{release.pk}/{candidate.position}.sealed"
    with stores.opened(stores.identified(), candidate.path) as source, stores.in_memory() as finished:
        header = cage.call(
            "finish_object",
            zone=ZONE,
            files=[source.fileno(), finished.fileno()],
            arguments={
                "boxes": [box.corners() for box in candidate.boxes.all()],
                "is_defaced": bool(release.defaced_reason),
            },
            seconds=SECONDS,
        ).value
        sha256, size = stores.sha256_of(finished)
        finished.seek(0)
        with stores.scratch() as out:
            crypto.seal_stream(finished, out, data_key=sealing.data_key(release), length=size, context=release.pk.bytes)
            stores.put(stores.teaching(), path, out)
    return {"header": header, "path": path, "size": size, "sha256": sha256}


def _open(release_id: UUID, sealed: list[dict[str, Any]], now: datetime) -> bool:
    """Write the rows and change the state in one transaction; False when it was decided otherwise meanwhile."""
    with transaction.atomic():
        release = TeachingRelease.objects.select_for_update().select_related("organisation").get(pk=release_id)
        if release.state != "pixel_review" or not _is_confirmed(release):
            return False
        boxes = RedactionBox.objects.filter(candidate__release=release).count()
        for entry in sealed:
            _write_rows(release, entry, now)
        for study in release.teaching_studies.all():
            _count(study)
        release.run.report["boxes"] = boxes
        release.run.save(update_fields=["report"])
        release.state = RELEASE.check(release.state, "open")
        release.opened_at, release.source = now, b""
        release.save(update_fields=["state", "opened_at", "source"])
        record(
            action="release.opened",
            actor=SYSTEM,
            subject_type="release",
            subject_id=release.pk,
            organisation_path=release.organisation.path,
            details={"objects": len(sealed)},
            now=now,
        )
        publish(ReleaseOpened(release_id=release.pk), now=now)
    return True


def _write_rows(release: TeachingRelease, entry: dict[str, Any], now: datetime) -> None:
    header = entry["header"]
    study, _is_new = TeachingStudy.objects.get_or_create(
        study_uid=text(header, "study_uid", 64),
        defaults={
            "release": release,
            "patient_label": release.label,
            "description": text(header, "study_description", 64),
            "study_date": dicom_date(str(header.get("study_date") or "")),
            "study_time": text(header, "study_time", 16),
            "created_at": now,
        },
    )
    series, _is_new = TeachingSeries.objects.get_or_create(
        study=study, series_uid=text(header, "series_uid", 64), defaults=series_fields(header)
    )
    TeachingInstance.objects.create(
        series=series,
        path=entry["path"],
        size=entry["size"],
        sha256=entry["sha256"],
        **instance_fields(header),
    )


def _count(study: TeachingStudy) -> None:
    for series in study.series.all():
        series.instance_count = series.instances.count()
        series.save(update_fields=["instance_count"])
    study.series_count = study.series.count()
    study.instance_count = TeachingInstance.objects.filter(series__study=study).count()
    study.modalities = "\\".join(sorted({*study.series.values_list("modality", flat=True)} - {""}))[:80]
    study.save(update_fields=["series_count", "instance_count", "modalities"])
