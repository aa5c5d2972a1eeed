"""What is measured stands in the database of this moment and is rolled back: a course of 100 activities, a learner.

Its first unit holds what a unit holds: texts, a teaching case, a video and questions that were answered once. The video
is a row without its pictures: a unit's page only names their addresses, and the player asks for them by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.test import Client

from assessment.models import QuestionVersion
from casebook import api as casebook
from cms import api as cms
from cms.models import Course, CourseEdition, EditionOverlay
from core.actor import Actor
from core.content import FrozenNode
from core.ids import uuid7
from directory import api as directory
from directory.models import Person
from lms import api as lms
from media_pipeline.models import TeachingStudy, Video

UNITS, NODES, QUESTIONS = 10, 10, 5


@dataclass(frozen=True, slots=True)
class Classroom:
    """A signed-in learner's client and the address of the course."""

    client: Client
    course: str
    unit: str


@contextmanager
def classroom(now: datetime) -> Iterator[Classroom]:
    """A learner in a course of ten units with ten activities each, the first unit's questions handed in once without an
    answer; nothing of it stays.
    """
    with transaction.atomic():
        learner = Person.objects.get(username="learner")
        actor = directory.actor_for_person(learner.pk, now)
        edition_id = _edition(actor, now)
        enrolment_id = lms.enrol(actor=actor, edition_id=edition_id, enrolment_id=uuid7(), now=now)
        attempt_id = lms.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
        lms.submit_attempt(actor=actor, enrolment_id=enrolment_id, attempt_id=attempt_id, answers={}, now=now)
        client = Client()
        client.force_login(learner, backend="directory.backends.SignInBackend")
        yield Classroom(client, f"/learn/{enrolment_id}/", f"/learn/{enrolment_id}/units/1/")
        transaction.set_rollback(True)


def _edition(actor: Actor, now: datetime) -> UUID:
    """A new edition of the newest seeded course whose manifest holds 100 nodes."""
    card = cms.list_published()[0]
    source = CourseEdition.objects.get(pk=card.edition_id)
    units = [_unit(1, _taught(actor, now)), *(_unit(number, []) for number in range(2, UNITS + 1))]
    manifest = {**source.manifest, "units": units}
    edition = CourseEdition.objects.get(pk=source.pk)
    edition.pk, edition.number, edition.manifest = uuid7(), source.number + 1000, manifest
    edition.content_hash, edition.published_at = f"bench:{edition.pk}", now
    edition._state.adding = True
    edition.save(force_insert=True)
    EditionOverlay.objects.create(edition=edition, changed_at=now)
    Course.unscoped.filter(pk=source.course_id).update(current_edition=edition)
    return edition.pk


def _taught(actor: Actor, now: datetime) -> list[FrozenNode]:
    """The newest seeded case, a video of its release, and questions of the bank. Raises IndexError without a case."""
    case = casebook.get_case_version(casebook.list_published_cases(actor)[0].version_id)
    study = TeachingStudy.objects.create(release_id=case.release_id, study_uid="2.25.1", created_at=now)
    video = Video.objects.create(
        study=study,
        series_index=1,
        title="动态图",
        state="ready",
        seconds=20.0,
        made_by_id=actor.person_id,
        created_at=now,
    )
    versions = [version.facts() for version in QuestionVersion.objects.select_related("question")[:QUESTIONS]]
    return [
        FrozenNode(key=str(uuid7()), kind="case", reference=str(case.id), facts={"steps": len(case.steps)}),
        FrozenNode(key=str(uuid7()), kind="video", reference=str(video.pk), facts={"seconds": 20}),
        *(
            FrozenNode(key=str(uuid7()), kind="quiz", reference=str(version.id), points=version.points)
            for version in versions
        ),
    ]


def _unit(number: int, taught: list[FrozenNode]) -> dict[str, object]:
    """`taught` stands behind as many texts as make ten activities of it."""
    text = "先问时间，再看心电图。" * 20
    texts = [
        FrozenNode(key=str(uuid7()), kind="text", html=f"<h2>{number}.{n}</h2><p>{text}</p>")
        for n in range(1, NODES - len(taught) + 1)
    ]
    nodes = [node.to_json() for node in (*texts, *taught)]
    return {"key": str(uuid7()), "title": f"第 {number} 单元", "minutes": 15, "nodes": nodes}
