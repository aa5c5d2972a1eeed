"""A learner who passed a course under the shipped scheme."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client

from core.actor import Actor
from core.ids import uuid7
from credits.models import CreditEntry
from credits.services import crediting, schemes
from directory.models import Person
from lms import api as lms
from lms.models import Completion
from tests.factories.people import grant_role, make_actor, make_person
from tests.lms.conftest import actor, browser, learner, world

__all__ = ["actor", "browser", "learner", "world"]


@pytest.fixture
def scheme(db):
    return schemes.install_shipped()


def pass_course(person: Person, edition, now) -> Completion:
    """Through the services: enrol, read, answer, pass."""
    actor = make_actor(person, now)
    enrolment_id = lms.enrol(actor=actor, edition_id=edition.id, now=now, enrolment_id=uuid7())
    lms.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    attempt_id = lms.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    answers = QueryDict(f"{edition.scored_nodes[0].key}-answer=b")
    lms.submit_attempt(actor=actor, enrolment_id=enrolment_id, attempt_id=attempt_id, answers=answers, now=now)
    return Completion.objects.get(enrolment=enrolment_id)


@pytest.fixture
def completion(scheme, world, learner, now) -> Completion:
    return pass_course(learner, world.edition, now)


@pytest.fixture
def entry(completion, now) -> CreditEntry:
    crediting.credit_completion(completion_id=completion.pk, now=now + timedelta(minutes=1))
    return CreditEntry.unscoped.get(source=f"completion:{completion.pk}")


@pytest.fixture
def officer_person(world) -> Person:
    person = make_person(world.hospital)
    grant_role(person, "credit_officer", world.hospital)
    return person


@pytest.fixture
def officer(officer_person, now) -> Actor:
    return make_actor(officer_person, now)


@pytest.fixture
def officer_browser(officer_person) -> Client:
    client = Client()
    client.force_login(officer_person, backend="directory.backends.GrantBackend")
    return client
