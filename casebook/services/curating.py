"""Edit a draft version step by step."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from casebook.drafting import tidy
from casebook.errors import CaseNotFound, FrozenVersion, VersionInReview
from casebook.models import CaseVersion
from casebook.policies import EDIT
from core import audit
from core.actor import Actor
from core.errors import StaleForm
from media_pipeline import api as media


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


def start_new_version(*, actor: Actor, case_id: UUID, now: datetime) -> UUID:
    """A new draft that begins as a copy of the latest version; an open draft is returned instead of a second one.

    None begins beside one that is in review or approved: the older could be published over the newer. Raises
    Forbidden, CaseNotFound, VersionInReview.
    """
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
        if latest.state == "in_review":
            raise VersionInReview(number=latest.number)
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
