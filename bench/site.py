"""What is measured stands in the database of this moment and is rolled back: a course of 100 activities, a learner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.test import Client

from cms import api as cms
from cms.models import Course, CourseEdition, EditionOverlay
from core.content import FrozenNode
from core.ids import uuid7
from directory import api as directory
from directory.models import Person
from lms import api as lms

UNITS, NODES = 10, 10


@dataclass(frozen=True, slots=True)
class Classroom:
    """A signed-in learner's client and the address of the course."""

    client: Client
    course: str
    unit: str


@contextmanager
def classroom(now: datetime) -> Iterator[Classroom]:
    """A learner in a course of ten units with ten text activities each; nothing of it stays."""
    with transaction.atomic():
        learner = Person.objects.get(username="learner")
        edition_id = _edition(now)
        actor = directory.actor_for_person(learner.pk, now)
        enrolment_id = lms.enrol(actor=actor, edition_id=edition_id, enrolment_id=uuid7(), now=now)
        client = Client()
        client.force_login(learner, backend="directory.backends.SignInBackend")
        yield Classroom(client, f"/learn/{enrolment_id}/", f"/learn/{enrolment_id}/units/1/")
        transaction.set_rollback(True)


def _edition(now: datetime) -> UUID:
    """A new edition of the newest seeded course whose manifest holds 100 text nodes."""
    card = cms.list_published()[0]
    source = CourseEdition.objects.get(pk=card.edition_id)
    manifest = {**source.manifest, "units": [_unit(number) for number in range(1, UNITS + 1)]}
    edition = CourseEdition.objects.get(pk=source.pk)
    edition.pk, edition.number, edition.manifest = uuid7(), source.number + 1000, manifest
    edition.content_hash, edition.published_at = f"bench:{edition.pk}", now
    edition._state.adding = True
    edition.save(force_insert=True)
    EditionOverlay.objects.create(edition=edition, changed_at=now)
    Course.unscoped.filter(pk=source.course_id).update(current_edition=edition)
    return edition.pk


def _unit(number: int) -> dict[str, object]:
    text = "先问时间，再看心电图。" * 20
    nodes = [
        FrozenNode(key=str(uuid7()), kind="text", html=f"<h2>{number}.{n}</h2><p>{text}</p>").to_json()
        for n in range(1, NODES + 1)
    ]
    return {"key": str(uuid7()), "title": f"第 {number} 单元", "minutes": 15, "nodes": nodes}
