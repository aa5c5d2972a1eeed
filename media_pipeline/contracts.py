"""What other rooms see of studies, uploads and releases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from media_pipeline.cage.errors import REASONS, advice_for
from media_pipeline.uploads.limits import IN_WORDS
from media_pipeline.words import modality_words

IMAGE_LIMITS = format_lazy(
    _("DICOM files or zip files, up to {file_size} each; a zip file may hold up to {members} files."), **IN_WORDS
)


class OfModality:
    """What has DICOM's code of a kind of images, or several joined by a backslash."""

    __slots__ = ()
    modality: str

    @property
    def modality_label(self) -> str:
        """In the language of the person who looks."""
        return modality_words(self.modality)


@dataclass(frozen=True, slots=True)
class UploadReceipt:
    """Files lie safely in the spool; the job reads and stores them."""

    upload_id: UUID
    job_id: UUID


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not stored: why, and what to do, in the language of the person who looks. `reason` is a code."""

    upload_id: UUID
    name: str
    size: int
    reason: str

    @property
    def sentence(self) -> str:
        return str(REASONS.get(self.reason, REASONS["unreadable"]))

    @property
    def advice(self) -> str:
        return str(advice_for(self.reason))


@dataclass(frozen=True, slots=True)
class SeriesFacts(OfModality):
    """`frames` counts pictures over all objects of the series; frame numbers in URLs run from 1 to it."""

    id: UUID
    index: int
    number: int | None
    modality: str
    description: str
    body_part: str
    instances: int
    frames: int
    frame_time: float | None = None


@dataclass(frozen=True, slots=True)
class StudyFacts(OfModality):
    """An identified study, and the uploads that brought its objects."""

    id: UUID
    organisation_id: UUID
    study_uid: str
    accession_number: str
    patient_id: str
    patient_name: str
    patient_sex: str
    patient_birth_date: str
    modality: str
    description: str
    study_date: date | None
    received_at: datetime
    series: tuple[SeriesFacts, ...]
    upload_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """A small picture that stands for a study in a list; `pictures` is how many frames the study has."""

    url: str
    pictures: int


@dataclass(frozen=True, slots=True)
class StudyLine(OfModality):
    """A study as a chooser shows it: no series are read."""

    id: UUID
    accession_number: str
    patient_id: str
    patient_name: str
    modality: str
    description: str
    study_date: date | None
    instances: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class PatientIdentifiers:
    """What is known of the patient and of the people named in the texts, so that it can be taken out.

    Names in every spelling known, doctors and relatives included; dates as ISO texts, the first day of the case among
    them; places hold hospitals, counties and addresses.
    """

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()

    def lists(self) -> dict[str, list[str]]:
        return {name: list(getattr(self, name)) for name in ("names", "numbers", "dates", "places", "phones")}


@dataclass(frozen=True, slots=True)
class TeachingStudyFacts(OfModality):
    id: UUID
    study_uid: str
    modality: str
    description: str
    series: tuple[SeriesFacts, ...]


@dataclass(frozen=True, slots=True)
class ReleaseEvidence:
    """What de-identification did, for a reviewer: counts only. Readers are named by id."""

    edition: str
    kept: int
    changed: int
    removed: int
    text_counts: dict[str, int] = field(default_factory=dict)
    boxes: int = 0
    reader_ids: tuple[UUID, ...] = ()
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """`texts` are de-identified and only there while the release is open; `studies` likewise."""

    id: UUID
    label: str
    state: str
    organisation_id: UUID
    texts: dict[str, str]
    studies: tuple[TeachingStudyFacts, ...]
    evidence: ReleaseEvidence | None
    reason: str = ""
