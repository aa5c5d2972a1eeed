"""Reads of the casebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from casebook import policies
from casebook.content import DIFFICULTIES, HEAD, LEARNING, STEP_KINDS, years_of
from casebook.contracts import CaseCard, CaseVersionFacts
from casebook.errors import CaseNotFound
from casebook.models import CaseReading, CaseSave, CaseVersion, Proposal, TeachingCase
from consult_bridge import api as consult_bridge
from core.actor import Actor
from core.numbers import whole_number
from directory.api import people_with_permission
from media_pipeline import api as media

MOST_PROPOSALS = 200


def next_case_code() -> str:
    """The next case code, "T-0094", and after "T-9999" "T-10000": text alone would put that one before "T-9999".

    Called inside a transaction; the column is unique.
    """
    last = TeachingCase.unscoped.order_by(Length("code").desc(), "-code").values_list("code", flat=True).first()
    return f"T-{int(last[2:]) + 1 if last else 1:04d}"


def published_versions(
    actor: Actor, *, query: str = "", specialty: str = "", difficulty: str = ""
) -> QuerySet[CaseVersion]:
    """What this reader may find, newest first. `query` looks into titles and summaries, or is a case's number."""
    versions: QuerySet[CaseVersion] = CaseVersion.objects.readable_by(actor).order_by("-published_at", "-id")
    if specialty:
        versions = versions.filter(case__specialty=specialty)
    if (level := whole_number(difficulty)) is not None:
        versions = versions.filter(case__difficulty=level)
    for word in query.split():
        in_text = Q(content__title__icontains=word) | Q(content__summary__icontains=word)
        versions = versions.filter(in_text | Q(case__code__iexact=word))
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
        questions=sum(1 for step in content["steps"] if step.get("question")),
        published_at=version.published_at,
        specialty_label=specialty_label(version.case.specialty),
        difficulty_label=str(DIFFICULTIES.get(version.case.difficulty, "")),
        cover=next((step["figure"] for step in content["steps"] if step.get("figure")), None),
    )


def facts(version: CaseVersion) -> CaseVersionFacts:
    """The version as others may show it. Its release is asked every time: a closed one is not available at once."""
    return _facts(version, is_release_open=media.get_release_state(version.release_id) == "open")


def _facts(version: CaseVersion, *, is_release_open: bool) -> CaseVersionFacts:
    content = version.content
    specialty = content.get("specialty") or version.case.specialty
    difficulty = content.get("difficulty") or version.case.difficulty
    is_available = version.state != "withdrawn" and is_release_open
    return CaseVersionFacts(
        id=version.pk,
        case_id=version.case_id,
        code=version.case.code,
        number=version.number,
        state=version.state,
        title=content.get("title", "") if is_available else "",
        summary=content.get("summary", "") if is_available else "",
        specialty=specialty,
        difficulty=difficulty,
        age_band=content.get("age_band", "") if is_available else "",
        sex=content.get("sex", "") if is_available else "",
        steps=tuple(content.get("steps", [])) if is_available else (),
        release_id=version.release_id,
        content_hash=version.content_hash,
        is_available=is_available,
        published_at=version.published_at,
        objectives=tuple(content.get("objectives", [])) if is_available else (),
        references=tuple(content.get("references", [])) if is_available else (),
        specialty_label=specialty_label(specialty),
        difficulty_label=str(DIFFICULTIES.get(difficulty, "")),
    )


def version_facts(version_id: UUID) -> CaseVersionFacts:
    """For rooms that pin versions (a course unit, a review). Raises CaseNotFound."""
    found = version_facts_many([version_id])
    if version_id not in found:
        raise CaseNotFound
    return found[version_id]


def version_facts_many(version_ids: Iterable[UUID]) -> dict[UUID, CaseVersionFacts]:
    """By id, those that exist. Their releases are asked every time, all in the one query."""
    rows = CaseVersion.unscoped.select_related("case").filter(pk__in=set(version_ids))
    asked = rows.annotate(is_release_open=Exists(media.open_release_ids().filter(pk=OuterRef("release_id"))))
    return {row.pk: _facts(row, is_release_open=row.is_release_open) for row in asked}


