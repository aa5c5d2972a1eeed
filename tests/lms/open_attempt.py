"""An attempt of two questions that stands open, for tests that answer it over HTTP.

Its fixtures are imported by the modules that use them.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from assessment.api import create_question
from cms import api as cms
from core.ids import uuid7
from lms.services import attempting, enrolling
from tests.factories.courses import make_course, publish, put_block

EJECTION = {
    "stem": "射血分数？",
    "explanation": "双平面法。",
    "points": 1,
    "value": "55",
    "tolerance": "5",
    "unit": "%",
}


@pytest.fixture
def edition(world, now):
    """One unit with a single choice (b is right, two points) and a number (55 ± 5, one point)."""
    then = now - timedelta(days=20)
    course = make_course(world.author, world.hospital.pk, then, code="CARD-103")
    version = create_question(
        actor=world.author, organisation_id=world.hospital.pk, kind="numeric", content=EJECTION, now=then
    )
    put_block(world.author, course, "quiz", {"reference": str(version)}, then)
    return cms.get_edition(publish(course, world.author, world.reviewers, world.editor, then))


@pytest.fixture
def names(edition) -> tuple[str, str]:
    """The fields of both questions."""
    single, number = (node.key for node in edition.scored_nodes)
    return f"{single}-answer", f"{number}-answer"


@pytest.fixture
def ids(edition, actor, now) -> list:
    """Of the enrolment and of its open attempt."""
    enrolment_id = enrolling.enrol(actor=actor, edition_id=edition.id, now=now, enrolment_id=uuid7())
    return [enrolment_id, attempting.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)]


@pytest.fixture
def page(ids) -> str:
    return reverse("lms:attempt", args=ids)


@pytest.fixture
def kept(ids) -> str:
    return reverse("lms:keep_answers", args=ids)
