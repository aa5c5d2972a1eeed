"""Imaging reports and critical values as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from consult_bridge import policies
from consult_bridge.errors import ConsultNotFound
from consult_bridge.models import ConsentRelease, Consult, ConsultStudy, CriticalValue, Opinion, Report, ReportDocument
from consult_bridge.selectors.sources import ids_of, in_either
from consult_bridge.selectors.versions import Versions
from consult_bridge.states import OPEN, REPORTING
from consult_bridge.trail import note_reading
from core.actor import Actor
from media_pipeline import api as media
from media_pipeline.contracts import StudyFacts

MOST_BARS = 5


def outdated_releases(document_id: UUID) -> list[UUID]:
    """The releases for teaching whose texts were taken before this report, or this opinion, corrected the one before;
    none for a first version."""
    for model in (Report, Opinion):
        document = model.unscoped.filter(pk=document_id, amends__isnull=False, signed_at__isnull=False).first()
        if document is not None:
            rows = ConsentRelease.objects.filter(
                consent__consult=document.consult_id, created_at__lt=document.signed_at
            )
            return list(rows.values_list("release_id", flat=True))
    return []


@dataclass(frozen=True, slots=True)
class ReportShown(Versions[Report]):
    """The report on one study, as this reader may see it. `facts` is None where the study is no longer in the archive.
    `critical` is the critical value that stands; `is_awaited` says whether one is written, or may still be begun."""

    study_id: UUID
    facts: StudyFacts | None
    critical: CriticalValue | None
    is_awaited: bool

    @property
    def label(self) -> str:
        if self.current and self.current.examination:
            return self.current.examination
        return f"{self.facts.modality_label} {self.facts.description}".strip() if self.facts else "–"

    @property
    def modalities(self) -> list[str]:
        return self.facts.modality.split("\\") if self.facts else []


def reports_of(actor: Actor, consult: Consult) -> list[ReportShown]:
    """One for each attached study, and for each report whose study is gone. Unsigned texts only for who writes."""
    rows = Report.unscoped.filter(consult=consult).exclude(state="given_up")
    rows = rows.select_related(
        "written_by",
        "checked_by",
        "signed_by",
        "consult__receiving_organisation",
        "document",
        "amends",
        "amendment__signed_by",
    )
    by_study: dict[UUID, list[Report]] = {}
    for study_id in ConsultStudy.unscoped.filter(consult=consult, is_attached=True).values_list("study_id", flat=True):
        by_study[study_id] = []
    for report in rows.order_by("-version"):
        by_study.setdefault(report.study_id, []).append(report)
    standing = {c.study_id: c for c in standing_critical_values(consult)}
    sees_drafts = policies.sees_drafts(actor, consult)
    shown = []
    for study_id, reports in by_study.items():
        versions = Versions.of(reports, sees_drafts=sees_drafts)
        facts, critical = _facts(study_id), standing.get(study_id)
        is_awaited = consult.state in OPEN or any(report.is_under_way for report in reports)
        shown.append(ReportShown(versions.making, versions.signed, study_id, facts, critical, is_awaited))
    return shown


def _facts(study_id: UUID) -> StudyFacts | None:
    try:
        return media.get_study(study_id)
    except media.StudyNotFound:
        return None


def standing_critical_values(consult: Consult) -> QuerySet[CriticalValue]:
    rows = CriticalValue.unscoped.filter(consult=consult).exclude(state="withdrawn")
    return rows.select_related(*_FOR_BARS)


_FOR_BARS = (
    "report",
    "raised_by",
    "acknowledged_by",
    "consult__patient",
    "consult__requesting_organisation",
    "consult__receiving_organisation",
)


@dataclass(frozen=True, slots=True)
class CriticalBar:
    """A critical value that waits, on top of a page; `may_acknowledge` says whether this reader is asked to."""

    critical: CriticalValue
    may_acknowledge: bool


def bars_of(actor: Actor, consult: Consult) -> list[CriticalBar]:
    waiting = standing_critical_values(consult).filter(state="awaiting")
    return [CriticalBar(row, policies.may_acknowledge(actor, row)) for row in waiting]


def bars_for(actor: Actor) -> list[CriticalBar]:
    """What this person has to acknowledge or, as a coordinator, to follow up; the longest waiting first. That they wait
    the whole question says too: a database reads all critical values for an OR over subqueries."""
    mine = Q(pk__in=policies.to_acknowledge_by(actor).values("pk")) | Q(
        pk__in=policies.escalated_to(actor).values("pk")
    )
    rows = CriticalValue.objects.visible_to(actor).filter(mine, state="awaiting").select_related(*_FOR_BARS)
    rows = rows.order_by("due_at")
    return [CriticalBar(row, policies.may_acknowledge(actor, row)) for row in rows[:MOST_BARS]]


def get_critical(actor: Actor, consult_id: UUID, critical_id: UUID) -> CriticalValue:
    """Raises ConsultNotFound."""
    rows = CriticalValue.objects.visible_to(actor).select_related(*_FOR_BARS)
    critical = rows.filter(consult_id=consult_id, pk=critical_id).first()
    if critical is None:
        raise ConsultNotFound
    return critical


def get_report_document(actor: Actor, consult_id: UUID, report_id: UUID, *, now: datetime) -> ReportDocument:
    """The PDF of one signed version; audited. Raises ConsultNotFound when there is none, or none yet."""
    rows = Report.objects.visible_to(actor).filter(consult_id=consult_id, pk=report_id, document__isnull=False)
    report = rows.select_related("document", "consult__requesting_organisation").first()
    if report is None:
        raise ConsultNotFound
    note_reading(actor=actor, consult=report.consult, now=now, part="report", part_id=report.pk)
    return report.document


def report_condition(actor: Actor) -> Q:
    """Consults with an imaging report for this person to write: none begun on a study, or one of their own open."""
    own = policies.reports_to_write_by(actor).values("consult_id")
    return in_either(ids_of(to_begin_condition(actor)), own)


def to_begin_condition(actor: Actor) -> Q:
    """Consults with a study on which nobody has begun a report, at a hospital where this person writes them."""
    begun = Report.unscoped.filter(consult=OuterRef("consult"), study_id=OuterRef("study_id"))
    begun = begun.exclude(state="given_up")
    unreported = ConsultStudy.unscoped.filter(~Exists(begun), consult=OuterRef("pk"), is_attached=True)
    return policies.received_below(actor, "consult.answer") & Q(Exists(unreported), state__in=REPORTING)


def reports_in_hand(actor: Actor) -> QuerySet[Report]:
    """Reports that wait for this person: to check, and their own to finish. Both are unsigned, which the whole question
    says too: a database reads all reports for an OR over subqueries."""
    mine = Q(pk__in=policies.reports_to_check_by(actor).values("pk"))
    mine |= Q(pk__in=policies.reports_to_write_by(actor).values("pk"))
    rows = Report.objects.visible_to(actor).filter(mine, signed_at__isnull=True).order_by("saved_at")
    return rows.select_related("consult__patient", "consult__requesting_organisation")
