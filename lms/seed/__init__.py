"""Twelve months of learning: enrolments, attempts scored by the real scorer, completions. Written in bulk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from assessment import api as assessment
from cms import api as cms
from cms.contracts import Edition, EditionUnit
from core import audit
from core.actor import Actor
from core.ids import seeded_uuid7
from directory.api import SeededProvince
from lms import grading
from lms.models import Attempt, Completion, Enrolment, Progress, Response

COURSES_A_PERSON = (0, 1, 1, 2, 2, 3, 3, 4, 5, 6)
RIGHT = 0.86  # share of questions answered right at the first go
OUTCOMES = ("passed",) * 15 + ("in_progress",) * 3 + ("enrolled", "withdrawn")
SLOWEST = timedelta(days=24)
PASSED_BY = {"learner": 2, "requester": 3, "outsider": 1}  # the demo's learners have something to show


@dataclass
class Rows:
    """What is written at the end, table by table."""

    enrolments: list[Enrolment] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)
    happenings: list[audit.Happening] = field(default_factory=list)

    def write(self) -> None:
        Enrolment.unscoped.bulk_create(self.enrolments, batch_size=500)
        Progress.objects.bulk_create(self.progress, batch_size=500)
        Attempt.objects.bulk_create(self.attempts, batch_size=500)
        Response.objects.bulk_create(self.responses, batch_size=500)
        Completion.objects.bulk_create(self.completions, batch_size=500)
        audit.record_many(self.happenings)


def seed(*, rng: Random, province: SeededProvince, now: datetime) -> None:
    """Everybody who works in the province may have learned; who works at an authority has not."""
    editions = [cms.get_edition(card.edition_id) for card in cms.list_published()]
    writer = Writer(rng, province, now, Rows())
    for username, person in province.people.items():
        known = [e for e in editions if e.published_at < now - timedelta(days=10)]
        wanted = PASSED_BY.get(username)
        if wanted is None and province.membership(person).organisation.kind == "authority":
            continue
        number = min(len(known), wanted or rng.choice(COURSES_A_PERSON))
        for edition in rng.sample(known, number):
            writer.enrol(person, edition, "passed" if wanted else rng.choice(OUTCOMES))
    writer.rows.write()


@dataclass
class Writer:
    rng: Random
    province: SeededProvince
    now: datetime
    rows: Rows

    def _id(self, at: datetime) -> UUID:
        return seeded_uuid7(self.rng, at)

    def _moment(self, start: datetime, end: datetime) -> datetime:
        """Some second between the two, in the hours when people learn: early or in the evening."""
        day = start + (end - start) * self.rng.random()
        hour = self.rng.choice((7, 12, 19, 20, 21))
        moment = day.replace(hour=(hour - 8) % 24, minute=self.rng.randrange(60), second=self.rng.randrange(60))
        return min(max(moment, start), end)

    def enrol(self, person: Any, edition: Edition, outcome: str) -> None:
        earliest = edition.published_at + timedelta(hours=2)
        begun = self._moment(earliest, self.now - timedelta(days=2))
        end = min(begun + timedelta(days=1) + SLOWEST * self.rng.random(), self.now - timedelta(hours=3))
        row = Enrolment(
            id=self._id(begun),
            person=person,
            organisation=self.province.membership(person).organisation,
            course_id=edition.course_id,
            edition_id=edition.id,
            state=outcome,
            enrolled_at=begun,
            finished_at=end if outcome in ("passed", "withdrawn") else None,
        )
        self.rows.enrolments.append(row)
        self._learn(row, edition, begun, end)

    def _learn(self, row: Enrolment, edition: Edition, begun: datetime, end: datetime) -> None:
        """The units that were done, evenly spread between beginning and end."""
        total = len(edition.units)
        if row.state == "passed":
            finished = total
        elif row.state == "enrolled":
            finished = 0
        else:
            finished = self.rng.randint(0, total - 1)
        done: list[str] = []
        attempts: dict[str, list[grading.Earned]] = {}
        for index, unit in enumerate(edition.units[:finished], 1):
            at = begun + (end - begun) * (index / total)
            done += [node.key for node in unit.nodes]
            if grading.questions(unit, ()):
                attempts[unit.key] = [self._attempt(row, unit, 1, at - timedelta(minutes=40), RIGHT)]
        self.rows.progress.append(
            Progress(
                enrolment=row,
                done=sorted(done),
                last_unit=edition.units[max(0, min(finished, total) - 1)].key if finished else "",
                percent=grading.percent_done(edition, done, ()),
                updated_at=end if finished else begun,
            )
        )
        if row.state == "passed":
            self._try_again(row, edition, attempts, end)
            self._complete(row, edition, grading.course_score(edition, (), attempts), end)

    def _try_again(
        self, row: Enrolment, edition: Edition, attempts: dict[str, list[grading.Earned]], end: datetime
    ) -> None:
        """Who would not pass answers imperfect units once more without a mistake, just before the end."""
        for unit in edition.units:
            if grading.course_score(edition, (), attempts).percent >= edition.pass_percent:
                return
            most = sum(node.points for node in grading.questions(unit, ()))
            if unit.key in attempts and attempts[unit.key][0].points < most:
                attempts[unit.key].append(self._attempt(row, unit, 2, end - timedelta(minutes=20), 1.0))

    def _attempt(self, row: Enrolment, unit: EditionUnit, number: int, at: datetime, right: float) -> grading.Earned:
        begun = max(at, row.enrolled_at)
        attempt = Attempt(
            id=self._id(begun),
            enrolment=row,
            unit_key=unit.key,
            number=number,
            started_at=begun,
            submitted_at=begun + timedelta(minutes=self.rng.randint(2, 15)),
        )
        earned: dict[str, Decimal] = {}
        for node in grading.questions(unit, ()):
            version = assessment.get_question_version(UUID(node.reference))
            best = assessment.perfect_response(version)
            response = best if self.rng.random() < right else _wrong(best)
            score = assessment.score(version, response)
            earned[node.key] = score.points
            attempt.points += score.points
            attempt.max_points += score.max_points
            self.rows.responses.append(
                Response(
                    id=self._id(begun),
                    attempt=attempt,
                    node_key=node.key,
                    version_id=version.id,
                    response=response,
                    points=score.points,
                    max_points=score.max_points,
                )
            )
        self.rows.attempts.append(attempt)
        return grading.Earned(earned, attempt.points, attempt.max_points, attempt.submitted_at or begun)

    def _complete(self, row: Enrolment, edition: Edition, score: grading.CourseScore, at: datetime) -> None:
        completion = Completion(
            id=self._id(at),
            enrolment=row,
            person_id=row.person_id,
            organisation=row.organisation,
            course_id=row.course_id,
            edition_id=row.edition_id,
            completed_at=at,
            score=score.percent,
        )
        self.rows.completions.append(completion)
        self.rows.happenings.append(
            audit.Happening(
                action="course.passed",
                actor=Actor(person_id=row.person_id),
                subject_type="completion",
                subject_id=completion.pk,
                at=at,
                organisation_path=row.organisation.path if row.organisation else "",
                details={"edition": str(edition.id), "score": str(score.percent)},
            )
        )


def _wrong(best: dict[str, Any]) -> dict[str, Any]:
    """A single choice beside the right one; anything else is left unanswered."""
    return {"choice": "a" if best["choice"] != "a" else "b"} if "choice" in best else {}
