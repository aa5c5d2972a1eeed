"""Twelve months of courses: written, reviewed by peers, published, one retired, others still on the way.

Everything goes through the services, so that manifests, hashes, rounds, audit entries and editions are real; only the
moments are in the past.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from assessment.api import create_question
from cms import services
from cms.models import Course, CourseAuthor, CoursePage, UnitPage
from cms.richtext import from_plain
from cms.seed.library import plant_library
from cms.seed.pictures import picture
from cms.seed.reading import Block, SeededCourse, Unit, question, read_courses
from cms.seed.rounds import SUMMARIES, write_report
from cms.services.units import insert_unit
from core.actor import Actor
from core.ids import seeded_uuid7
from core.notify import mark_all_read
from core.ui.page_cache import bump_epoch
from directory.api import SeededProvince, actor_for_person
from peer_review.api import candidates

WRITING = timedelta(days=24)  # from the first draft to the submission
REVIEW = timedelta(days=9)
TWICE_REVIEWED = "RESP-101"  # went back to its author once
REVISED = "CARD-101"  # has a second edition
SECOND_AUTHORS = {"cardiovascular": "cardiology", "respiratory": "respiratory", "neurology": "neurology"}


def seed(*, rng: Random, province: SeededProvince, now: datetime) -> None:
    """Write every course of `courses/`. Raises KeyError when the demo's people are missing."""
    desk = CourseDesk(rng, province, now)
    for course in read_courses():
        desk.write(course)
    plant_library()
    for person_id in desk.told:
        mark_all_read(person_id=person_id, now=now)
    bump_epoch()


class CourseDesk:
    """Plays the authors, the reviewers and the desk's lead of the provincial hospital."""

    def __init__(self, rng: Random, province: SeededProvince, now: datetime) -> None:
        self.rng, self.province, self.now = rng, province, now
        self.hospital = province.hospital
        self.author = self._actor("author")
        self.editor = self._actor("editor")
        self.first = [self._actor(name).person_id for name in ("reviewer", "reviewer2")]
        self.told: set[UUID] = set()

    def _actor(self, username: str) -> Actor:
        return actor_for_person(self.province.people[username].pk, self.now)

    def write(self, seeded: SeededCourse) -> None:
        at = self.now - timedelta(days=seeded.days_ago)
        course = self._draft(seeded, at - WRITING - REVIEW)
        if seeded.state == "draft":
            return
        submitted = at - (timedelta(0) if seeded.state == "in_review" else REVIEW)
        if seeded.code == TWICE_REVIEWED:
            self._round(course, submitted - timedelta(days=15), "changes")
        if seeded.state == "in_review":
            self._submit(course, submitted, self.first)
            return
        self._round(course, submitted, "changes" if seeded.state == "changes_requested" else "approve")
        if seeded.state == "changes_requested":
            return
        services.publish_course(actor=self.editor, course_id=course.pk, now=at)
        if seeded.code == REVISED:
            self._second_edition(course, at + timedelta(days=120))
        if seeded.state == "retired":
            retired = self.now - timedelta(days=seeded.retired_days_ago)
            services.retire_course(actor=self.editor, course_id=course.pk, now=retired)

    def _draft(self, seeded: SeededCourse, at: datetime) -> Course:
        course_id = services.create_course(
            actor=self.author,
            course_id=seeded_uuid7(self.rng, at),
            organisation_id=self.hospital.pk,
            code=seeded.code,
            facts=seeded.facts,
            first_unit=seeded.units[0].title,
            now=at,
        )
        course = Course.unscoped.select_related("organisation").get(pk=course_id)
        page = CoursePage.objects.get(course=course)
        UnitPage.objects.child_of(page).get().delete()
        page.refresh_from_db()
        for unit in seeded.units:
            insert_unit(page, unit.title, unit.minutes, self.author, blocks=self._blocks(unit, seeded, at))
        self._second_author(course)
        return course

    def _second_author(self, course: Course) -> None:
        """Somebody of the fitting department of the same hospital, where there is one."""
        specialty = SECOND_AUTHORS.get(course.subject)
        for person in self.province.staff(self.hospital):
            department = self.province.membership(person).department
            if specialty and department and department.specialty == specialty and person.pk != self.author.person_id:
                CourseAuthor.objects.create(course=course, person=person, position=2)
                return

    def _blocks(self, unit: Unit, seeded: SeededCourse, at: datetime) -> list[dict]:
        return [
            {"type": block.kind, "value": self._value(block, seeded, at), "id": str(seeded_uuid7(self.rng, at))}
            for block in unit.blocks
        ]

    def _value(self, block: Block, seeded: SeededCourse, at: datetime) -> dict[str, Any]:
        if block.kind == "image":
            return picture(block.head, at)
        if block.kind != "quiz":
            return {"heading": block.head, "text": from_plain(block.text())}
        kind, content = question(block)
        version_id = create_question(
            actor=self.author,
            question_id=seeded_uuid7(self.rng, at),
            organisation_id=self.hospital.pk,
            kind=kind,
            content=content,
            language=seeded.facts["language"],
            pool_name=seeded.facts["title"],
            now=at,
        )
        return {"reference": str(version_id)}

    def _submit(self, course: Course, at: datetime, reviewers: list) -> UUID:
        self.told |= {*reviewers, self.author.person_id}
        return services.submit_course(actor=self.author, course_id=course.pk, reviewer_ids=reviewers, now=at)

    def _round(self, course: Course, at: datetime, verdict: str) -> None:
        """A whole round: two reports, the decision. The second reviewer asks for the changes."""
        free = [
            c.person_id
            for c in candidates(subject_kind="course", author_ids=[self.author.person_id], now=self.now)
            if not c.conflicts
        ]
        reviewers = self.first if self.rng.random() < 0.4 else self.rng.sample(free, 2)
        round_id = self._submit(course, at, reviewers)
        for person_id, own in zip(reviewers, ("approve", verdict), strict=True):
            at += timedelta(days=self.rng.randint(1, 4), hours=self.rng.randint(1, 8))
            write_report(self.rng, actor_for_person(person_id, self.now), round_id, own, SUMMARIES[own], at)
        services.apply_decision(round_id=round_id, now=at)

    def _second_edition(self, course: Course, at: datetime) -> None:
        services.revise_course(actor=self.author, course_id=course.pk, now=at - REVIEW - timedelta(days=5))
        page = CoursePage.objects.get(course=course)
        unit = UnitPage.objects.child_of(page).first().get_latest_revision_as_object()
        raw = [dict(block) for block in unit.body.raw_data]
        text = raw[0]["value"]["text"].replace("不排队。", "不排队。家属陪同者只留一位，其余在外面等。")
        services.change_block(
            actor=self.author,
            course_id=course.pk,
            unit_id=unit.pk,
            revision_id=None,
            block_id=raw[0]["id"],
            value={**raw[0]["value"], "text": text},
            now=at - REVIEW - timedelta(days=4),
        )
        self._round(course, at - REVIEW, "approve")
        services.publish_course(actor=self.editor, course_id=course.pk, now=at)
