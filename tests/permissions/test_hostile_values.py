"""No value in an address breaks a page: every page without an object, asked as somebody who may see it."""

import pytest
from django.test import Client

from core.numbers import whole_number
from core.ui.pagination import LAST_PAGE, page_number
from directory.models import Person
from directory.roles import ROLES
from directory.seed.demo_people import DEMO_PEOPLE
from tests.factories.signing_in import sign_in
from tests.permissions.ways import Way, address, existing, listed

PAGES = [way for way in listed() if way.method == "get" and way.kind == "page"]
NAMES = (
    *("page", "q", "tab", "words", "difficulty", "year", "org", "from", "to", "since", "until", "status", "role"),
    "level",
)
#: Answered before any view.
WITHOUT_VIEWS = frozenset({"healthz"})
VALUES = ("9" * 25, "9" * 5000, "²", "-1", "0", "١٢", "x'\"<", "[", "%", "_", "0001-01-01", "9999-12-31", "NaN")


def _somebody_who_may(way: Way) -> str | None:
    if way.access == "public":
        return None
    wanted = way.permissions()
    for entry in DEMO_PEOPLE:
        held = {permission for role in entry.roles for permission in ROLES[role].permissions}
        if way.access == "signed_in" or held & wanted:
            return entry.username
    raise AssertionError(f"nobody in the demo may open {way.name}")


@pytest.fixture
def ask(seeded_province, rights_read_once):
    """For a page, a client of somebody who may see it."""
    clients: dict[str | None, Client] = {}

    def client_of(way: Way) -> Client:
        username = _somebody_who_may(way)
        if username not in clients:
            clients[username] = Client(raise_request_exception=False)
            if username:
                sign_in(clients[username], Person.objects.get(username=username))
        return clients[username]

    return client_of


@pytest.mark.django_db
def test_no_value_in_the_query_breaks_a_page(ask):
    """One test for all pages, so that the province is seeded once; every fault is named."""
    faults = []
    for way in PAGES:
        client, url = ask(way), address(way.name, existing()[way.name])
        queries = [dict.fromkeys(NAMES, value) for value in VALUES]
        queries += [{name: VALUES[0]} for name in ("page", "q", "tab")]
        for query in queries:
            status = client.get(url, query).status_code
            if status >= 500:
                faults.append(f"{way.name} {next(iter(query))}={next(iter(query.values()))[:26]}: {status}")
    assert faults == []


@pytest.mark.django_db
def test_a_nul_in_the_query_is_refused_in_words(ask):
    answers = {way.name: ask(way).get(address(way.name, existing()[way.name]) + "?q=a%00b") for way in PAGES}
    assert {name for name, answer in answers.items() if answer.status_code != 400} <= WITHOUT_VIEWS


@pytest.mark.parametrize(
    ("raw", "number"),
    [("7", 7), (" 7 ", 7), ("007", 7), ("²", None), ("٧", None), ("9" * 10, None), ("9" * 5000, None), ("-1", None),
     ("", None), (None, None), (12, 12)],
)  # fmt: skip
def test_whole_numbers_are_plain_digits(raw, number):
    assert whole_number(raw) == number


@pytest.mark.parametrize(
    ("raw", "number"), [("3", 3), ("0", 1), ("-1", 1), ("²", 1), ("9" * 25, 1), ("999999999", LAST_PAGE), (None, 1)]
)
def test_page_numbers_end_somewhere(raw, number):
    assert page_number(raw) == number