def releases_of_versions(version_ids: Iterable[UUID | str]) -> set[UUID]:
    """The releases these versions rest on, whatever became of them."""
    return set(CaseVersion.unscoped.filter(pk__in=version_ids).values_list("release_id", flat=True))


def choosable_versions(actor: Actor, version_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these versions that a course of this actor may show: published once, not withdrawn, release open."""
    if not (actor.is_signed_in or actor.is_system):
        return set()
    rows = CaseVersion.unscoped.filter(pk__in=list(version_ids), state__in=("published", "retired"))
    return set(rows.filter(release_id__in=media.open_release_ids()).values_list("pk", flat=True))


def editors_of_versions(version_ids: Iterable[UUID]) -> set[UUID]:
    """The editors of these versions' cases."""
    cases = CaseVersion.unscoped.filter(pk__in=list(version_ids)).values("case")
    return set(TeachingCase.editors.through.objects.filter(teachingcase__in=cases).values_list("person_id", flat=True))


def readable_version(actor: Actor, case_id: UUID) -> CaseVersionFacts:
    """The published version of a case whose release is open. Raises CaseNotFound otherwise, also when withdrawn."""
    version = CaseVersion.objects.readable_by(actor).filter(case=case_id).first()
    if version is None:
        raise CaseNotFound
    return facts(version)


def readable_case_of(actor: Actor, release_id: UUID) -> UUID | None:
    """The published case that rests on a release; None while there is none or the actor may not read it."""
    versions = CaseVersion.objects.readable_by(actor).filter(release_id=release_id)
    return versions.values_list("case_id", flat=True).first()


def stated_purpose(actor: Actor, case_id: UUID, now: datetime) -> str:
    """The purpose the actor stated for this case today, or ""."""
    reading = CaseReading.objects.filter(case=case_id, person=actor.person_id, day=timezone.localdate(now)).first()
    return reading.purpose if reading else ""


@dataclass(frozen=True, slots=True)
class DeskProposal:
    """A proposal as an editor may see it. `reason` is the release's cleaned text, "" until the release is open."""

    id: UUID
    state: str
    specialty: str
    created_at: datetime
    is_release_open: bool
    reason: str
    report_amended_at: datetime | None


def open_proposals(actor: Actor) -> QuerySet[Proposal]:
    """Proposals whose release is open and which this editor may take up."""
    rows: QuerySet[Proposal] = policies.decidable_by(actor).filter(is_release_open=True)
    return rows.filter(release_id__in=media.open_release_ids()).order_by("created_at")


def desk_proposals(actor: Actor) -> list[DeskProposal]:
    """Proposals that an editor still has to decide, opened releases first."""
    rows = list(policies.decidable_by(actor).order_by("-is_release_open", "created_at")[:MOST_PROPOSALS])
    texts = media.released_texts(row.release_id for row in rows if row.is_release_open)
    return [
        DeskProposal(
            id=row.pk,
            state=row.state,
            specialty=specialty_label(row.specialty),
            created_at=row.created_at,
            is_release_open=row.release_id in texts,
            reason=texts.get(row.release_id, {}).get(consult_bridge.REASON_TEXT, ""),
            report_amended_at=row.report_amended_at,
        )
        for row in rows
    ]


def editable_version(actor: Actor, version_id: UUID) -> CaseVersion:
    """A version for an editor of its organisation, while its release is open. Raises Forbidden, CaseNotFound."""
    actor.require("case.edit")
    rows = CaseVersion.objects.visible_to(actor, policies.EDIT)
    version: CaseVersion | None = rows.filter(pk=version_id, release_id__in=media.open_release_ids()).first()
    if version is None:
        raise CaseNotFound
    return version


@dataclass(frozen=True, slots=True)
class Amendment:
    """A report behind the case was corrected after its texts were taken, and no editor has looked yet."""

    proposal_id: UUID
    amended_at: datetime


def amendments_of(release_ids: Iterable[UUID]) -> dict[UUID, Amendment]:
    """By release, for a desk that holds the cases made of them. One query."""
    rows = Proposal.unscoped.filter(release_id__in=set(release_ids), report_amended_at__isnull=False)
    return {
        row.release_id: Amendment(row.pk, row.report_amended_at)
        for row in rows
        if row.release_id and row.report_amended_at
    }


def amendment_of(version: CaseVersion) -> Amendment | None:
    return amendments_of([version.release_id]).get(version.release_id)


def first_version_id(actor: Actor, case_id: UUID) -> UUID:
    """The draft that a newly accepted case begins with. Raises CaseNotFound."""
    version = CaseVersion.objects.visible_to(actor, policies.EDIT).filter(case=case_id, number=1).first()
    if version is None:
        raise CaseNotFound
    return UUID(str(version.pk))


@dataclass(frozen=True, slots=True)
class SavedState:
    """A state of a draft that can be brought back, in words."""

    number: int
    words: str
    saved_at: datetime
    person: str
    steps: int


def saves_of(version: CaseVersion) -> list[SavedState]:
    """The draft's saved states, the present one first."""
    rows = version.saves.select_related("saved_by")
    return [
        SavedState(row.number, _words_of(row), row.saved_at, row.saved_by.name, len(row.content["steps"]))
        for row in rows
    ]


def _words_of(save: CaseSave) -> str:
    """What was done, and where."""
    what = {
        "start": _("As it was"),
        "text": _("Text changed"),
        "add": _("Step added"),
        "move": _("Step moved"),
        "remove": _("Step removed"),
        "restore": _("Brought back from state %(n)s") % {"n": save.restored_from},
    }[save.what]
    named = {HEAD: _("The case"), LEARNING: _("Objectives and references")}
    step = next((step for step in save.content["steps"] if step["id"] == save.part), None)
    place = named.get(save.part) or (step and (step["heading"] or str(STEP_KINDS[step["kind"]]))) or ""
    return f"{what}: {place}" if place else what


def proposal_of(consult_id: UUID) -> Proposal | None:
    """The live or last proposal of a consult; the caller has already shown that the actor may see the consult."""
    return Proposal.unscoped.filter(consult_id=consult_id).order_by("-created_at").first()


def specialty_label(key: str) -> str:
    """A specialty's name in the active language."""
    return str(consult_bridge.SPECIALTIES.get(key, key))


def published_specialties(actor: Actor) -> list[tuple[str, str]]:
    """(key, name) of the specialties that have a case this reader may open, by name."""
    keys = CaseVersion.objects.readable_by(actor).exclude(case__specialty="").values_list("case__specialty", flat=True)
    return sorted(((key, specialty_label(key)) for key in keys.distinct().order_by()), key=lambda pair: pair[1])


def evidence_of(version_id: UUID) -> dict[str, Any]:
    """What a reviewer sees of the de-identification behind a version: counts, and how many patients are alike."""
    version = CaseVersion.unscoped.get(pk=version_id)
    release = media.get_release(version.release_id)
    return {
        "evidence": release.evidence,
        "like_count": version.like_count,
        "like_reason": version.like_reason,
        "label": release.label,
    }


@dataclass(frozen=True, slots=True)
class Likeness:
    """How many patients of the region share what the case says of its patient: "<5" or the number."""

    count: str

    @property
    def is_too_few(self) -> bool:
        return self.count.startswith("<")


def likeness_of(version: CaseVersion, *, now: datetime) -> Likeness:
    """Only the consult side knows which region it is; it finds it by the release. Raises ValueError for no age band."""
    youngest, oldest = years_of(version.content["age_band"])
    facts = consult_bridge.CaseFacts(
        release_id=version.release_id,
        sex=version.content.get("sex", ""),
        youngest=youngest,
        oldest=oldest,
        specialty=version.content.get("specialty") or version.case.specialty,
    )
    return Likeness(consult_bridge.count_like(facts, now=now))


def publishers_of(version_id: UUID, now: datetime) -> list[UUID]:
    """Whoever may publish the version's case."""
    path = CaseVersion.unscoped.values_list("case__organisation__path", flat=True).get(pk=version_id)
    return people_with_permission("case.publish", now, covering=path)
