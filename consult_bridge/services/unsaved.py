"""Keep what a doctor types into an opinion or a report, before it is saved. Called inside a service's transaction, but
for `kept_if_moved`, which opens it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.errors import ConsultEnded, ConsultMoved
from consult_bridge.models import Consult, UnsavedText
from consult_bridge.models.written import WrittenDocument
from consult_bridge.services.moving import lock_consult, require
from core.actor import Actor
from core.states import State, WrongState


@contextmanager
def kept_if_moved(
    consult_id: UUID,
    study_id: UUID | None,
    texts: Mapping[str, str] | None,
    *,
    revision: int,
    actor: Actor,
    now: datetime,
) -> Iterator[None]:
    """A transaction in which a text is saved. Where the consult moved on meanwhile, nothing of it holds but that the
    text is kept for whoever typed it."""
    try:
        with transaction.atomic():
            yield
    except (ConsultMoved, WrongState):
        if texts is not None:
            with transaction.atomic():
                keep(lock_consult(actor, consult_id), study_id, texts, revision=revision, actor=actor, now=now)
        raise


def require_state(is_right: bool, consult: Consult, state: State, *, actor: Actor, is_begun: bool = False) -> None:
    """Raise unless the text can be written now: ConsultMoved for whoever answers here and merely comes too late,
    ConsultEnded where it can never be any more, Forbidden for anybody else."""
    if is_right:
        return
    require_may_type(actor, consult, is_begun=is_begun)
    raise ConsultMoved(state=state.label)


def require_may_type(actor: Actor, consult: Consult, *, is_begun: bool = False) -> None:
    require(policies.reads_to_answer(actor, consult))
    if not policies.may_type(actor, consult, is_begun=is_begun):
        raise ConsultEnded


def is_current(document: WrittenDocument | None, revision: int, *, may_check: bool, actor: Actor) -> bool:
    """Whether a text that was typed over `revision` still belongs to the document: nobody saved, submitted or took over
    the writing meanwhile. What somebody types who never wrote in it is nobody's news."""
    if document is None:
        return revision == 0
    is_own = may_check if document.state == "under_review" else document.written_by_id == actor.person_id
    return document.revision == revision if is_own else not policies.has_written(actor, document)


def keep(
    consult: Consult, study_id: UUID | None, texts: Mapping[str, str], *, revision: int, actor: Actor, now: datetime
) -> None:
    UnsavedText.objects.update_or_create(
        consult=consult,
        study_id=study_id,
        person_id=actor.person_id,
        defaults={"body": json.dumps(dict(texts), ensure_ascii=False), "revision": revision, "saved_at": now},
    )


def forget(consult: Consult, study_id: UUID | None, *, actor: Actor) -> None:
    """The writer saved it, or does not want it."""
    UnsavedText.objects.filter(consult=consult, study_id=study_id, person_id=actor.person_id).delete()


def forget_if_same(consult: Consult, study_id: UUID | None, texts: Mapping[str, str], *, actor: Actor) -> None:
    """The first of two clicks saved it, and the page's script kept it between them; what was typed since stays."""
    kept = UnsavedText.objects.filter(consult=consult, study_id=study_id, person_id=actor.person_id).first()
    if kept is not None and json.loads(kept.body) == dict(texts):
        kept.delete()


def forget_all(consult: Consult, study_id: UUID | None) -> None:
    """The text is signed: nothing that anybody typed before belongs to it any more."""
    UnsavedText.objects.filter(consult=consult, study_id=study_id).delete()
