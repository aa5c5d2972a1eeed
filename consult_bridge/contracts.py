"""What goes into a request, and what other rooms see of a consult."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile


@dataclass(frozen=True, slots=True)
class PatientData:
    """`on_difference` is the requester's word where the hospital's record says otherwise: "keep", "correct" or none."""

    name: str
    sex: str
    birth_date: date | None
    record_number: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    on_difference: str = ""


@dataclass(frozen=True, slots=True)
class RecordData:
    chief_complaint: str = ""
    present_history: str = ""
    past_history: str = ""
    medication: str = ""
    allergies: str = ""
    examination: str = ""


@dataclass(frozen=True, slots=True)
class LabRow:
    """One laboratory value; `low` and `high` are the laboratory's own limits."""

    analyte: str
    value: Decimal
    unit: str
    low: Decimal | None
    high: Decimal | None
    taken_on: date


@dataclass(frozen=True, slots=True)
class ConsultRequest:
    """Everything a request form holds. `kept_files` is how many files its draft keeps already; those that cannot be
    read do not count.

    `requesting_organisation_id` is needed from a doctor who asks for more than one hospital.
    """

    patient: PatientData
    record: RecordData
    receiving_organisation_id: UUID
    specialty: str
    service_type: str
    urgency: str
    subject: str
    question: str
    accession_number: str = ""
    requesting_organisation_id: UUID | None = None
    vitals: dict[str, Decimal] = field(default_factory=dict)
    labs: Sequence[LabRow] = ()
    attachments: Sequence[UploadedFile] = ()
    kept_files: int = 0


@dataclass(frozen=True, slots=True)
class ProposableConsult:
    """What a teaching room may know of a proposed consult before anything of it is released: whose it is, and of
    which specialty. `reason` is the doctor's own text and only for participants; `is_repeated` says of a proposal that
    the same doctor had written the same text."""

    consult_id: UUID
    organisation_id: UUID
    specialty: str
    reason: str = ""
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The quasi-identifiers by which similar patients are counted for k-anonymity.

    `sex` "" stands for either; `youngest` is the first year of the age band, `oldest` the first after it, None for no
    end. The region is that of the consult behind `release_id`, which only this side knows.
    """

    release_id: UUID
    sex: str
    youngest: int
    oldest: int | None
    specialty: str
