"""A hospital with an author and an editor, and two peers elsewhere."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.factories.courses import put_in_department
from tests.factories.people import make_actor, make_organisation, make_person


@pytest.fixture
def house(db, now):
    province = make_organisation(kind="authority")
    hospital, elsewhere = make_organisation(province), make_organisation(province)
    people = {
        "author": make_person(hospital, "author"),
        "colleague": make_person(hospital, "reviewer"),
        "editor": make_person(hospital, "editor"),
        "reviewer": make_person(elsewhere, "reviewer"),
        "reviewer2": make_person(elsewhere, "reviewer"),
        "outsider": make_person(elsewhere, "author"),
    }
    put_in_department(people["author"], "cardiology")
    put_in_department(people["colleague"], "cardiology")
    actors = {name: make_actor(person, now) for name, person in people.items()}
    return SimpleNamespace(hospital=hospital, elsewhere=elsewhere, people=SimpleNamespace(**people), **actors)
