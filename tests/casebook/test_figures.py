"""The casebook's share on the supervision page: cases made from consults, and those that can be read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from casebook.figures import _published
from casebook.models import CaseVersion, TeachingCase
from core.ui.figures import Question
from tests.factories.people import make_actor, make_person


@pytest.fixture
def numbers(house, draft, now):
    """(published, made) of an organisation's supervisor in the days up to the fixed moment."""
    TeachingCase.unscoped.update(created_at=now)

    def read(organisation, day=None):
        end = day or timezone.localdate(now)
        actor = make_actor(make_person(organisation, "supervisor"), now)
        (effect,) = _published(Question(actor, "supervise.view", "", end - timedelta(days=30), end))
        return effect.value, effect.base

    return read


def test_a_draft_is_made_and_a_published_version_can_be_read(house, draft, now, numbers):
    assert numbers(house.bridge.province) == (0, 1)

    CaseVersion.unscoped.filter(pk=draft.pk).update(state="published", published_at=now)
    assert numbers(house.bridge.province) == (1, 1)

    CaseVersion.unscoped.filter(pk=draft.pk).update(state="withdrawn")
    assert numbers(house.bridge.province) == (0, 1)


def test_cases_count_for_the_hospital_that_answered_and_in_their_month(house, draft, numbers):
    assert numbers(house.bridge.centre) == (0, 1)
    assert numbers(house.bridge.county) == (0, 0)
    assert numbers(house.bridge.province, date(2026, 9, 1)) == (0, 0)
