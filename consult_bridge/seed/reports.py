"""A few imaging reports of the seeded year: signed ones, one that was corrected, one with a critical value.

Their studies are no longer in the archive: nothing here speaks of an image that anybody can open. Texts follow the
Chinese guidelines for acute ischaemic stroke (CT before thrombolysis) and for heart failure (chest radiograph).
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from consult_bridge.models import Consult, CriticalValue, Report, ReportRevision
from consult_bridge.seed.rows import Rows, add_step
from consult_bridge.services.reports import signed_content
from consult_bridge.vocabulary import CRITICAL_MINUTES
from core import crypto
from directory.api import SeededProvince

DATA: dict[str, Any] = json.loads((Path(__file__).parent / "reports.json").read_text(encoding="utf-8"))
FILMS, HEADS = 6, 4
WRITE, CHECK, CORRECT = timedelta(minutes=7), timedelta(minutes=16), timedelta(minutes=40)
READ_BACK = timedelta(minutes=6)


def add_reports(rows: Rows, consults: list[Consult], province: SeededProvince) -> None:
    """On closed consults of the demo's hospital, the newest first. `rows` draws from dice of its own, so that what was
    seeded before stays as it is."""
    film, head = DATA["film"], DATA["head"]
    for place, consult in enumerate(_fitting(consults, film["subject"], province)[:FILMS]):
        begun = consult.created_at + 0.5 * (_signed_at(consult) - consult.created_at)
        _on_film(rows, consult, province, begun, is_mistaken=place == 0)
    for place, consult in enumerate(_fitting(consults, head["subject"], province)[:HEADS]):
        _on_head(rows, consult, province, _signed_at(consult) + timedelta(minutes=10), is_critical=place == 0)


def _fitting(consults: list[Consult], subject: str, province: SeededProvince) -> list[Consult]:
    """The demo's own county comes first, so that its people find one."""
    chosen = [
        consult
        for consult in consults
        if consult.subject == subject
        and consult.state == "closed"
        and consult.receiving_organisation_id == province.hospital.pk
    ]
    own = province.hospital_a.pk
    return sorted(chosen, key=lambda c: (c.requesting_organisation_id != own, -c.created_at.timestamp()))


def _signed_at(consult: Consult) -> datetime:
    return consult.signed_at or consult.created_at  # a closed one has been signed


def _on_film(rows: Rows, consult: Consult, province: SeededProvince, begun: datetime, *, is_mistaken: bool) -> None:
    film = DATA["film"]
    study_id = rows.id_at(begun)
    if not is_mistaken:
        _signed(rows, consult, province, study_id, film["texts"], begun, template=film["template"])
        return
    wrong, right = film["texts"] | film["mistaken"], film["texts"] | {"change_reason": film["change_reason"]}
    first = _signed(rows, consult, province, study_id, wrong, begun, template=film["template"])
    first.state = "amended"
    again = begun + CORRECT
    _signed(rows, consult, province, study_id, right, again, template=film["template"], amends=first)


def _on_head(rows: Rows, consult: Consult, province: SeededProvince, begun: datetime, *, is_critical: bool) -> None:
    head = DATA["head"]
    texts = head["texts"] | (head["critical"] if is_critical else {})
    report = _signed(rows, consult, province, rows.id_at(begun), texts, begun, template=head["template"])
    if is_critical:
        _acknowledged(rows, report, head["read_back"])


def _signed(
    rows: Rows,
    consult: Consult,
    province: SeededProvince,
    study_id: UUID,
    texts: dict[str, str],
    begun: datetime,
    *,
    template: str,
    amends: Report | None = None,
) -> Report:
    writer, checker = province.people["reporting_doctor"], province.people["expert2"]
    report = rows.add(
        Report(
            id=rows.id_at(begun),
            consult=consult,
            study_id=study_id,
            version=amends.version + 1 if amends else 1,
            amends=amends,
            template=template,
            **texts,
            state="signed",
            revision=1,
            written_by_id=writer.pk,
            checked_by_id=checker.pk,
            signed_by_id=checker.pk,
            created_at=begun,
            saved_at=begun + WRITE,
            submitted_at=begun + WRITE,
            signed_at=begun + CHECK,
        )
    )
    content = signed_content(report)
    report.content_hash = crypto.digest(content)
    report.signature = str(crypto.sign(content, purpose="report"))
    rows.add(ReportRevision(report=report, number=1, saved_by_id=writer.pk, saved_at=begun + WRITE, **texts))
    _steps(rows, report, begun)
    return report


def _steps(rows: Rows, report: Report, begun: datetime) -> None:
    """The report's lines in the consult's history."""
    consult = report.consult
    state = "signed" if begun >= _signed_at(consult) else "drafting"
    add_step(rows, consult, "report_submitted", state, begun + WRITE, report.written_by_id)
    verb = "report_amended" if report.is_amendment else "report_signed"
    add_step(rows, consult, verb, state, begun + CHECK, report.checked_by_id, report.change_reason)


def _acknowledged(rows: Rows, report: Report, read_back: str) -> None:
    consult, raised = report.consult, report.saved_at
    rows.add(
        CriticalValue(
            id=rows.id_at(raised),
            consult=consult,
            report=report,
            study_id=report.study_id,
            text=report.critical_value,
            state="acknowledged",
            raised_by_id=report.written_by_id,
            raised_at=raised,
            due_at=raised + timedelta(minutes=CRITICAL_MINUTES),
            acknowledged_by_id=consult.requester_id,
            acknowledged_at=raised + READ_BACK,
            read_back=read_back,
        )
    )
    add_step(rows, consult, "critical_raised", "signed", raised, report.written_by_id)
    add_step(rows, consult, "critical_acknowledged", "signed", raised + READ_BACK, consult.requester_id, read_back)


def own_dice() -> Random:
    return Random("imaging reports")
