"""The two archives behind one DICOMweb: identified studies by Share, teaching studies by their release's audience."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, BinaryIO

from django.db.models import QuerySet

from core.actor import Actor
from media_pipeline.access.objects import opened_identified, opened_teaching, read_identified, read_teaching
from media_pipeline.errors import ReleaseClosed, StudyNotFound
from media_pipeline.imaging.rendering import Look, render_identified, render_teaching
from media_pipeline.models import IdentifiedInstance, IdentifiedStudy, TeachingInstance, TeachingRelease, TeachingStudy


class Side(ABC):
    """What QIDO-RS and WADO-RS need of an archive. Foreign and missing objects read the same: StudyNotFound."""

    prefix: str
    zone: str
    kind: str
    cache_control: str

    @abstractmethod
    def studies(self, actor: Actor, now: datetime) -> QuerySet[Any]: ...

    @abstractmethod
    def instances(self, study: Any) -> QuerySet[Any]: ...

    @abstractmethod
    def opened(self, instance: Any) -> AbstractContextManager[BinaryIO]: ...

    @abstractmethod
    def read(self, instance: Any, start: int, length: int) -> Iterator[bytes]: ...

    @abstractmethod
    def render(self, instance: Any, frame: int, look: Look) -> bytes: ...

    @abstractmethod
    def patient(self, study: Any) -> tuple[str, str]:
        """(Patient name, patient ID) as the archive shows them."""

    @abstractmethod
    def organisation_path(self, study: Any) -> str: ...

    def study(self, actor: Actor, study_uid: str, now: datetime) -> Any:
        found = self.studies(actor, now).filter(study_uid=study_uid).order_by("created_at").first()
        if found is None:
            raise StudyNotFound
        return found


class IdentifiedSide(Side):
    prefix, zone, kind, cache_control = "/dicomweb", "identified", "study", "private, max-age=300"

    def studies(self, actor: Actor, now: datetime) -> QuerySet[IdentifiedStudy]:
        """Raises Forbidden, which is audited, for whoever may see no patient's images at all."""
        actor.require("imaging.view")
        return IdentifiedStudy.objects.visible_to(actor, now).select_related("organisation")

    def instances(self, study: IdentifiedStudy) -> QuerySet[IdentifiedInstance]:
        return IdentifiedInstance.objects.filter(series__study=study).select_related("series__study")

    def opened(self, instance: IdentifiedInstance) -> AbstractContextManager[BinaryIO]:
        return opened_identified(instance)

    def read(self, instance: IdentifiedInstance, start: int, length: int) -> Iterator[bytes]:
        return read_identified(instance, start, length)

    def render(self, instance: IdentifiedInstance, frame: int, look: Look) -> bytes:
        return render_identified(instance, frame, look)

    def patient(self, study: IdentifiedStudy) -> tuple[str, str]:
        return study.patient_name, study.patient_id

    def organisation_path(self, study: IdentifiedStudy) -> str:
        return study.organisation.path


class TeachingSide(Side):
    prefix, zone, kind, cache_control = "/teaching/dicomweb", "teaching", "teaching_study", "no-store"

    def studies(self, actor: Actor, now: datetime) -> QuerySet[TeachingStudy]:
        return TeachingStudy.objects.visible_to(actor, now).select_related("release")

    def instances(self, study: TeachingStudy) -> QuerySet[TeachingInstance]:
        return TeachingInstance.objects.filter(series__study=study).select_related("series__study__release")

    def opened(self, instance: TeachingInstance) -> AbstractContextManager[BinaryIO]:
        return opened_teaching(instance, open_release_of(instance))

    def read(self, instance: TeachingInstance, start: int, length: int) -> Iterator[bytes]:
        yield from read_teaching(instance, open_release_of(instance), start, length)

    def render(self, instance: TeachingInstance, frame: int, look: Look) -> bytes:
        return render_teaching(instance, open_release_of(instance), frame, look)

    def patient(self, study: TeachingStudy) -> tuple[str, str]:
        return study.patient_label, study.patient_label

    def organisation_path(self, study: TeachingStudy) -> str:
        return ""


def open_release_of(instance: TeachingInstance) -> TeachingRelease:
    """Read now, for each object: a stream that began before a withdrawal ends with it. Raises ReleaseClosed."""
    release = TeachingRelease.objects.filter(pk=instance.series.study.release_id, state="open").first()
    if release is None:
        raise ReleaseClosed
    return release


IDENTIFIED, TEACHING = IdentifiedSide(), TeachingSide()
