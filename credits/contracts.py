"""What other packages see of credits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Transcript:
    """One person's credit year: what is entered (reversals taken off) against what it asks for; None for nothing."""

    person_id: UUID
    year: int
    credits: Decimal
    hours: Decimal
    required_credits: Decimal | None
    required_hours: Decimal | None
    ends_on: date | None

    @property
    def missing_credits(self) -> Decimal:
        return max(Decimal(0), (self.required_credits or Decimal(0)) - self.credits)

    @property
    def missing_hours(self) -> Decimal:
        return max(Decimal(0), (self.required_hours or Decimal(0)) - self.hours)

    @property
    def is_met(self) -> bool:
        return not self.missing_credits and not self.missing_hours


@dataclass(frozen=True, slots=True)
class Verification:
    """What anybody may know of a certificate: whether it holds, and whose it is, to be checked with the person."""

    certificate_id: UUID
    number: str
    is_valid: bool
    holder: str
    holder_en: str
    organisation: str
    organisation_en: str
    masked_id: str
    issuer: str
    issuer_en: str
    project_number: str
    revoked_at: datetime | None
