"""Reads of the casebook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from casebook.contracts import CaseCard, CaseVersionFacts
from casebook.errors import CaseNotFound
from casebook.models import CaseReading, CaseVersion, Proposal, TeachingCase
from core.actor import Actor
from media_pipeline import api as media


def next_case_code() -> str:
    """The next case code, "T-0094". Called inside a transaction; the column is unique."""
    last = TeachingCase.objects.order_by("-code").values_list("code", flat=True).first()
    return f"T-{int(last[2:]) + 1 if last else 1:04d}"


def published_versions(*, query: str = "", specialty: str = "") -> QuerySet[CaseVersion]:
    """What a signed-in reader may find, newest first."""
    versions = CaseVersion.objects.filter(state="published").select_related("case").order_by("-published_at", "-id")
    if specialty:
        versions = versions.filter(case__specialty=specialty)
    if query:
        versions = versions.filter(Q(content__title__icontains=query) | Q(case__code__iexact=query))
    return versions


def card(version: CaseVersion) -> CaseCard:
    content = version.content
    return CaseCard(
        case_id=version.case_id,
        version_id=version.pk,
        code=version.case.code,
        title=content["title"],
        summary=content["summary"],
        specialty=version.case.specialty,
        difficulty=version.case.difficulty,
        steps=len(content["steps"]),
        questions=sum(1 for step in content["steps"] if step["kind"] == "question"),
        published_at=version.published_at,
    )


def facts(version: CaseVersion) -> CaseVersionFacts:
    """The version as others may show it. Its release is asked every time: a closed one is not available at once."""
    content = version.content
    is_available = version.state != "withdrawn" and media.get_release_state(version.release_id) == "open"
    return CaseVersionFacts(
        id=version.pk,
        case_id=version.case_id,
        code=version.case.code,
        number=version.number,
        state=version.state,
        title=content.get("title", "") if is_available else "",
        specialty=version.case.specialty,
        difficulty=version.case.difficulty,
        age_band=content.get("age_band", "") if is_available else "",
        sex=content.get("sex", "") if is_available else "",
        steps=tuple(content.get("steps", [])) if is_available else (),
        release_id=version.release_id,
        content_hash=version.content_hash,
        is_available=is_available,
        published_at=version.published_at,
    )


def version_facts(version_id: UUID) -> CaseVersionFacts:
    """Raises CaseNotFound."""
    version = CaseVersion.objects.select_related("case").filter(pk=version_id).first()
    if version is None:
        raise CaseNotFound
    return facts(version)


def version_facts_many(version_ids: Iterable[UUID]) -> dict[UUID, CaseVersionFacts]:
    rows = CaseVersion.objects.select_related("case").filter(pk__in=set(version_ids))
    return {row.pk: facts(row) for row in rows}


def readable_version(case_id: UUID) -> CaseVersionFacts:
    """The published version of a case whose release is open. Raises CaseNotFound otherwise, also when withdrawn."""
    version = CaseVersion.objects.select_related("case").filter(case=case_id, state="published").first()
    found = facts(version) if version else None
    if found is None or not found.is_available:
        raise CaseNotFound
    return found


def stated_purpose(actor: Actor, case_id: UUID, now: datetime) -> str:
    """The purpose the actor stated for this case today, or ""."""
    reading = CaseReading.objects.filter(case=case_id, person=actor.person_id, day=timezone.localdate(now)).first()
    return reading.purpose if reading else ""


def desk_proposals(actor: Actor) -> QuerySet[Proposal]:
    """Proposals that an editor still has to decide, opened releases first."""
    if not actor.may("case.edit"):
        return Proposal.objects.none()
    waiting = Proposal.objects.filter(state__in=["proposed", "consent_missing", "releasing"])
    return waiting.select_related("proposer").order_by("-is_release_open", "created_at")


def desk_versions(actor: Actor) -> QuerySet[CaseVersion]:
    """Versions of the cases this editor works on, drafts first."""
    return (
        CaseVersion.objects.filter(case__editors=actor.person_id)
        .exclude(state__in=["withdrawn", "retired"])
        .select_related("case")
        .order_by("state", "-updated_at")
    )


def editable_version(actor: Actor, version_id: UUID) -> CaseVersion:
    """A version for one of its editors. Raises Forbidden, CaseNotFound."""
    actor.require("case.edit")
    version = CaseVersion.objects.select_related("case").filter(pk=version_id, case__editors=actor.person_id).first()
    if version is None:
        raise CaseNotFound
    return version


def proposal_of(consult_id: UUID) -> Proposal | None:
    """The live or last proposal of a consult; the caller has already shown that the actor may see the consult."""
    return Proposal.objects.filter(consult_id=consult_id).order_by("-created_at").first()


def published_specialties() -> list[str]:
    """Specialties that have a published case, in stable order."""
    rows = TeachingCase.objects.filter(versions__state="published").exclude(specialty="")
    return list(rows.values_list("specialty", flat=True).distinct().order_by("specialty"))


def evidence_of(version_id: UUID) -> dict[str, Any]:
    """What a reviewer sees of the de-identification behind a version: counts, and how many patients are alike."""
    version = CaseVersion.objects.get(pk=version_id)
    release = media.get_release(version.release_id)
    return {"evidence": release.evidence, "like_count": version.like_count, "label": release.label}
