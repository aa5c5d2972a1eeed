"""Open a confirmed release: blacken, seal under its data key, write the teaching tables, say so."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core import crypto
from core.actor import SYSTEM
from core.audit import record
from core.outbox import publish
from media_pipeline import cage, stores
from media_pipeline.access.audience import admit_officers
from media_pipeline.dicom.storing import dicom_date, identifier, instance_fields, series_fields, text
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
from media_pipeline.release.answers import is_defaced
from media_pipeline.release.confirming import boxes_digest, is_confirmed, void_stale
from media_pipeline.release.removing import remove_candidates
from media_pipeline.release.texts import reading_of
from media_pipeline.states import RELEASE

ZONE = "deid"
SECONDS = 180.0
Progress = Callable[[int, int], None]


def open_release(*, release_id: UUID, now: datetime, progress: Progress = lambda done, total: None) -> dict[str, Any]:
    """Seal every object and open the release, if two readers still stand by it. Safe to run again.

    What is opened has exactly the boxes and strikes that both readers confirmed: they are read once, and opening asks
    under the lock whether they are still the same. Each run seals into a folder of its own. Where they stand by
    something else, the release is left to them, to be read again.
    """
    confirmed = _read_confirmed(release_id)
    if confirmed.state == "open":  # an earlier run ended between opening and tidying up
        _tidy(release_id)
    if confirmed.state != "pixel_review" or not confirmed.digest:
        return {"state": confirmed.state}
    folder = f"{release_id}/{secrets.token_hex(8)}"
    is_open = False
    try:
        sealed = []
        for number, candidate in enumerate(confirmed.candidates, start=1):
            sealed.append(_seal(confirmed, candidate, folder))
            progress(number, len(confirmed.candidates))
        is_open = _open(release_id, confirmed, sealed, now)
    finally:
        if not is_open:
            stores.remove_folder(stores.teaching(), folder)
    if not is_open:
        return {"state": TeachingRelease.objects.values_list("state", flat=True).get(pk=release_id)}
    _tidy(release_id)
    return {"state": "open", "objects": len(sealed)}


def _tidy(release_id: UUID) -> None:
    """Behind an open release: what the readers looked at, and what runs that were killed have sealed in vain."""
    remove_candidates(release_id)
    used = TeachingInstance.objects.filter(series__study__release=release_id).values_list("path", flat=True)
    kept = {path.rsplit("/", 1)[0] for path in used}
    for folder in stores.folders(stores.teaching(), str(release_id)):
        if folder not in kept:
            stores.remove_folder(stores.teaching(), folder)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A release with its candidates and their boxes as of one moment; `digest` is empty when it is not confirmed.

    `is_defaced` is what both readers said then, `strikes` what the headers are to lose.
    """

    release: TeachingRelease
    candidates: list[Candidate]
    digest: str
    is_defaced: bool
    strikes: list[dict[str, Any]]

    @property
    def state(self) -> str:
        return self.release.state


def _read_confirmed(release_id: UUID) -> Confirmed:
    """Raises ReleaseNotFound."""
    with transaction.atomic():
        release = TeachingRelease.objects.select_for_update().filter(pk=release_id).first()
        if release is None:
            raise ReleaseNotFound
        digest = boxes_digest(release) if is_confirmed(release) else ""
        if release.state == "pixel_review" and not digest:
            void_stale(release)
        strikes = [struck.for_headers for struck in reading_of(release).strikes] if digest else []
        candidates = list(release.candidates.prefetch_related("boxes"))
        return Confirmed(release, candidates, digest, is_defaced(release), strikes)


def _seal(confirmed: Confirmed, candidate: Candidate, folder: str) -> dict[str, Any]:
    """The finished object in the teaching store, sealed; its header and where it lies."""
    release = confirmed.release
    path = f"{folder}/{candidate.position}.sealed"
    with stores.opened(stores.identified(), candidate.path) as source, stores.in_memory() as finished:
        header = cage.call(
            "finish_object",
            zone=ZONE,
            files=[source.fileno(), finished.fileno()],
            arguments={
                "boxes": [box.corners() for box in candidate.boxes.all()],
                "is_defaced": confirmed.is_defaced,
                "strikes": confirmed.strikes,
            },
            seconds=SECONDS,
        ).value
        sha256, size = stores.sha256_of(finished)
        finished.seek(0)
        with stores.scratch() as out:
            context = sealing.object_context(release, identifier(header, "sop_uid"))
            crypto.seal_stream(finished, out, data_key=sealing.data_key(release), length=size, context=context)
            stores.put(stores.teaching(), path, out)
    return {"header": header, "path": path, "size": size, "sha256": sha256}


def _open(release_id: UUID, confirmed: Confirmed, sealed: list[dict[str, Any]], now: datetime) -> bool:
    """Write the rows and change the state in one transaction; False when it was decided otherwise meanwhile.

    `sealed` was made with the boxes and the answer of `confirmed`.
    """
    with transaction.atomic():
        release = TeachingRelease.objects.select_for_update().select_related("organisation").get(pk=release_id)
        if release.state != "pixel_review" or not is_confirmed(release):
            return False
        if (boxes_digest(release), is_defaced(release)) != (confirmed.digest, confirmed.is_defaced):
            return False
        boxes = RedactionBox.objects.filter(candidate__release=release).count()
        for entry in sealed:
            _write_rows(release, entry, now)
        for study in release.teaching_studies.all():
            _count(study)
        release.run.report["boxes"] = boxes
        release.run.report["strikes"] = _seal_struck_texts(release)
        release.run.save(update_fields=["report"])
        release.state = RELEASE.check(release.state, "open")
        release.opened_at, release.source = now, b""
        release.save(update_fields=["state", "opened_at", "source", "sealed_texts"])
        admit_officers(release, now)
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


def _seal_struck_texts(release: TeachingRelease) -> int:
    """The texts without what was struck out take the place of those with it; how many strikes there were."""
    sealing.seal_texts(release, reading_of(release).texts)
    count, _by_model = release.strikes.all().delete()
    return count


def _write_rows(release: TeachingRelease, entry: dict[str, Any], now: datetime) -> None:
    header = entry["header"]
    study, _is_new = TeachingStudy.objects.get_or_create(
        study_uid=identifier(header, "study_uid"),
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
        study=study, series_uid=identifier(header, "series_uid"), defaults=series_fields(header)
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
