"""Each way in, for each role and for a visitor. A way that nobody listed fails."""

from __future__ import annotations

import pytest
from django.test import Client

from directory.models import Person
from directory.roles import ROLES
from tests.factories.signing_in import sign_in
from tests.permissions.ways import Way, address, existing, listed

pytestmark = pytest.mark.django_db

VISITOR = ""
PEOPLE = (
    VISITOR, "learner", "outsider", "requester", "coordinator", "expert", "reporting_doctor", "deid_officer", "author",
    "reviewer", "editor", "manager", "supervisor", "admin", "security_admin", "audit_admin",
)  # fmt: skip


def test_every_way_in_is_listed_and_every_listed_way_exists():
    names = [way.name for way in listed()]
    assert sorted(set(existing()) - set(names)) == [], "ways in that nobody listed in ways.csv"
    assert sorted(set(names) - set(existing())) == [], "listed ways that do not exist"
    assert len(names) == len(set(names))


def test_every_permission_of_the_table_is_held_by_a_role():
    held = frozenset().union(*(role.permissions for role in ROLES.values()))
    asked = {name for way in listed() for name in way.permissions()} - {"public", "signed_in"}
    assert asked <= held


@pytest.fixture
def clients(seeded_province):
    """A client for each person, signed in with a second factor; the visitor's is bare."""
    found = {VISITOR: Client()}
    for username in PEOPLE[1:]:
        found[username] = sign_in(Client(), Person.objects.get(username=username))
    return found


def permissions_of(username: str) -> frozenset[str]:
    if username == VISITOR:
        return frozenset()
    grants = Person.objects.get(username=username).grants.values_list("role", flat=True)
    return frozenset().union(*(ROLES[role].permissions for role in grants))


def may(way: Way, username: str) -> bool:
    if way.access == "public":
        return True
    if username == VISITOR:
        return False
    return way.access == "signed_in" or bool(way.permissions() & permissions_of(username))


def verdict(way: Way, username: str, answer) -> str:
    """ "" when the answer is what the table says, else a sentence."""
    status = answer.status_code
    to_sign_in = status in {301, 302} and "/accounts/" in answer["Location"]
    said = f"{way.name} as {username or 'visitor'}: {status}"
    if status >= 500:
        return said
    if not may(way, username):
        refused = to_sign_in or status == 401 if username == VISITOR else status in {403, 404}
        return "" if refused else f"{said}, should be refused"
    if status in {401, 403, 405} or (to_sign_in and way.kind != "leave"):
        return f"{said}, should be allowed"
    return "" if status < 404 or status in {409, 422} else f"{said}, should be allowed"


def test_each_way_answers_each_role_as_the_table_says(clients):
    """One test for all pages, so that the province is seeded once; every fault is named. For objects: objects.csv."""
    patterns = existing()
    faults = []
    for way in (way for way in listed() if not way.takes_object):
        url = address(way.name, patterns[way.name])
        faults += [verdict(way, name, getattr(client, way.method)(url)) for name, client in clients.items()]
    found = [fault for fault in faults if fault]
    assert not found, "\n".join(found)
