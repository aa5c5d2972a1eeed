"""Edit a draft part by part: saved as one types, every step back possible, nobody's text overwritten unseen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casebook import drafting
from casebook.content import HEAD
from casebook.errors import FrozenVersion
from casebook.models import CaseSave, CaseVersion
from casebook.services.curating import locked_for_editing
from core import audit
from core.actor import Actor
from core.errors import Invalid, StaleForm
from core.numbers import whole_number
from media_pipeline import api as media

TOGETHER = timedelta(minutes=5)
KEPT_SAVES = 50


class ForeignImage(Invalid):
    code = "foreign_image"
    message = _("This image does not belong to the case’s release. Nothing was saved.")
    next_step = _("Choose one of the released images.")


@dataclass(frozen=True, slots=True)
class Edit:
    """What an editor sends: the part on the screen as typed, what it looked like when opened, and one verb.

    `values` None leaves the part alone. Verbs: "", "add" (target: kind), "up", "down", "remove" (target: step id),
    "undo", "restore" (target: number of a save). `new_step` is the id that an added step gets.
    """

    part: str = HEAD
    mark: str = ""
    values: dict[str, Any] | None = None
    verb: str = ""
    target: str = ""
    new_step: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """The part to show next and its mark; `revision` of the draft."""

    part: str
    mark: str
    revision: int


def edit_draft(*, actor: Actor, version_id: UUID, edit: Edit, now: datetime) -> Edited:
    """Save the part, then do the verb; each that changes something is a save of its own.

    Raises StaleForm when the part is not any more what the editor began with (nothing is saved then), ForeignImage,
    FrozenVersion, CaseNotFound, Forbidden.
    """
    with transaction.atomic():
        version = locked_for_editing(actor, version_id)
        if version.frozen_at:
            raise FrozenVersion
        before = version.revision
        if edit.values is not None:
            _save_part(version, edit, edit.values, actor, now)
        part = _do(version, edit, actor, now)
        if version.revision != before:
            _record(version, edit, actor, now)
    return Edited(part, drafting.mark_of(version.content, part), version.revision)


def _save_part(version: CaseVersion, edit: Edit, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    changed = drafting.with_part(version.content, edit.part, values)
    if drafting.mark_of(changed, edit.part) == drafting.mark_of(version.content, edit.part):
        return
    if edit.mark != drafting.mark_of(version.content, edit.part):
        raise StaleForm
    released = {str(study.id) for study in media.get_release(version.release_id).studies}
    if drafting.studies_in(changed) - released:
        raise ForeignImage
    _store(version, changed, "text", edit.part, actor, now)


def _do(version: CaseVersion, edit: Edit, actor: Actor, now: datetime) -> str:
    """The verb; gives the part that the editor sees next."""
    content, target = version.content, edit.target
    if edit.verb == "add":
        changed = drafting.with_step(content, edit.new_step, target, edit.part)
        _store(version, changed, "add", edit.new_step, actor, now)
        return edit.new_step if drafting.part_of(changed, edit.new_step) else edit.part
    if edit.verb in {"up", "down"}:
        _store(version, drafting.moved(content, target, -1 if edit.verb == "up" else 1), "move", target, actor, now)
    elif edit.verb == "remove":
        _store(version, drafting.without(content, target), "remove", target, actor, now)
    elif edit.verb in {"undo", "restore"}:
        save = _previous(version) if edit.verb == "undo" else _save_numbered(version, target)
        if save is not None:
            _store(version, save.content, "restore", "", actor, now, restored_from=save.number)
    return edit.part if drafting.part_of(version.content, edit.part) is not None else HEAD


def _store(
    version: CaseVersion,
    content: dict[str, Any],
    what: str,
    part: str,
    actor: Actor,
    now: datetime,
    *,
    restored_from: int | None = None,
) -> None:
    """Keep the new content and a save of it; typing that goes on stays one save."""
    if content == version.content:
        return
    saves = version.saves
    last = saves.first() or _first_save(version, actor, now)
    version.content = content
    version.revision += 1
    version.updated_at = now
    version.save()
    goes_on = (
        what == "text"
        and (last.what, last.part, last.saved_by_id) == ("text", part, actor.person_id)
        and now - last.begun_at < TOGETHER
    )
    if goes_on:
        last.content, last.saved_at = content, now
        last.save(update_fields=["content", "saved_at"])
        return
    saves.create(
        number=last.number + 1,
        what=what,
        part=part,
        content=content,
        restored_from=restored_from,
        saved_by_id=actor.person_id,
        begun_at=now,
        saved_at=now,
    )
    saves.filter(number__lte=last.number + 1 - KEPT_SAVES).delete()


def _first_save(version: CaseVersion, actor: Actor, now: datetime) -> CaseSave:
    """The draft as it was before anybody touched it."""
    people: dict[str, Any] = {"saved_by_id": actor.person_id, "begun_at": now, "saved_at": now}
    return CaseSave.objects.create(version=version, number=1, what="start", content=version.content, **people)


def _previous(version: CaseVersion) -> CaseSave | None:
    """The save before what is shown now; after an undo, the one before that."""
    last = version.saves.first()
    if last is None:
        return None
    return version.saves.filter(number__lt=last.restored_from or last.number).first()


def _save_numbered(version: CaseVersion, number: str) -> CaseSave | None:
    wanted = whole_number(number)
    return version.saves.filter(number=wanted).first() if wanted is not None else None


def _record(version: CaseVersion, edit: Edit, actor: Actor, now: datetime) -> None:
    version.case.editors.add(actor.person_id)  # type: ignore[arg-type]  # who wrote in it cannot review it
    audit.record(
        action="case.edited",
        actor=actor,
        subject_type="casebook.CaseVersion",
        subject_id=version.pk,
        organisation_path=version.case.organisation.path,
        details={"revision": version.revision, "part": edit.part, "verb": edit.verb},
        now=now,
    )
