"""Reads of the ledger and of certificates."""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from core.actor import Actor
from credits.contracts import Transcript, Verification
from credits.errors import CertificateNotFound, EntryNotFound
from credits.models import Certificate, CertificateDocument, CreditEntry
from credits.selectors.years import CreditYear, named, scheme_of, year_on, years_of_scheme

ZERO = Decimal(0)
HUNDREDTH = Decimal("0.01")


def my_years(person_id: UUID) -> dict[int, CreditYear]:
    """The credit years, by name, of the scheme that covers where the person works now."""
    return years_of_scheme(scheme_of(person_id))


def my_entries(person_id: UUID, year: CreditYear) -> QuerySet[CreditEntry]:
    """One person's ledger of one year, in the order it was entered."""
    rows = CreditEntry.unscoped.filter(person=person_id, earned_on__range=year.days)
    return rows.select_related(
        "activity", "scheme_version", "reverses__activity", "entered_by", "certificate", "reversed_by"
    ).order_by("entered_at", "id")


def my_certificates(person_id: UUID, year: CreditYear) -> QuerySet[Certificate]:
    """One person's certificates of one year, the newest first."""
    rows = Certificate.unscoped.filter(person=person_id, entry__earned_on__range=year.days)
    return rows.select_related("entry").order_by("-entry__earned_on", "-number")


def years_with_lines(person_id: UUID, years: dict[int, CreditYear]) -> set[int]:
    """The names of the years in which the person's ledger has a line."""
    days = CreditEntry.unscoped.filter(person=person_id).order_by().values_list("earned_on", flat=True).distinct()
    return {year_on(years, day).year for day in days}


def transcript_of_year(person_id: UUID, year: int) -> Transcript:
    """`transcript` by the year's name."""
    return transcript(person_id, named(my_years(person_id), year))


def transcript(person_id: UUID, year: CreditYear) -> Transcript:
    """The year's sums against what is asked for."""
    sums = CreditEntry.unscoped.filter(person=person_id, earned_on__range=year.days).aggregate(
        credits=Sum("credits"), hours=Sum("hours")
    )
    asked = year.requirement
    return Transcript(
        person_id=person_id,
        year=year.year,
        credits=(sums["credits"] or ZERO).quantize(HUNDREDTH),
        hours=(sums["hours"] or ZERO).quantize(HUNDREDTH),
        required_credits=asked.credits if asked else None,
        required_hours=asked.hours if asked else None,
        ends_on=year.ends_on if asked else None,
    )


def sums_by(person_id: UUID, year: CreditYear, column: str) -> list[tuple[str, Decimal, Decimal]]:
    """(key, credits, hours) of one column of the activities: "category" or "subject"."""
    rows = CreditEntry.unscoped.filter(person=person_id, earned_on__range=year.days)
    grouped = rows.values(f"activity__{column}").annotate(credits=Sum("credits"), hours=Sum("hours"))
    return [(r[f"activity__{column}"], r["credits"], r["hours"]) for r in grouped.order_by(f"activity__{column}")]


def entry_for(actor: Actor, entry_id: UUID) -> CreditEntry:
    """An entry the actor may see. Raises EntryNotFound."""
    rows = CreditEntry.objects.visible_to(actor).select_related("activity", "person", "organisation", "certificate")
    entry = rows.filter(pk=entry_id).first()
    if entry is None:
        raise EntryNotFound
    return entry


def certificate_for(actor: Actor, certificate_id: UUID) -> Certificate:
    """A certificate the actor may see: one's own, or one of the credits one administers. Raises CertificateNotFound."""
    rows = Certificate.objects.visible_to(actor).select_related("entry__organisation", "person")
    certificate = rows.filter(pk=certificate_id).first()
    if certificate is None:
        raise CertificateNotFound
    return certificate


def has_document(certificate_id: UUID) -> bool:
    """Whether the PDF was rendered, without reading it."""
    return CertificateDocument.objects.filter(certificate=certificate_id).exists()


def certificate_of_completion(person_id: UUID, completion_id: UUID) -> Certificate | None:
    return Certificate.unscoped.filter(person=person_id, entry__source=f"completion:{completion_id}").first()


def office_entries(actor: Actor, text: str = "") -> QuerySet[CreditEntry]:
    """The ledger of the organisations whose credits the actor administers, the line entered last first."""
    own = Q(person=actor.person_id)
    rows = CreditEntry.objects.visible_to(actor)
    if not actor.may("credit.administer"):
        rows = rows.filter(own)
    if text:
        rows = rows.filter(
            Q(person__name__icontains=text)
            | Q(certificate__number__icontains=as_printed(text))
            | Q(activity__title__icontains=text)
            | Q(organisation__name__icontains=text)
        )
    return rows.select_related("person", "organisation", "activity", "certificate", "reversed_by", "reverses").order_by(
        "-entered_at", "-id"
    )


def verification(certificate_id: UUID) -> Verification:
    """What anybody may know. Raises CertificateNotFound."""
    row = Certificate.unscoped.filter(pk=certificate_id).first()
    if row is None:
        raise CertificateNotFound
    facts = row.snapshot
    return Verification(
        certificate_id=row.pk,
        number=row.number,
        is_valid=row.state == "valid",
        holder=facts["holder"],
        holder_en=facts["holder_en"],
        organisation=facts["organisation"],
        organisation_en=facts["organisation_en"],
        masked_id=facts["masked_id"],
        issuer=facts["authority"],
        issuer_en=facts["authority_en"],
        project_number=facts["project_number"],
        revoked_at=row.revoked_at,
    )


def as_printed(number: str) -> str:
    """A whole number with its hyphens, whatever case and separators were typed; anything else without blanks."""
    signs = re.sub(r"[\W_]+", "", number).upper()
    whole = re.fullmatch(r"(XL)(\d{4})(\w{4})(\w{4})", signs)
    return "-".join(whole.groups()) if whole else number.replace(" ", "").upper()


def certificate_id_of(number: str) -> UUID:
    """By its printed number, read generously as `as_printed` does. Raises CertificateNotFound."""
    found = Certificate.unscoped.filter(number=as_printed(number)).values_list("pk", flat=True).first()
    if found is None:
        raise CertificateNotFound
    return found
