"""A published edition of one unit with a text and a question, and a learner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from cms import api as cms
from cms.contracts import Edition
from core.actor import Actor
from core.ids import uuid7
from directory.models import Organisation, Person
from lms.services import enrolling
from tests.factories.courses import make_course, publish, put_in_department
from tests.factories.people import make_actor, make_organisation, make_person


@dataclass
class World:
    hospital: Organisation
    author: Actor
    reviewers: list[Actor]
    editor: Actor
    edition: Edition


@pytest.fixture
def world(db, now) -> World:
    """The edition was published 30 days before `now`."""
    root = make_organisation(kind="authority")
    hospital = make_organisation(root)
    people = [make_person(make_organisation(root), "reviewer") for _n in range(2)]
    for person in people:
        put_in_department(person, "cardiology")
    author = make_actor(make_person(hospital, "author", "editor"), now)
    reviewers = [make_actor(person, now) for person in people]
    editor = make_actor(make_person(hospital, "editor"), now)
    course = make_course(author, hospital.pk, now - timedelta(days=32))
    edition_id = publish(course, author, reviewers, editor, now - timedelta(days=32))
    return World(hospital, author, reviewers, editor, cms.get_edition(edition_id))


@pytest.fixture
def learner(world) -> Person:
    return make_person(world.hospital)


@pytest.fixture
def actor(learner, now) -> Actor:
    return make_actor(learner, now)


@pytest.fixture
def enrolment_id(world, actor, now) -> UUID:
    return enrolling.enrol(actor=actor, edition_id=world.edition.id, now=now, enrolment_id=uuid7())


@pytest.fixture
def browser(learner) -> Client:
    client = Client()
    client.force_login(learner, backend="directory.backends.GrantBackend")
    return client
