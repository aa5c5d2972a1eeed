"""Courses of county A's hospital in every state of the desk, their review, a learner's way and the credit earned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import QueryDict

from assessment.api import create_question
from assessment.models import QuestionVersion
from cms import api as cms
from cms import selectors, services
from cms.pictures import WIDE, kept
from core.ids import uuid7
from credits.models import Certificate
from credits.services import schemes
from directory.models import Person
from lms import api as lms
from peer_review import services as reviews
from peer_review.api import standing_of
from peer_review.models import Assignment
from tests.factories.courses import FACTS, QUESTION, make_course, publish, put_in_department, report
from tests.factories.people import make_actor, make_person
from tests.factories.pictures import upload
from tests.permissions.objects.house import Forms, House, Target


class Desk:
    """The people who write, review and publish."""

    def __init__(self, house: House) -> None:
        self.house, self.hospital = house, house.bridge.hospital
        self.author = make_person(self.hospital, "author")
        self.lead = make_person(self.hospital, "editor")
        self.reviewers = [make_person(house.bridge.centre, "reviewer") for _two in range(2)]
        for person in self.reviewers:
            put_in_department(person, "cardiology")
        self.long_ago = house.now - timedelta(days=10)

    def course(self, code: str) -> Any:
        return make_course(make_actor(self.author), self.hospital.pk, self.long_ago, code=f"{code}-{self.house.name}")

    def submitted(self, code: str) -> Any:
        course = self.course(code)
        services.submit_course(
            actor=make_actor(self.author),
            course_id=course.pk,
            reviewer_ids=[person.pk for person in self.reviewers],
            now=self.long_ago,
        )
        course.refresh_from_db()
        return course

    def approved(self, code: str) -> Any:
        course = self.submitted(code)
        for person in self.reviewers:
            report(make_actor(person), course.round_id, self.long_ago)
        self.house.finish_jobs()
        return course

    def published(self, code: str) -> Any:
        course = self.course(code)
        actors = [make_actor(person) for person in self.reviewers]
        publish(course, make_actor(self.author), actors, make_actor(self.lead), self.long_ago)
        course.refresh_from_db()
        return course


def targets(house: House) -> dict[str, Target]:
    desk = Desk(house)
    schemes.install_shipped()
    open_course = desk.published("CARD-104")
    return {
        **_writing(desk),
        **_reviewing(desk),
        **_leading(desk, open_course),
        **_questions(desk),
        **_learning(desk, open_course),
        **_earned(desk, open_course),
    }


def _writing(desk: Desk) -> dict[str, Target]:
    course = desk.course("CARD-101")
    unit = selectors.units_of(course)[0]
    block_id = selectors.raw_blocks(unit)[0]["id"]
    of_course, of_unit = {"course_id": course.pk}, {"course_id": course.pk, "unit_id": unit.pk}
    of_block = {**of_unit, "block_id": block_id}
    second, third = (make_person(desk.hospital, "author") for _two in range(2))
    services.add_author(actor=make_actor(desk.author), course_id=course.pk, person_id=second.pk, now=desk.long_ago)
    of_author = {**of_course, "person_id": second.pk}
    text = {"form_key": uuid7(), "heading": "再想一想", "text": "先问时间。"}
    named = {"title": "第二单元", "minutes": 15}
    made: Forms = {
        "course": (of_course, {}),
        "facts": (of_course, {**FACTS, "introduction": "简介。"}),
        "authors": (of_course, {"person": str(third.pk)}),
        "author_move": (of_author, {"direction": "up"}),
        "author_remove": (of_author, {}),
        "submit": (of_course, {"reviewers": [str(person.pk) for person in desk.reviewers]}),
        "changes": (of_course, {}),
        "unit_add": (of_course, {"form_key": uuid7(), **named}),
        "unit": (of_unit, {**named, "revision": unit.latest_revision_id}),
        "unit_move": (of_unit, {"direction": "up"}),
        "unit_remove": (of_unit, {}),
        "block_add": ({**of_unit, "kind": "text"}, text),
        "block": (of_block, {**text, "revision": unit.latest_revision_id}),
        "block_move": (of_block, {"direction": "down"}),
        "block_remove": (of_block, {}),
    }
    return {f"cms:{name}": Target(desk.author, ids, form) for name, (ids, form) in made.items()}


def _reviewing(desk: Desk) -> dict[str, Target]:
    course = desk.submitted("CARD-102")
    reviewer, now = desk.reviewers[0], desk.house.now
    assignment = Assignment.objects.get(round=course.round_id, reviewer=reviewer)
    comment_id = uuid7()
    anchor = course.manifest["units"][0]["nodes"][0]["key"]
    reviews.write_comment(
        actor=make_actor(reviewer),
        assignment_id=assignment.pk,
        comment_id=comment_id,
        anchor=anchor,
        text="请改。",
        now=now,
    )
    comment = {"form_key": uuid7(), "anchor": anchor, "text": "请说明。"}
    of_course, mine = {"course_id": course.pk}, {"assignment_id": assignment.pk}
    writing: Forms = {
        "withdraw": (of_course, {"seen": standing_of(course.round_id).mark}),
        "round": ({**of_course, "round_id": course.round_id}, {}),
        "answer": ({**of_course, "comment_id": comment_id}, {"form_key": uuid7(), "text": "已改。"}),
    }
    reading: Forms = {
        "assignment": (mine, {}),
        "report": (mine, {"summary": "好。"}),
        "comment": (mine, comment),
        "resolve": ({**mine, "comment_id": comment_id}, {}),
        "conflict": (mine, {"reason": "同事。"}),
        "naming": (mine, {"is_named": "yes"}),
    }
    return (
        {f"cms:{name}": Target(desk.author, ids, form) for name, (ids, form) in writing.items()}
        | {f"peer_review:{name}": Target(reviewer, ids, form) for name, (ids, form) in reading.items()}
        | {"peer_review:staff_round": _understaffed(desk)}
    )


def _understaffed(desk: Desk) -> Target:
    """A round that one reviewer left, and somebody whom the desk may name in the place."""
    course = desk.submitted("CARD-105")
    Assignment.objects.filter(round=course.round_id, reviewer=desk.reviewers[1]).update(state="released")
    spare = make_person(desk.house.bridge.centre, "reviewer")
    put_in_department(spare, "cardiology")
    return Target(desk.lead, {"round_id": course.round_id}, {"reviewer": str(spare.pk)})


def _leading(desk: Desk, course: Any) -> dict[str, Target]:
    key = cms.latest_edition(course.pk).units[0].nodes[0].key
    one = {"course_id": course.pk}
    return {
        "cms:publish": Target(desk.lead, {"course_id": desk.approved("CARD-103").pk}),
        "cms:revise": Target(desk.lead, one),
        "cms:retire": Target(desk.lead, one),
        "cms:cover": Target(desk.lead, one),
        "cms:picture": Target(desk.lead, {"name": kept(upload("#1f6f5c"), WIDE)["url"].removeprefix("/media/")}),
        "cms:errata": Target(desk.lead, one, {"node_key": key, "text": "更正。"}),
    }


def _questions(desk: Desk) -> dict[str, Target]:
    version_id = create_question(
        actor=make_actor(desk.author), organisation_id=desk.hospital.pk, kind="single", content=QUESTION,
        now=desk.house.now,
    )  # fmt: skip
    one = {"question_id": QuestionVersion.objects.get(pk=version_id).question_id}
    changed = {
        "form_key": uuid7(), "base_number": 1, "stem": QUESTION["stem"], "explanation": QUESTION["explanation"],
        "points": 3, "option_1": "胸部 CT", "option_2": "12 导联心电图", "right": "2",
    }  # fmt: skip
    return {
        "assessment:question": Target(desk.author, one, {"trial-answer": "b"}),
        "assessment:edit": Target(desk.author, one, changed),
        "question_chooser:chosen": Target(desk.author, {"pk": version_id}),
    }


def _learning(desk: Desk, course: Any) -> dict[str, Target]:
    learner, now = make_person(desk.hospital), desk.house.now
    actor = make_actor(learner)
    edition = cms.latest_edition(course.pk)
    enrolment_id = lms.enrol(actor=actor, edition_id=edition.id, now=now, enrolment_id=uuid7())
    lms.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    attempt_id = lms.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    one = {"enrolment_id": enrolment_id}
    in_unit = {**one, "number": 1}
    answers = {f"{edition.scored_nodes[0].key}-answer": "b"}
    made: Forms = {
        "enrol": ({"course_id": course.pk}, {"form_key": uuid7()}),
        "enrol_fragment": ({"course_id": course.pk}, {}),
        "course": (one, {}),
        "leave": (one, {}),
        "unit": (in_unit, {}),
        "unit_done": (in_unit, {}),
        "start_attempt": (in_unit, {"form_key": uuid7()}),
        "attempt": ({**one, "attempt_id": attempt_id}, answers),
        "keep_answers": ({**one, "attempt_id": attempt_id}, answers),
        "position": ({**one, "node_key": edition.units[0].nodes[0].key}, {"position": "12"}),
    }
    return {f"lms:{name}": Target(learner, ids, form) for name, (ids, form) in made.items()}


def _earned(desk: Desk, course: Any) -> dict[str, Target]:
    learner: Person = make_person(desk.hospital)
    actor, now = make_actor(learner), desk.house.now
    edition = cms.latest_edition(course.pk)
    enrolment_id = lms.enrol(actor=actor, edition_id=edition.id, now=now, enrolment_id=uuid7())
    lms.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    attempt_id = lms.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    answers = QueryDict(f"{edition.scored_nodes[0].key}-answer=b")
    lms.submit_attempt(actor=actor, enrolment_id=enrolment_id, attempt_id=attempt_id, answers=answers, now=now)
    desk.house.finish_jobs()
    certificate = Certificate.unscoped.get(person=learner)
    officer = make_person(desk.hospital, "credit_officer")
    one, reason = {"certificate_id": certificate.pk}, {"form_key": uuid7(), "reason": "误录。"}
    return {
        "credits:certificate": Target(learner, one),
        "credits:pdf": Target(learner, one),
        "credits:document": Target(learner, one),
        "credits:verify": Target(learner, one),
        "credits:revoke": Target(officer, one, reason),
        "credits:reverse": Target(officer, {"entry_id": certificate.entry_id}, reason),
    }
