"""The seeded province for the permission tests."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from directory import selectors
from directory.backends import SignInBackend


@pytest.fixture
def seeded_province(db):
    """The people and organisations of the demo, without its year of history; rolled back with the test."""
    from directory import seed

    return seed.seed(rng=Random(1), now=datetime(2026, 11, 22, 3, 22, tzinfo=UTC))


@pytest.fixture
def rights_read_once(monkeypatch):
    """For tests of thousands of requests in which nobody's rights change: people and their grants are read once."""
    people, actors = {}, {}
    read_person, read_actor = SignInBackend.get_user, selectors.actor_of

    def get_user(backend, user_id):
        if str(user_id) not in people:
            people[str(user_id)] = read_person(backend, user_id)
        return people[str(user_id)]

    def actor_of(person, now, *, is_mfa_verified=False):
        key = (person.pk, is_mfa_verified)
        if key not in actors:
            actors[key] = read_actor(person, now, is_mfa_verified=is_mfa_verified)
        return actors[key]

    monkeypatch.setattr(SignInBackend, "get_user", get_user)
    monkeypatch.setattr(selectors, "actor_of", actor_of)
