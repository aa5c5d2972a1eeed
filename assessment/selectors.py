"""Reads of questions. Versions are immutable, so those that were read stay in memory."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from assessment.contracts import QuestionVersionFacts
from assessment.errors import QuestionNotFound
from assessment.kinds import KINDS
from assessment.models import PERMISSION, Pool, Question, QuestionVersion
from core.actor import Actor
from core.ids import read_uuids
from directory.api import organisations_visible

KEPT = 4096
MOST_WORDS = 8
_kept: dict[UUID, QuestionVersionFacts] = {}
_lock = Lock()


def version_facts_many(ids: Iterable[UUID]) -> dict[UUID, QuestionVersionFacts]:
    """Versions by id, one query for those not yet in memory; unknown ids are absent."""
    wanted = set(ids)
    found = {i: _kept[i] for i in wanted if i in _kept}
    missing = wanted - found.keys()
    if missing:
        rows = QuestionVersion.objects.filter(pk__in=missing).select_related("question")
        fresh = {row.pk: row.facts() for row in rows}
        found |= fresh
        with _lock:
            if len(_kept) + len(fresh) > KEPT:
                _kept.clear()
            _kept.update(fresh)
    return found


def version_facts(version_id: UUID) -> QuestionVersionFacts:
    """Raises QuestionNotFound."""
    try:
        return version_facts_many([version_id])[version_id]
    except KeyError:
        raise QuestionNotFound from None


def question_for(actor: Actor, question_id: UUID) -> Question:
    """A question this actor may edit. Raises QuestionNotFound, for a foreign one too."""
    question = (
        Question.objects.visible_to(actor).select_related("latest", "organisation", "pool").filter(pk=question_id)
    ).first()
    if question is None:
        raise QuestionNotFound
    return question


def questions(actor: Actor, *, kind: str = "", text: str = "", pool: str = "") -> QuerySet[Question]:
    """The actor's questions, newest first, with their latest version."""
    rows = Question.objects.visible_to(actor).select_related("latest", "organisation", "pool").order_by("-id")
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(latest__content__stem__icontains=text)
    if pool:
        rows = rows.filter(pool__name=pool)
    return rows


def for_choice(actor: Actor, *, words: str = "", kind: str = "", pool: str = "") -> QuerySet[Question]:
    """What an author may put into a course, newest first. Each of `words` stands in the question, in its pool (a topic
    or a course's code), in its type as the reader's language names it, or is its id."""
    rows = Question.objects.visible_to(actor).filter(latest__isnull=False)
    if kind:
        rows = rows.filter(kind=kind)
    if pool:
        rows = rows.filter(pool__name=pool)
    for word in words.split()[:MOST_WORDS]:
        kinds = [name for name, one in KINDS.items() if word.casefold() in str(one.label).casefold()]
        rows = rows.filter(
            Q(latest__content__stem__icontains=word)
            | Q(pool__name__icontains=word)
            | Q(kind__in=kinds)
            | Q(pk__in=read_uuids([word]))
        )
    return rows.select_related("latest__question", "pool").order_by("-id")


def version_for_choice(actor: Actor, version_id: UUID) -> QuestionVersionFacts:
    """Raises QuestionNotFound for a version that this actor may not put into a course."""
    if version_id not in editable_versions(actor, [version_id]):
        raise QuestionNotFound
    return version_facts(version_id)


def editable_versions(actor: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these versions whose question the actor may edit; the system, which writes for others, any."""
    rows = QuestionVersion.objects.filter(pk__in=list(ids))
    if not actor.is_system:
        rows = rows.filter(question__in=Question.objects.visible_to(actor))
    return set(rows.values_list("pk", flat=True))


def writers_of(ids: Iterable[UUID]) -> set[UUID]:
    """Everybody who wrote a version of the questions of these versions."""
    questions = QuestionVersion.objects.filter(pk__in=list(ids)).values("question")
    return set(QuestionVersion.objects.filter(question__in=questions).values_list("created_by_id", flat=True))


def organisations_of(actor: Actor) -> QuerySet[Any]:
    """The organisations for which the actor writes questions themselves, not all those below."""
    own = actor.organisation_ids(PERMISSION)
    return organisations_visible(actor, PERMISSION).filter(pk__in=own).order_by("path")


def pools(organisation_ids: Iterable[UUID]) -> QuerySet[Pool]:
    return Pool.objects.filter(organisation__in=list(organisation_ids))


def pools_in_use(actor: Actor) -> list[str]:
    """Names of the pools that hold a question this actor may put into a course."""
    names = Question.objects.visible_to(actor).filter(latest__isnull=False, pool__isnull=False)
    return list(names.order_by("pool__name").values_list("pool__name", flat=True).distinct())
