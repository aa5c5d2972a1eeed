"""Edit a draft version step by step."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from casebook.content import STEP_KINDS
from casebook.errors import CaseNotFound, FrozenVersion
from casebook.models import CaseVersion
from casebook.policies import EDIT
from core import audit
from core.actor import Actor
from core.errors import StaleForm
from media_pipeline import api as media

HEAD_FIELDS = ("title", "summary", "age_band", "sex")


def save_draft(*, actor: Actor, version_id: UUID, revision: int, content: dict[str, Any], now: datetime) -> int:
    """Replace the draft's content. Returns the new revision.

    `revision` is the one the form was opened with; raises StaleForm when somebody saved in between, FrozenVersion when
    the version is not a draft any more, CaseNotFound when the actor is not one of its editors.
    """
    with transaction.atomic():
        version = locked_for_editing(actor, version_id)
        if version.frozen_at:
            raise FrozenVersion
        if version.revision != revision:
            raise StaleForm
        version.content = tidy(content)
        version.revision += 1
        version.updated_at = now
        version.save()
        version.case.editors.add(actor.person_id)  # type: ignore[arg-type]  # who wrote in it cannot review it
        audit.record(
            action="case.edited",
            actor=actor,
            subject_type="casebook.CaseVersion",
            subject_id=version.pk,
            organisation_path=version.case.organisation.path,
            details={"revision": version.revision},
            now=now,
        )
    return version.revision


def locked_for_editing(actor: Actor, version_id: UUID) -> CaseVersion:
    """The version's row, locked, for an editor of its organisation. Raises Forbidden, CaseNotFound."""
    actor.require("case.edit")
    rows = CaseVersion.objects.visible_to(actor, EDIT).select_for_update(of=("self",))
    version: CaseVersion | None = rows.filter(pk=version_id, release_id__in=media.open_release_ids()).first()
    if version is None:
        raise CaseNotFound
    return version


def tidy(content: dict[str, Any]) -> dict[str, Any]:
    """The content in its canonical form: known keys only, stripped texts, steps that say something."""
    steps = [_tidy_step(index, step) for index, step in enumerate(content.get("steps", []), start=1)]
    head = {name: str(content.get(name, "")).strip() for name in HEAD_FIELDS}
    return {**head, "steps": [step for step in steps if step is not None]}


def _tidy_step(index: int, step: dict[str, Any]) -> dict[str, Any] | None:
    kind = step.get("kind", "")
    if kind not in STEP_KINDS:
        return None
    tidied: dict[str, Any] = {
        "id": step.get("id") or f"s{index}",
        "kind": kind,
        "heading": str(step.get("heading", "")).strip(),
        "body": str(step.get("body", "")).strip(),
    }
    if figure := step.get("figure"):
        tidied["figure"] = {
            "study": str(figure["study"]),
            "series": int(figure.get("series") or 1),
            "frame": int(figure.get("frame") or 1),
            "caption": str(figure.get("caption", "")).strip(),
        }
    if kind == "question":
        question = step.get("question") or {}
        tidied["question"] = {
            "stem": str(question.get("stem", "")).strip(),
            "options": [str(option).strip() for option in question.get("options", []) if str(option).strip()],
            "answer": int(question.get("answer", -1)),
            "explanation": str(question.get("explanation", "")).strip(),
        }
    return tidied


def start_new_version(*, actor: Actor, case_id: UUID, now: datetime) -> UUID:
    """A new draft that begins as a copy of the latest version; an open draft is returned instead of a second one."""
    actor.require("case.edit")
    with transaction.atomic():
        rows = CaseVersion.objects.visible_to(actor, EDIT).select_for_update(of=("self",))
        latest: CaseVersion | None = (
            rows.filter(case=case_id, release_id__in=media.open_release_ids()).order_by("-number").first()
        )
        if latest is None or latest.state == "withdrawn":
            raise CaseNotFound
        if latest.state == "draft":
            return latest.pk
        draft = CaseVersion.unscoped.create(
            case=latest.case,
            number=latest.number + 1,
            release_id=latest.release_id,
            content=latest.content,
            updated_at=now,
        )
        audit.record(
            action="case.version_started",
            actor=actor,
            subject_type="casebook.CaseVersion",
            subject_id=draft.pk,
            organisation_path=latest.case.organisation.path,
            now=now,
        )
    return draft.pk
