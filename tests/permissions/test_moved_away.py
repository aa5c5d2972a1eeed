"""Whoever left a hospital has left its consults and images: every way in answers as for nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.actor import Actor
from directory.models import RoleGrant
from tests.factories.consults import make_bridge
from tests.factories.people import grant_role, make_organisation
from tests.factories.signing_in import sign_in
from tests.permissions.asking import ask
from tests.permissions.objects import House, consults
from tests.permissions.objects.house import Target, person_of
from tests.permissions.test_objects import METHODS, NOT_ALLOWED, OWN_COPY, way_of
from tests.permissions.ways import address, existing

pytestmark = pytest.mark.django_db

#: What they sent themselves is told on a page of their own, see media_pipeline.
OWN_UPLOADS = {"media_pipeline:upload_detail", "media_pipeline:upload_again"}
#: A draft belongs to who writes it.
OWN_DRAFTS = {"consult_bridge:draft", "consult_bridge:delete_draft"}


def move(actor: Actor, to: Any) -> Client:
    """Every role ends where it was and begins in another hospital."""
    person = person_of(actor)
    roles = list(person.grants.values_list("role", flat=True))
    RoleGrant.objects.filter(person=person).update(ends_at=timezone.now() - timedelta(minutes=5))
    for role in roles:
        grant_role(person, role, to)
    return sign_in(Client(raise_request_exception=False), person)


@pytest.fixture
def bridge(db):
    return make_bridge()


@pytest.fixture
def targets(bridge, run_jobs) -> dict[str, Target]:
    made = consults.targets(House("A", bridge, timezone.now() - timedelta(hours=6), run_jobs))
    return {name: target for name, target in made.items() if way_of(name) not in OWN_COPY | OWN_UPLOADS | OWN_DRAFTS}


def test_nothing_of_the_former_hospital_answers(bridge, targets):
    elsewhere = make_organisation(make_organisation(bridge.province, kind="authority"))
    movers = ("requester", "coordinator", "expert", "second", "writer")
    clients = {name: move(getattr(bridge, name), elsewhere) for name in movers}
    patterns, faults, asked = existing(), [], 0
    for name, target in sorted(targets.items()):
        way = way_of(name)
        urls = (address(way, patterns[way], target.ids), address(way, patterns[way]))
        for method in METHODS:
            form = target.form if method == "POST" else {}
            for mover, client in clients.items():
                answer, missing = (ask(client, method, url, form) for url in urls)
                if answer.status == missing.status == NOT_ALLOWED:
                    continue
                asked += 1
                if not answer.is_refusal or not answer.says_the_same_as(missing) or answer.written - missing.written:
                    said = f"{answer.status}, {missing.status} for nothing, wrote {sorted(answer.written)}"
                    faults.append(f"{method} {name} as the former {mover}: {said}")
    assert faults == []
    assert asked > 200


@pytest.mark.parametrize("address", ["/consults/?tab=all", "/worklist/?tab=mine", "/worklist/?tab=team", "/home/"])
def test_no_list_names_a_patient_of_the_former_hospital(bridge, targets, address):
    before = sign_in(Client(), person_of(bridge.expert)).get(address).content.decode()
    assert "岑望舒" in before
    elsewhere = make_organisation(bridge.province)
    assert "岑望舒" not in move(bridge.expert, elsewhere).get(address).content.decode()
