"""The content security policy: strict on every page, and under /cms/ with the one relaxation that ADR 0013 names."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
STRICT = {
    "default-src": {"'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:", "blob:"},
    "media-src": {"'self'", "blob:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "worker-src": {"'self'", "blob:"},
    "object-src": {"'none'"},
    "base-uri": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'self'"},
}
INLINE = {"'self'", "'unsafe-inline'"}


def policy_of(response) -> dict[str, set[str]]:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: set(sources) for name, *sources in parts}


@pytest.fixture
def author(db):
    hospital = make_organisation(make_organisation(kind="authority"))
    return sign_in(Client(), make_person(hospital, "author"))


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/accounts/login/",
        "/home/",
        "/courses/",
        "/courses/desk/",
        "/verify/",
        "/cases/",
        "/no/such/page/",
        "/help/",
    ],
)
def test_every_page_of_ours_allows_nothing_inline(author, address):
    assert policy_of(author.get(address)) == STRICT
    assert policy_of(Client().get(address)) == STRICT


@pytest.mark.parametrize("address", ["/cms/", "/cms/images/", "/cms/pages/999999/edit/", "/cms/users/"])
def test_wagtails_admin_allows_inline_and_nothing_else_besides(author, address):
    response = author.get(address)

    assert response.status_code in {200, 404}
    assert policy_of(response) == STRICT | {"script-src": INLINE, "style-src": INLINE}
