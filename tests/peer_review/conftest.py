"""A hospital with an author and an editor, two peers elsewhere, and things of a kind of their own to review."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.ids import uuid7
from directory.api import people_with_permission
from peer_review.api import open_round
from peer_review.contracts import ReviewBlock
from peer_review.models import ReviewRound
from peer_review.subjects import _subjects, register_subject
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


def _render(manifest, *, actor, now):
    return [ReviewBlock("b1", "Unit 1", "Text", "<p>Text</p>")]


def _ids(permission):
    def held(actor):
        rows = ReviewRound.objects.filter(subject_kind="thing")
        return (rows if actor.may(permission) else rows.none()).values("subject_id")

    return held


@pytest.fixture
def subject(monkeypatch):
    monkeypatch.setitem(_subjects, "thing", None)
    _subjects.pop("thing")
    register_subject(
        kind="thing",
        label="Thing",
        rubric="course",
        permission="course.review",
        render=_render,
        answerable_ids=_ids("course.author"),
        staffable_ids=_ids("course.publish"),
        leads=lambda subject_id, now: people_with_permission("course.publish", now),
    )
    yield
    _subjects.pop("thing", None)


@pytest.fixture
def open_for(house, now, subject):
    def start(*reviewers, **changes):
        values = {
            "actor": house.author,
            "subject_kind": "thing",
            "subject_id": uuid7(),
            "title": "Thing",
            "manifest": {"a": 1},
            "manifest_hash": "sha256:1",
            "author_ids": [house.author.person_id],
            "reviewer_ids": [r.person_id for r in reviewers],
            "now": now,
        }
        return open_round(**values | changes)

    return start
