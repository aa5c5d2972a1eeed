"""三员分立: system, security and audit are three people, and none of them can do another's part."""

from __future__ import annotations

from itertools import permutations

import pytest

from directory.errors import SeparationOfDuties
from directory.models import RoleGrant
from directory.roles import ROLES
from directory.services.grants import ADMINISTRATORS, grant_role
from tests.factories.people import make_actor, make_organisation, make_person
from tests.permissions import ways
from tests.permissions.test_objects import listed

THREE = ("system_admin", "security_admin", "audit_admin")
#: Both look somebody up, to keep details or to give roles; neither changes anything by looking.
SHARED_READING = {"directory:people", "directory:person"}


def let_in(words: str) -> set[str]:
    """The administrators whom a cell of objects.csv lets in: answered by 2xx or 3xx."""
    parts = [part.split(": ") for part in words.split("; ") if part[0] in "23"]
    return {role for _status, roles in parts for role in THREE if roles == "*" or role in roles.split()}


def test_the_three_hold_nothing_in_common_and_nothing_of_anybody_else():
    assert frozenset(THREE) == ADMINISTRATORS
    for one, other in permutations(ROLES, 2):
        if one in THREE:
            assert not ROLES[one].permissions & ROLES[other].permissions, (one, other)


@pytest.mark.parametrize("row", list(listed().values()), ids=lambda row: f"{row.method} {row.name}")
def test_no_change_to_an_object_is_open_to_two_of_them(row):
    is_for_all = ways_by_name()[row.name.partition("@")[0]].access in {"public", "signed_in"} and "*" in row.own
    for place in (row.own, row.sibling, row.above):
        if not is_for_all and row.name not in SHARED_READING:
            assert len(let_in(place)) <= 1


def test_no_page_asks_for_the_right_of_one_of_two_of_them():
    own = {name: ROLES[name].permissions for name in THREE}
    for way in ways.listed():
        asked = {name for name in THREE if own[name] & way.permissions()}
        if way.kind == "page" and way.name not in SHARED_READING:
            assert len(asked) <= 1, way.name


@pytest.mark.django_db
@pytest.mark.parametrize(("held", "wanted"), list(permutations(THREE, 2)))
def test_nobody_becomes_two_of_them(held, wanted, now):
    province = make_organisation(kind="authority")
    officer, person = make_person(province, "security_admin"), make_person(province, held)

    with pytest.raises(SeparationOfDuties):
        grant_role(
            actor=make_actor(officer), person_id=person.pk, role=wanted, organisation_id=province.pk, ends_at=None,
            now=now,
        )  # fmt: skip

    assert list(RoleGrant.objects.filter(person=person).values_list("role", flat=True)) == [held]


def ways_by_name() -> dict[str, ways.Way]:
    return {way.name: way for way in ways.listed()}
