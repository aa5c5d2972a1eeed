"""Issue certificates, render them, revoke them."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from cms.contracts import Edition
from core import audit, crypto, documents, jobs
from core.actor import Actor
from core.ids import uuid7
from credits import rules
from credits.errors import CertificateNotFound, ReasonMissing
from credits.models import Certificate, CertificateDocument, CreditEntry
from credits.services.activities import local_day
from credits.states import CERTIFICATE
from directory import api as directory
from directory.contracts import PersonCard

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, O, 1 and I, which people mistype
TEMPLATE = Path(__file__).resolve().parent.parent / "documents" / "certificate.typ"


def new_number(year: int, choose: Any = secrets.choice) -> str:
    """ "XL-2026-7F3K-92QD": eight characters of 32, so that a number cannot be guessed from another."""
    text = "".join(choose(ALPHABET) for _n in range(8))
    return f"XL-{year}-{text[:4]}-{text[4:]}"


def verify_address() -> str:
    """Where somebody types the number of a certificate, absolute."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("credits:verify_ask")


def verify_url(certificate_id: UUID) -> str:
    """The absolute address that stands in the printed code."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("credits:verify", args=[certificate_id])


def snapshot_of(
    entry: CreditEntry, edition: Edition, *, card: PersonCard | None, masked_id: str, score: str, now: datetime
) -> dict[str, Any]:
    """The printed facts as they are now; the institution is the one at which the credits were earned, whenever this is
    printed. `masked_id` is the mobile number, masked before it is stored.
    """
    activity, version, place = entry.activity, entry.scheme_version, entry.organisation
    return {
        "holder": card.name if card else "",
        "holder_en": card.name_en if card else "",
        "organisation": place.name if place else "",
        "organisation_en": place.display_name("en") if place else "",
        "masked_id": masked_id,
        "title": activity.title,
        "language": edition.language,
        "edition": edition.number,
        "score": score,
        "earned_on": entry.earned_on.isoformat(),
        "issued_on": local_day(now).isoformat(),
        "credits": f"{entry.credits:.1f}",
        "hours": f"{entry.hours.normalize():f}",
        "category": rules.words(version.rules, "categories", activity.category, "zh"),
        "category_en": rules.words(version.rules, "categories", activity.category, "en"),
        "class": rules.words(version.rules, "classes", activity.credit_class, "zh"),
        "class_en": rules.words(version.rules, "classes", activity.credit_class, "en"),
        "project_number": activity.project_number,
        "authority": version.scheme.authority,
        "authority_en": version.scheme.authority_en,
        "platform": settings.XINGLIN_SITE_NAME,
    }


def issue(*, actor: Actor, entry: CreditEntry, edition: Edition, score: str, now: datetime) -> Certificate:
    """The certificate of an entry, made once; its PDF is rendered by a job after commit.

    Belongs into the transaction that made the entry.
    """
    held = Certificate.unscoped.filter(entry=entry).first()
    if held is not None:
        return held
    certificate = Certificate(
        id=uuid7(),
        number=new_number(local_day(now).year),
        person_id=entry.person_id,
        entry=entry,
        snapshot=snapshot_of(
            entry,
            edition,
            card=directory.get_person(entry.person_id),
            masked_id=directory.masked_phone(entry.person_id),
            score=score,
            now=now,
        ),
        issued_at=now,
    )
    path = entry.organisation.path if entry.organisation else ""
    certificate.job_id = _ask_for_document(certificate, path, now)
    certificate.save(force_insert=True)
    audit.record(
        action="certificate.issued",
        actor=actor,
        subject_type="certificate",
        subject_id=certificate.pk,
        organisation_path=path,
        details={"number": certificate.number},
        now=now,
    )
    return certificate


def _ask_for_document(certificate: Certificate, path: str, now: datetime) -> UUID:
    from credits.tasks import render_certificate

    job = jobs.enqueue(
        render_certificate,
        now=now,
        arguments={"certificate_id": str(certificate.pk)},
        organisation_path=path,
        key=f"certificate:{certificate.pk}",
    )
    return job.pk


@transaction.atomic
def request_document(*, actor: Actor, certificate_id: UUID, now: datetime) -> None:
    """Have the PDF made when it is not there: for certificates brought in from elsewhere, or after a dead job.

    Asking twice starts one job. Raises CertificateNotFound, for a foreign one too.
    """
    rows = Certificate.objects.visible_to(actor).select_related("entry__organisation")
    certificate = rows.filter(pk=certificate_id).first()
    if certificate is None:
        raise CertificateNotFound
    if CertificateDocument.objects.filter(certificate=certificate).exists():
        return
    organisation = certificate.entry.organisation
    job_id = _ask_for_document(certificate, organisation.path if organisation else "", now)
    if jobs.get_job(job_id).state == "dead":
        jobs.revive(job_id=job_id, now=now)
    if certificate.job_id != job_id:
        certificate.job_id = job_id
        certificate.save(update_fields=["job_id"])


def render(certificate: Certificate) -> bytes:
    """The certificate's PDF. Equal bytes for equal facts: the document's date is the day of issue."""
    code = segno.make(verify_url(certificate.pk), error="m")
    data = certificate.snapshot | {
        "number": certificate.number,
        "verify_url": verify_url(certificate.pk),
        "code": code.svg_inline(border=0, dark="#1b1917"),
    }
    return documents.render(TEMPLATE, data=data, now=certificate.issued_at)


def store_document(*, certificate_id: UUID, now: datetime) -> str:
    """Render and keep the PDF; returns its digest. Doing it again gives the same. Raises CertificateNotFound."""
    certificate = Certificate.unscoped.filter(pk=certificate_id).first()
    if certificate is None:
        raise CertificateNotFound
    content = render(certificate)
    digest = crypto.digest(content)
    CertificateDocument.objects.update_or_create(
        certificate=certificate, defaults={"content": content, "digest": digest, "rendered_at": now}
    )
    return digest


@transaction.atomic
def revoke_certificate(*, actor: Actor, certificate_id: UUID, reason: str, now: datetime) -> None:
    """Withdraw a certificate for ever; its credits stay. A second click of the same person for the same reason changes
    nothing. Raises CertificateNotFound (also for a foreign one), Forbidden, ReasonMissing, WrongState when it was
    revoked before in another way.
    """
    rows = Certificate.objects.visible_to(actor).select_for_update(of=("self",)).select_related("entry__organisation")
    certificate = rows.filter(pk=certificate_id).first()
    if certificate is None:
        raise CertificateNotFound
    organisation = certificate.entry.organisation
    actor.require("credit.administer", organisation.path if organisation else "")
    if not reason.strip():
        raise ReasonMissing(fields={"reason": [ReasonMissing.message]})
    deed = (certificate.state, certificate.revoked_by_id, certificate.revoked_reason)
    if deed == ("revoked", actor.person_id, reason.strip()):
        return
    revoke(actor=actor, certificate=certificate, reason=reason.strip(), now=now)


def revoke(*, actor: Actor, certificate: Certificate, reason: str, now: datetime) -> None:
    """Change the state inside the caller's transaction, rights already checked."""
    certificate.state = CERTIFICATE.check(certificate.state, "revoke")
    certificate.revoked_at, certificate.revoked_by_id, certificate.revoked_reason = now, actor.person_id, reason
    certificate.save(update_fields=["state", "revoked_at", "revoked_by", "revoked_reason"])
    organisation = certificate.entry.organisation
    audit.record(
        action="certificate.revoked",
        actor=actor,
        subject_type="certificate",
        subject_id=certificate.pk,
        organisation_path=organisation.path if organisation else "",
        details={"number": certificate.number},
        now=now,
    )
