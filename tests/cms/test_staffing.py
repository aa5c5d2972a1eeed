"""Who may name a reviewer of a course: asked for one course and for a list, the answer is the same."""

from __future__ import annotations

from cms import policies
from cms.models import Course
from core.actor import SYSTEM
from tests.factories.courses import make_course
from tests.factories.people import make_actor, make_person


def test_the_query_answers_as_the_rule_does(house, now):
    own = make_course(house.author, house.hospital.pk, now, code="CARD-101")
    foreign = make_course(house.outsider, house.elsewhere.pk, now, code="CARD-102")
    colleague = make_actor(make_person(house.hospital, "author"), now)
    left = make_actor(make_person(house.hospital), now)
    own.author_rows.create(person_id=left.person_id, position=2)
    asked = {"author": house.author, "editor": house.editor, "outsider": house.outsider, "reviewer": house.reviewer}
    asked |= {"colleague": colleague, "left": left, "system": SYSTEM}

    found = {name: set(policies.writable_by(actor).values_list("pk", flat=True)) for name, actor in asked.items()}

    assert found == {
        "author": {own.pk},
        "editor": {own.pk},
        "outsider": {foreign.pk},
        "reviewer": set(),
        "colleague": set(),
        "left": set(),
        "system": {own.pk, foreign.pk},
    }
    courses = Course.unscoped.all()
    assert found == {n: {c.pk for c in courses if policies.writes(actor, c)} for n, actor in asked.items()}
