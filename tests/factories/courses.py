"""Courses as their authors make them: through the services, with real blocks and a question."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from assessment.api import create_question
from cms import selectors, services
from cms.models import Course
from core.actor import Actor
from core.ids import uuid7
from directory.models import Department, Membership, Person
from peer_review import services as reviews
from peer_review.models import Assignment

QUESTION = {
    "stem": "急性心肌梗死最需要先做哪项检查？",
    "explanation": "首次医疗接触 10 分钟内完成 12 导联心电图。",
    "points": 2,
    "options": [{"text": "胸部 CT"}, {"text": "12 导联心电图"}, {"text": "心脏超声"}],
    "answer": "b",
}
FACTS: dict[str, Any] = {
    "title": "胸痛分诊",
    "summary": "十分钟内分出要命的胸痛。",
    "objectives": "十分钟内完成心电图\n认出五种要命的胸痛",
    "language": "zh-hans",
    "subject": "cardiovascular",
    "level": "intermediate",
    "pass_percent": 60,
    "attempts_allowed": 3,
}
SCORES = {"accuracy": 5, "fit": 4, "design": 4, "cases": 4, "wording": 5}


def put_in_department(person: Person, specialty: str) -> None:
    """Give the person's primary place a department; people of one specialty and place share it."""
    place = Membership.objects.get(person=person, is_primary=True)
    place.department, _is_new = Department.objects.get_or_create(
        organisation=place.organisation, specialty=specialty, defaults={"name": specialty}
    )
    place.save()


def make_course(
    actor: Actor, organisation_id: UUID, now: datetime, *, code: str = "CARD-101", minutes: int = 45, **facts: Any
) -> Course:
    """A draft with one unit: a text and a question. Nothing is missing for submission."""
    course_id = services.create_course(
        actor=actor,
        course_id=uuid7(),
        organisation_id=organisation_id,
        code=code,
        facts=FACTS | facts,
        first_unit_minutes=minutes,
        now=now,
    )
    course = Course.unscoped.get(pk=course_id)
    unit = selectors.units_of(course)[0]
    version_id = create_question(actor=actor, organisation_id=organisation_id, kind="single", content=QUESTION, now=now)
    for kind, value in (
        ("text", {"heading": "先做什么", "text": "<p>先问时间，再看心电图。</p>"}),
        ("quiz", {"reference": str(version_id)}),
    ):
        services.add_block(
            actor=actor, course_id=course_id, unit_id=unit.pk, block_id=uuid7(), kind=kind, value=value, now=now
        )
    return course


def put_block(
    author: Actor, course: Course, kind: str, value: dict[str, Any], now: datetime, *, unit_id: int | None = None
) -> None:
    """A block of the author's at the end of this unit, or of the first."""
    unit = unit_id or selectors.units_of(course)[0].pk
    services.add_block(
        actor=author, course_id=course.pk, unit_id=unit, block_id=uuid7(), kind=kind, value=value, now=now
    )


def assignment_of(round_id: UUID, actor: Actor) -> Assignment:
    return Assignment.objects.get(round=round_id, reviewer=actor.person_id)


def report(actor: Actor, round_id: UUID, now: datetime, verdict: str = "approve", **changes: Any) -> str:
    """The reviewer's complete report; returns the round's outcome, "" while another is missing."""
    assignment = assignment_of(round_id, actor)
    values: dict[str, Any] = {"scores": SCORES, "reasons": {}, "summary": "可以发布。", "is_named": True} | changes
    return reviews.submit_report(actor=actor, assignment_id=assignment.pk, verdict=verdict, now=now, **values)


def publish(course: Course, author: Actor, reviewers: list[Actor], editor: Actor, now: datetime) -> UUID:
    """Submit, two approvals, publish; returns the edition's id."""
    round_id = services.submit_course(
        actor=author, course_id=course.pk, reviewer_ids=[r.person_id for r in reviewers if r.person_id], now=now
    )
    for reviewer in reviewers:
        report(reviewer, round_id, now + timedelta(days=1))
    services.apply_decision(round_id=round_id, now=now + timedelta(days=1))
    return services.publish_course(actor=editor, course_id=course.pk, now=now + timedelta(days=2))
