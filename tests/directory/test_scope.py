"""Visibility is one set intersection: tokens of the actor against the row's organisation and its ancestors."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actor import Actor, Grant, organisation_token, person_token
from directory.selectors import actor_of, ancestor_paths, ancestors_of, organisations_visible
from directory.services.sign_in import SECOND_FACTOR_ROLES
from directory.web.middleware import without_unproved_rights
from tests.factories.people import grant_role, make_organisation, make_person

PERMISSION = "consult.view"
PERSON = UUID(int=7)


@st.composite
def trees(draw: st.DrawFn) -> list[str]:
    """Paths of a random tree of two to twenty organisations, the root first."""
    paths = ["0001/"]
    for number in range(2, draw(st.integers(2, 20)) + 1):
        parent = draw(st.sampled_from([path for path in paths if len(path) < 30]))
        paths.append(f"{parent}{number:04d}/")
    return paths


def _id(path: str) -> UUID:
    return UUID(int=int(path.replace("/", "")))


@given(paths=trees(), data=st.data())
def test_tokens_meet_a_row_exactly_when_a_grant_covers_it(paths, data):
    held = data.draw(st.lists(st.sampled_from(paths), max_size=3))
    other = data.draw(st.lists(st.sampled_from(paths), max_size=2))
    grants = [Grant("a", _id(path), path, frozenset({PERMISSION})) for path in held]
    grants += [Grant("b", _id(path), path, frozenset({"training.manage"})) for path in other]
    actor = Actor(person_id=PERSON, grants=tuple(grants))
    tokens = set(actor.tokens(PERMISSION))

    for path in paths:
        row = {organisation_token(_id(step)) for step in ancestor_paths(path)}
        covered = any(path.startswith(place) for place in held)
        assert bool(tokens & row) is covered
        assert actor.may(PERMISSION, path) is covered
    assert person_token(PERSON) in tokens


@given(paths=trees())
def test_ancestors_are_every_prefix_and_nothing_else(paths):
    for path in paths:
        assert set(ancestor_paths(path)) == {other for other in paths if path.startswith(other)}


@given(roles=st.lists(st.sampled_from(["requester", "reviewer", "manager", "security_admin", "author"]), max_size=4))
def test_without_a_second_factor_only_harmless_roles_act(roles):
    grants = tuple(Grant(role, UUID(int=n), "0001/", frozenset({role})) for n, role in enumerate(roles))
    unproved = without_unproved_rights(Actor(person_id=PERSON, grants=grants))
    assert {g.role for g in unproved.grants} == set(roles) - SECOND_FACTOR_ROLES
    assert without_unproved_rights(Actor(PERSON, "", grants, is_mfa_verified=True)).grants == grants


@pytest.mark.django_db
def test_ancestors_and_visible_organisations_from_the_tables(now):
    root = make_organisation(kind="authority")
    county = make_organisation(root, kind="authority")
    hospital, sibling = make_organisation(county), make_organisation(root)
    supervisor = make_person(county, "supervisor")

    assert ancestors_of(hospital.pk) == [root.pk, county.pk, hospital.pk]
    visible = set(organisations_visible(actor_of(supervisor, now), "supervise.view"))
    assert visible == {county, hospital}
    assert sibling not in visible


@pytest.mark.django_db
def test_only_live_grants_of_active_organisations_act(now):
    hospital, closed = make_organisation(), make_organisation(is_active=False)
    person = make_person(hospital)
    grant_role(person, "supervisor", hospital, ends_at=now)
    grant_role(person, "manager", hospital, starts_at=now + timedelta(seconds=1))
    grant_role(person, "author", closed)
    grant_role(person, "reviewer", hospital, ends_at=now + timedelta(seconds=1))

    assert {g.role for g in actor_of(person, now).grants} == {"reviewer"}
