"""The PDFs of signed documents. Made in a job: rendering and files stay outside the transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult_bridge.ages import age_at_request
from consult_bridge.models import Opinion, OpinionDocument
from consult_bridge.models.record import identified_storage
from consult_bridge.models.written import WrittenDocument
from consult_bridge.vocabulary import SERVICES, SPECIALTIES
from core.documents import render
from core.errors import Conflict
from directory import api as directory

Written = TypeVar("Written", bound=WrittenDocument)
TEMPLATE = Path(__file__).resolve().parent.parent / "documents" / "opinion.typ"
LANGUAGE = "zh-hans"
"""A signed document goes into a Chinese hospital record, whatever language its reader's screen has."""


class OpinionNotSigned(Conflict):
    code = "opinion_not_signed"


def keep_opinion_document(*, opinion_id: UUID, now: datetime) -> str:
    """Render and store the PDF once; returns its SHA-256. Repeating it returns the first one's.

    Raises OpinionNotSigned, FontsMissing.
    """
    opinion = signed_document(Opinion, opinion_id)
    return keep_document(opinion, OpinionDocument, TEMPLATE, document_data, folder="opinions", now=now)


def signed_document(model: type[Written], key: UUID) -> Written:
    """The signed document with what its template prints. Raises OpinionNotSigned."""
    related = ("consult__patient", "consult__requesting_organisation", "consult__receiving_organisation")
    document = model.unscoped.select_related(*related, "written_by", "signed_by").filter(pk=key).first()
    if document is None or not document.is_signed or document.signed_at is None:
        raise OpinionNotSigned
    return document


def keep_document(
    document: Written,
    kept_model: type[Any],
    template: Path,
    data: Callable[[Written], dict[str, Any]],
    *,
    folder: str,
    now: datetime,
) -> str:
    """Render once and store in `kept_model` (a PrintedDocument with its file); returns the SHA-256 of the PDF that is
    kept. Rendering and files stay outside the transaction. Raises FontsMissing."""
    kept = kept_model._default_manager.filter(pk=document.pk).first()
    if kept is not None:
        return kept.sha256
    with translation.override(LANGUAGE):
        pdf = render(template, data=data(document), now=document.signed_at or now)
    digest = hashlib.sha256(pdf).hexdigest()
    name = identified_storage().save(f"{folder}/{document.pk}.pdf", ContentFile(pdf))
    with transaction.atomic():
        kept, is_new = kept_model._default_manager.get_or_create(
            pk=document.pk, defaults={"file": name, "sha256": digest, "size": len(pdf), "made_at": now}
        )
    if not is_new:
        identified_storage().delete(name)
    return kept.sha256


def document_data(opinion: Opinion) -> dict[str, Any]:
    """What the template prints, in the active language."""
    consult = opinion.consult
    return {
        "lang": "zh",
        "region": "cn",
        "title": _("Corrected consult opinion") if opinion.is_amendment else _("Consult opinion"),
        "hospital": consult.receiving_organisation.name,
        "facts": [*facts_of(opinion), *([[_("Version"), str(opinion.version)]] if opinion.is_amendment else [])],
        "notices": correction_of(opinion),
        "sections": [
            {"heading": str(heading), "text": text}
            for heading, text in (
                (pgettext("consult", "Question"), consult.question),
                (_("Findings"), opinion.findings),
                (_("Impression"), opinion.impression),
                (_("Recommendation"), opinion.recommendation),
            )
        ],
        "people": people_of(opinion),
        "responsibility": str(SERVICES[consult.service_type].responsibility),
        "hash": opinion.content_hash,
        "labels": {"hash": _("Fingerprint of the signed text")},
        "footer": _("%(number)s, signed %(time)s") % {"number": consult.pk, "time": moment(opinion.signed_at)},
    }


def correction_of(document: WrittenDocument) -> list[dict[str, str]]:
    """What a further version says of the one that it replaces, and why; nothing in a first version."""
    before: Any = document.amends
    if before is None:
        return []
    heading = _("This version replaces version %(number)s, signed %(time)s. What changed and why:") % {
        "number": before.version,
        "time": moment(before.signed_at),
    }
    return [{"heading": heading, "text": document.change_reason}]


def facts_of(document: WrittenDocument) -> list[list[str]]:
    """The head's pairs. What many requests never have is left out: a dash would look forgotten."""
    consult = document.consult
    patient = consult.patient
    accession = [[_("Accession number"), consult.accession_number]] if consult.accession_number else []
    return [
        [pgettext("consult", "Name"), patient.name],
        [_("Sex and age"), f"{patient.get_sex_display()} {age_at_request(consult)}".strip()],
        [_("Patient number"), patient.record_number or "–"],
        *accession,
        [pgettext("consult", "Requested by"), consult.requesting_organisation.name],
        [_("Requested at"), moment(consult.submitted_at)],
        [_("Service type"), str(consult.get_service_type_display())],
        [pgettext("consult", "Specialty"), str(SPECIALTIES.get(consult.specialty, consult.specialty))],
    ]


def people_of(opinion: WrittenDocument) -> list[dict[str, str]]:
    cards = directory.get_people([who for who in (opinion.written_by_id, opinion.signed_by_id) if who])
    rows: list[tuple[Any, Any, Any]] = [
        (_("Written by"), opinion.written_by_id, opinion.submitted_at or opinion.saved_at)
    ]
    if opinion.checked_by_id:
        rows.append((_("Checked and signed by"), opinion.checked_by_id, opinion.signed_at))
    else:
        rows.append((_("Signed by"), opinion.signed_by_id, opinion.signed_at))
    return [
        {"role": role, "name": cards[person].name, "title": cards[person].title, "at": moment(at)}
        for role, person, at in rows
    ]


def moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else "–"
