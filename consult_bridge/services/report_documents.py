"""The PDF of a signed version of an imaging report: both names, and where it corrects another one, what changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult_bridge.models import CriticalValue, Report, ReportDocument
from consult_bridge.services.documents import (
    correction_of,
    facts_of,
    keep_document,
    moment,
    people_of,
    signed_document,
)
from consult_bridge.vocabulary import SERVICES

TEMPLATE = Path(__file__).resolve().parent.parent / "documents" / "report.typ"


def keep_report_document(*, report_id: UUID, now: datetime) -> str:
    """Render and store the PDF once; returns its SHA-256. Repeating it returns the first one's.

    Raises OpinionNotSigned, FontsMissing.
    """
    report = signed_document(Report, report_id)
    return keep_document(report, ReportDocument, TEMPLATE, document_data, folder="reports", now=now)


def document_data(report: Report) -> dict[str, Any]:
    """What the template prints, in the active language. An empty comparison is left out: none was made."""
    consult = report.consult
    sections = (
        (pgettext("imaging", "Technique"), report.technique),
        (pgettext("imaging", "Comparison"), report.comparison),
        (pgettext("imaging", "Imaging findings"), report.findings),
        (pgettext("imaging", "Diagnostic impression"), report.impression),
    )
    return {
        "lang": "zh",
        "region": "cn",
        "title": _("Corrected imaging report") if report.is_amendment else _("Imaging report"),
        "hospital": consult.receiving_organisation.name,
        "facts": [
            *facts_of(report),
            [pgettext("imaging", "Examination"), report.examination],
            [_("Version"), str(report.version)],
        ],
        "notices": [*correction_of(report), *_critical(report)],
        "sections": [{"heading": str(heading), "text": text} for heading, text in sections if text],
        "people": people_of(report),
        "responsibility": str(SERVICES[consult.service_type].responsibility),
        "hash": report.content_hash,
        "labels": {"hash": _("Fingerprint of the signed text")},
        "footer": _("%(number)s, signed %(time)s") % {"number": consult.pk, "time": moment(report.signed_at)},
    }


def _critical(report: Report) -> list[dict[str, str]]:
    if not report.critical_value:
        return []
    told = CriticalValue.unscoped.filter(consult=report.consult, study_id=report.study_id, text=report.critical_value)
    first = told.order_by("raised_at").first()
    heading = _("Critical value, told to the requesting doctor %(time)s:") % {
        "time": moment(first.raised_at if first else report.signed_at)
    }
    return [{"heading": heading, "text": report.critical_value}]
