"""Write questions: the first version and every later one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from assessment.errors import QuestionNotFound, StaleQuestion
from assessment.kinds import KINDS
from assessment.models import PERMISSION, Pool, Question, QuestionVersion
from core import audit
from core.actor import Actor
from core.errors import Invalid
from core.ids import uuid7
from directory import api as directory


@transaction.atomic
def create_question(
    *,
    actor: Actor,
    question_id: UUID | None = None,
    organisation_id: UUID,
    kind: str,
    content: Mapping[str, Any],
    language: str = "zh-hans",
    pool_name: str = "",
    now: datetime,
) -> UUID:
    """A new question with its first version; returns the version's id.

    `question_id` is the form's key: posted twice, the second call returns the first one's version. Raises Forbidden,
    InvalidQuestion.
    """
    organisation = directory.get_organisation(organisation_id)
    actor.require(PERMISSION, organisation.path)
    if kind not in KINDS:
        raise Invalid
    clean = KINDS[kind].validate(content)
    question_id = question_id or uuid7()
    question, is_new = Question.unscoped.get_or_create(
        pk=question_id,
        defaults={
            "organisation": organisation,
            "pool": _pool(organisation_id, pool_name, now),
            "kind": kind,
            "language": language,
            "created_by_id": actor.person_id,
            "created_at": now,
        },
    )
    if not is_new:
        if question.created_by_id != actor.person_id or question.latest_id is None:
            raise QuestionNotFound
        return question.latest_id
    version = _add_version(actor, question, None, 1, clean, now)
    _record("question.created", actor, question, {"kind": kind}, now)
    return version.pk


@transaction.atomic
def new_version(
    *,
    actor: Actor,
    question_id: UUID,
    version_id: UUID | None = None,
    base_number: int,
    content: Mapping[str, Any],
    now: datetime,
) -> UUID:
    """The next version, made from version `base_number`; returns its id. Earlier versions stay as they are.

    `version_id` is the form's key. Raises QuestionNotFound (also for a foreign one), StaleQuestion when somebody saved
    in between, InvalidQuestion.
    """
    question = (
        Question.objects.visible_to(actor).select_for_update().select_related("organisation").filter(pk=question_id)
    ).first()
    if question is None:
        raise QuestionNotFound
    if version_id and QuestionVersion.objects.filter(pk=version_id, question=question).exists():
        return version_id
    newest = QuestionVersion.objects.filter(question=question).first()
    if newest is None or newest.number != base_number:
        raise StaleQuestion
    clean = KINDS[question.kind].validate(content)
    version = _add_version(actor, question, version_id, base_number + 1, clean, now)
    _record("question.version_saved", actor, question, {"number": version.number}, now)
    return version.pk


def _record(action: str, actor: Actor, question: Question, details: dict[str, Any], now: datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject_type="question",
        subject_id=question.pk,
        organisation_path=question.organisation.path,
        details=details,
        now=now,
    )


def _add_version(
    actor: Actor, question: Question, version_id: UUID | None, number: int, content: dict[str, Any], now: datetime
) -> QuestionVersion:
    version = QuestionVersion.objects.create(
        id=version_id or uuid7(),
        question=question,
        number=number,
        content=content,
        created_by_id=actor.person_id,
        created_at=now,
    )
    question.latest = version
    question.save(update_fields=["latest"])
    return version


def _pool(organisation_id: UUID, name: str, now: datetime) -> Pool | None:
    """The organisation's pool of this name, made when it is new; none for an empty name."""
    if not name:
        return None
    pool, _is_new = Pool.objects.get_or_create(organisation_id=organisation_id, name=name, defaults={"created_at": now})
    return pool
