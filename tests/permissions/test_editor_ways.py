"""Wagtail's admin is a library's, but its ways lead into this house: each is asked for as every role.

`editor_ways.csv` holds what opens, for whom. An address that an upgrade of Wagtail brings and that opens for somebody
fails here until somebody has looked at it.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

from directory.roles import ROLES
from tests.factories.people import make_organisation, make_person
from tests.factories.pictures import upload
from tests.factories.signing_in import sign_in
from tests.permissions.ways import walk

TABLE = Path(__file__).with_name("editor_ways.csv")
VISITOR = "visitor"
ARGUMENT = re.compile(r"<(?:\w+:)?\w+>|\(\?P<\w+>[^)]*\)")


def addresses() -> list[str]:
    """Every address below /cms/, with 1 for its arguments."""
    routes = {route for _name, route, _pattern in walk(get_resolver().url_patterns) if route.startswith("cms/")}
    plain = {re.sub(r"[\^$\\]", "", ARGUMENT.sub("1", route)) for route in routes}
    return sorted("/" + route for route in plain if not set("()|?*[") & set(route))


@pytest.fixture
def clients(db):
    hospital = make_organisation()
    image = upload("#1f6f5c")  # there is a picture that belongs to nobody of them
    type(image).objects.filter(pk=image.pk).update(id=1)
    people = {name: make_person(hospital, name) for name in ROLES}
    clients = {name: sign_in(Client(raise_request_exception=False), person) for name, person in people.items()}
    return clients | {VISITOR: Client(raise_request_exception=False)}


def test_each_way_into_the_editor_opens_for_whom_the_table_says(clients):
    found, faults = {}, []
    for address in addresses():
        statuses = {name: client.get(address).status_code for name, client in clients.items()}
        faults += [f"{address} as {name}: {status}" for name, status in statuses.items() if status >= 500]
        if opened := [name for name, status in sorted(statuses.items()) if status == 200]:
            found[address] = " ".join(opened)
    with TABLE.open(newline="") as file:
        listed = {row["address"]: row["opens_for"] for row in csv.DictReader(file)}
    assert faults == []
    assert found == listed
