"""Whoever asks, and whatever stands in the index: found is exactly what the tokens of the two have in common."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actor import ANONYMOUS, Actor, Grant, organisation_token, person_token
from core.search import PUBLIC, SIGNED_IN, tokens_of
from tests.core.test_search import found, index

__all__ = ["index"]
pytestmark = pytest.mark.django_db

PEOPLE = [UUID(int=number) for number in (1, 2, 3)]
PLACES = [UUID(int=number) for number in (11, 12, 13)]
TOKENS = [PUBLIC, SIGNED_IN, *map(person_token, PEOPLE), *map(organisation_token, PLACES)]
AUDIENCES = st.lists(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=4, unique=True), min_size=1, max_size=5)
ACTORS = st.one_of(
    st.just(ANONYMOUS),
    st.builds(
        lambda person, places: Actor(
            person_id=person,
            grants=tuple(Grant("expert", place, f"{number:04}/", frozenset()) for number, place in enumerate(places)),
        ),
        st.sampled_from(PEOPLE),
        st.lists(st.sampled_from(PLACES), max_size=2, unique=True),
    ),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(audiences=AUDIENCES, actors=st.lists(ACTORS, min_size=1, max_size=4))
def test_found_is_what_both_have_in_common(index, audiences, actors) -> None:
    from core.search.backends import backend

    backend().clear()
    put = {index(title="房颤抗凝", audience=audience): set(audience) for audience in audiences}
    for actor in actors:
        expected = {PUBLIC}
        if actor.is_signed_in:
            expected |= {SIGNED_IN, person_token(actor.person_id)}
            expected |= {organisation_token(grant.organisation_id) for grant in actor.grants}
        assert set(tokens_of(actor)) == expected
        assert set(found("房颤", tokens_of(actor))) == {key for key, audience in put.items() if audience & expected}
