"""The de-identification run: texts and headers cleaned in the cage, candidates laid out for the readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction

from core.actor import SYSTEM
from core.audit import record
from media_pipeline import cage, stores
from media_pipeline.cage import BadFile
from media_pipeline.deid.profile import EDITION
from media_pipeline.errors import PixelsMissing, ReleaseNotFound
from media_pipeline.models import Candidate, DeidRun, IdentifiedInstance, TeachingRelease
from media_pipeline.release import sealing
from media_pipeline.release.faces import may_show_face
from media_pipeline.release.known import all_identifiers
from media_pipeline.release.removing import ENDED, candidate_folder, remove_candidates
from media_pipeline.release.taking import taken
from media_pipeline.states import RELEASE

ZONE = "deid"
SECONDS = 120.0
LEFT_OUT = ("no_pixels",)  # reports and documents; anything else that cannot be cleaned stops the release

Progress = Callable[[int, int], None]


def prepare_release(
    *, release_id: UUID, now: datetime, progress: Progress = lambda done, total: None
) -> dict[str, Any]:
    """Run the profile over every object and text, then present the release. Safe to run again."""
    release = TeachingRelease.objects.select_related("organisation").filter(pk=release_id).first()
    if release is None:
        raise ReleaseNotFound
    if release.state != "preparing":
        return _nothing_more(release)
    source = sealing.open_source(release)
    instances = list(
        taken(release)
        .select_related("series__study")
        .order_by("series__study_id", "series__number", "series_id", "position", "number", "id")
    )
    identifiers = all_identifiers(source["identifiers"], instances, zone=ZONE)
    texts = cage.call(
        "clean_texts",
        zone=ZONE,
        arguments={"texts": source["texts"], "identifiers": identifiers},
        seconds=SECONDS,
    ).value
    candidates, tally = [], Tally()
    for number, instance in enumerate(instances, start=1):
        candidate = _clean(release, instance, number, identifiers, texts["case"], tally)
        if candidate is not None:
            candidates.append(candidate)
        progress(number, len(instances))
    if not _present(release.pk, candidates, texts, tally, now):
        return _nothing_more(TeachingRelease.objects.get(pk=release_id))
    return {"candidates": len(candidates), "left_out": len(tally.left_out)}


def _nothing_more(release: TeachingRelease) -> dict[str, Any]:
    """The release was decided meanwhile; when it has ended, what this run has put down goes again."""
    if release.state in ENDED:
        remove_candidates(release.pk)
    return {"state": release.state}


class Tally:
    """The run's report: how many elements were kept, changed, removed; what was done to which; what was left out."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.actions: dict[str, str] = {}
        self.left_out: list[dict[str, str]] = []
        self.comments = 0

    def add(self, cleaned: dict[str, Any]) -> None:
        self.counts.update(cleaned["counts"])
        self.actions.update(cleaned["actions"])
        self.comments += int(cleaned["comments"])

    def report(self, texts: dict[str, int]) -> dict[str, Any]:
        kept = self.counts["keep"]
        removed = self.counts["remove"]
        return {
            "kept": kept,
            "removed": removed,
            "changed": sum(self.counts.values()) - kept - removed,
            "actions": dict(sorted(self.actions.items())),
            "left_out": self.left_out,
            "frame_comments": self.comments,
            "texts": {kind: count for kind, count in texts.items() if count},
        }


def _clean(
    release: TeachingRelease,
    instance: IdentifiedInstance,
    number: int,
    identifiers: dict[str, list[str]],
    case: dict[str, Any],
    tally: Tally,
) -> Candidate | None:
    """One object's candidate; None when it is no image and is left out."""
    path = f"{candidate_folder(release.pk)}/{number}.dcm"
    with stores.opened(stores.identified(), instance.path) as source, stores.scratch() as out:
        try:
            value = _cleaned(release, source, out, {"identifiers": identifiers, "case": case})
        except BadFile as error:
            if error.reason == "fewer_pixels":
                raise PixelsMissing from error
            if error.reason not in LEFT_OUT:
                raise
            tally.left_out.append({"sop_class_uid": instance.sop_class_uid, "reason": error.reason})
            return None
        stores.put(stores.identified(), path, out)
        value["findings"] = _findings(source)
    tally.add(value)
    header = value["header"]
    return Candidate(
        release=release,
        instance=instance,
        position=number,
        path=path,
        facts=header,
        frames=header["frames"],
        rows=header["rows"],
        columns=header["columns"],
        findings=value["findings"],
    )


def _cleaned(release: TeachingRelease, source: BinaryIO, out: BinaryIO, known: dict[str, Any]) -> dict[str, Any]:
    """Write the cleaned object into `out` in a cage; what was done to it. Raises BadFile."""
    arguments = {
        "key": sealing.uid_key(release).hex(),
        "label": release.label,
        "offset_days": sealing.offset_days(release),
        **known,
    }
    files = [source.fileno(), out.fileno()]
    value: dict[str, Any] = cage.call(
        "clean_header", zone=ZONE, files=files, arguments=arguments, seconds=SECONDS
    ).value
    return value


def _findings(source: BinaryIO) -> dict[str, Any]:
    """What the readers are shown as suggestions. Pixels that cannot be compared stop nothing: people look anyway."""
    try:
        found: dict[str, Any] = cage.call(
            "find_marks", zone=ZONE, files=[source.fileno()], arguments={}, seconds=SECONDS
        ).value
    except BadFile:
        return {}
    return found


def _present(release_id: UUID, candidates: list[Candidate], texts: dict[str, Any], tally: Tally, now: datetime) -> bool:
    """False when the release is no longer being prepared."""
    with transaction.atomic():
        release = TeachingRelease.objects.select_for_update().select_related("organisation").get(pk=release_id)
        if release.state != "preparing":
            return False
        release.state = RELEASE.check(release.state, "present")
        release.shows_face = any(may_show_face(candidate.facts) for candidate in candidates)
        sealing.seal_texts(release, {str(k): str(v) for k, v in texts["texts"].items()})
        release.save(update_fields=["state", "shows_face", "sealed_texts"])
        Candidate.objects.filter(release=release).delete()
        Candidate.objects.bulk_create(candidates)
        report = tally.report(texts["counts"])
        DeidRun.objects.update_or_create(
            release=release, defaults={"edition": EDITION, "report": report, "finished_at": now}
        )
        record(
            action="release.deidentified",
            actor=SYSTEM,
            subject_type="release",
            subject_id=release.pk,
            organisation_path=release.organisation.path,
            details={"objects": len(candidates), "left_out": len(tally.left_out)},
            now=now,
        )
    return True
