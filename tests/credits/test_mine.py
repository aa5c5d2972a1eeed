"""The card of the first screen says what is missing, and only that; of an authority's people nothing is asked."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from credits.models import Requirement
from directory.models import Organisation
from tests.factories.people import make_person
from tests.factories.signing_in import sign_in


def _shown(person) -> dict[str, str]:
    """What the card and the ledger's page say of the year."""
    client = sign_in(Client(), person)
    client.cookies["xinglin_language"] = "en"
    return {
        name: BeautifulSoup(client.get(reverse(name)).content, "html.parser").main.get_text(" ", strip=True)
        for name in ("credits:mine_panel", "credits:transcript")
    }


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"credits": "25", "hours": "90"}, "24.4 credits and 89 hours are missing"),
        ({"credits": "0.6", "hours": "90"}, "89 hours are missing"),
        ({"credits": "25", "hours": "1"}, "24.4 credits are missing"),
        ({"credits": "0.6", "hours": "1"}, "Both are met."),
    ],
)
def test_only_what_is_missing_is_named(entry, learner, asked, said):
    # given a learner who holds 0.6 credits and 1 hour
    Requirement.objects.update(**asked)

    for text in _shown(learner).values():
        assert said in text
        assert " 0 credits" not in text and " 0 hours are" not in text and "credits and 0 hours" not in text


def test_of_an_authoritys_people_nothing_is_asked(entry, world):
    authority = Organisation.objects.get(pk=world.hospital.parent_id)

    texts = _shown(make_person(authority, "supervisor"))

    assert authority.kind == "authority"
    for text in texts.values():
        assert "No credits are asked of you" in text
        assert "missing" not in text and "/ 25" not in text
    # the same card of a colleague at a hospital asks for the year's credits
    assert "25 credits and 90 hours are missing" in _shown(make_person(world.hospital))["credits:mine_panel"]
