"""What a browser may keep of a session: nothing by itself, and after sign-out nothing at all."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in


@pytest.fixture
def learner(db):
    return sign_in(Client(), make_person(make_organisation(), "learner"))


@pytest.mark.parametrize("page", ["/home/", "/consults/", "/learn/", "/profile/", "/courses/", "/no/such/page/"])
def test_pages_of_a_session_are_kept_by_no_browser(learner, page):
    assert "no-store" in learner.get(page)["Cache-Control"]


def test_visitors_pages_stay_as_they_are(db):
    assert "Cache-Control" not in Client().get("/courses/")


def test_signing_out_empties_the_browsers_cache(learner):
    assert "Clear-Site-Data" not in learner.get("/home/")
    assert learner.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in learner.get("/courses/")
