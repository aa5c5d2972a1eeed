"""Nobody at the screen: who is signed out when, what counts as activity, and what the page and the trail say."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client
from redis.exceptions import ResponseError

from core.audit.models import AuditEntry
from directory import idle as idle_rules
from directory.models import Person
from directory.web import idle as idle_edge
from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
MINUTE = 60.0
PAGE = {"sec-fetch-mode": "navigate"}
BY_ITSELF = {"sec-fetch-mode": "cors"}
NOTICE = "You were signed out after 30 minutes without activity."


class Clock:
    """The edge's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += minutes * MINUTE


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(idle_edge, "time", clock)
    return clock


@pytest.fixture
def doctor() -> Person:
    return make_person(make_organisation(), "requester", language="en")


def browser_of(person: Person, *, second_factor: bool = True) -> Client:
    return sign_in(Client(headers={"accept-language": "en"}), person, second_factor=second_factor)


def is_signed_in(client: Client) -> bool:
    return client.get("/home/", headers=BY_ITSELF).status_code == 200


def test_after_thirty_minutes_without_activity_the_session_ends(clock: Clock, doctor: Person) -> None:
    # given a doctor who opened a page
    browser = browser_of(doctor)
    assert browser.get("/home/", headers=PAGE).status_code == 200
    key = browser.session.session_key
    # when just less than half an hour passes, nothing happens; then more
    clock.pass_minutes(29.9)
    assert is_signed_in(browser)
    clock.pass_minutes(0.2)
    answer = browser.get("/consults/?tab=all", headers=PAGE)
    # then the page asks to sign in, will come back, says why, and the trail knows it was nobody's button
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/consults/%3Ftab%3Dall")
    assert NOTICE in browser.get(answer["Location"]).content.decode()
    assert not cache.get(f"django.contrib.sessions.cache{key}")
    entry = AuditEntry.objects.get(action__startswith="person.signed_out")
    assert (entry.action, entry.subject_id) == ("person.signed_out_idle", str(doctor.pk))


def test_a_page_opened_prolongs_and_what_a_page_asks_by_itself_does_not(clock: Clock, doctor: Person) -> None:
    browser = browser_of(doctor)
    browser.get("/home/", headers=PAGE)
    clock.pass_minutes(20)
    browser.get("/home/", headers=PAGE)
    # when the page goes on asking by itself
    for header in (BY_ITSELF, {"hx-request": "true"}, {"sec-fetch-mode": "no-cors"}, {"x-fragment": "1"}):
        clock.pass_minutes(7)
        assert browser.get("/home/", headers=header).status_code == 200
    # then the half hour still runs from the page that was opened
    clock.pass_minutes(2.1)
    assert not is_signed_in(browser)


def test_a_page_in_use_says_so_and_can_ask_how_long_is_left(clock: Clock, doctor: Person) -> None:
    browser = browser_of(doctor)
    browser.get("/home/", headers=PAGE)
    clock.pass_minutes(28)
    # when it asks, and when somebody types
    asked = browser.get("/profile/activity/", headers=BY_ITSELF)
    assert asked.json() == {"left": 120.0}
    assert browser.post("/profile/activity/", headers=BY_ITSELF).json() == {"left": 1800.0}
    # then the half hour begins again
    clock.pass_minutes(29)
    assert is_signed_in(browser)
    clock.pass_minutes(2)
    over = browser.post("/profile/activity/", headers=BY_ITSELF | {"accept": "application/json"})
    assert (over.status_code, over.json()["code"]) == (401, "unauthenticated")
    assert NOTICE in browser.get("/accounts/login/").content.decode()


def test_a_form_sent_too_late_changes_nothing_and_leads_back_to_its_page(clock: Clock, doctor: Person) -> None:
    browser = browser_of(doctor)
    browser.get("/profile/", headers=PAGE)
    clock.pass_minutes(31)
    # when
    answer = browser.post("/profile/sessions/end/", headers=PAGE | {"referer": "http://testserver/consults/?tab=all"})
    # then
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=%2Fconsults%2F%3Ftab%3Dall")
    doctor.refresh_from_db()
    assert doctor.sessions_end_at is None
    assert [e.action for e in AuditEntry.objects.filter(action__startswith="person.")] == ["person.signed_out_idle"]


def test_a_form_from_elsewhere_leads_to_the_first_screen(clock: Clock, doctor: Person) -> None:
    browser = browser_of(doctor)
    browser.get("/home/", headers=PAGE)
    clock.pass_minutes(31)

    answer = browser.post("/profile/sessions/end/", headers=PAGE | {"referer": "https://elsewhere.example/trap/"})

    assert answer["Location"] == "/accounts/login/?next=%2Fhome%2F"


def test_a_learner_has_four_hours(clock: Clock) -> None:
    learner = browser_of(make_person(make_organisation()), second_factor=False)
    learner.get("/home/", headers=PAGE)
    clock.pass_minutes(239)
    assert is_signed_in(learner)
    clock.pass_minutes(2)
    assert not is_signed_in(learner)


@pytest.mark.parametrize(
    ("method", "path", "headers", "counts"),
    [
        ("GET", "/consults/", PAGE, True),
        ("POST", "/consults/new/", PAGE, True),
        ("GET", "/consults/", {"accept": "text/html"}, True),
        ("GET", "/consults/", {"accept": "application/dicom+json"}, False),
        ("GET", "/home/", {"hx-request": "true"}, False),
        ("POST", "/consults/autosave/", {"x-autosave": "1"}, False),
        ("POST", "/cms/pages/3/edit/", BY_ITSELF, True),
        ("GET", "/cms/pages/3/edit/", BY_ITSELF, False),
        ("POST", "/cms/editing-sessions/ping/wagtailcore/page/3/1/", BY_ITSELF, False),
    ],
)
def test_what_counts_as_activity(rf: Any, method: str, path: str, headers: dict[str, str], counts: bool) -> None:
    assert idle_edge.is_activity(rf.generic(method, path, headers=headers)) is counts


def test_activity_is_noted_in_the_cache_and_at_most_every_half_minute(
    clock: Clock, doctor: Person, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    # given a session that was just begun
    browser = browser_of(doctor)
    browser.get("/profile/activity/", headers=PAGE)
    noted: list[float] = []
    monkeypatch.setattr(idle_rules, "note_activity", lambda key, *, now: noted.append(now))
    begun = clock.now
    # when a page is opened every ten seconds
    with django_assert_num_queries(4) as asked:
        for _page in range(4):
            clock.now += 10
            browser.get("/profile/activity/", headers=PAGE)
    # then the database is only asked for the reader's language, and the note is written once
    assert {query["sql"].split()[0] for query in asked.captured_queries} == {"SELECT"}
    assert noted == [begun + 40]


def test_a_broker_with_a_full_disk_signs_nobody_out_at_once(
    clock: Clock, doctor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(doctor)

    def refuse(*_args: Any, **_more: Any) -> None:
        raise ResponseError("MISCONF Errors writing to the AOF file: No space left on device")

    with monkeypatch.context() as full:
        full.setattr(caches["default"], "set", refuse)
        assert browser.get("/home/", headers=PAGE).status_code == 200


def test_the_pages_say_how_long(doctor: Person, settings: Any) -> None:
    settings.XINGLIN_IDLE_MINUTES = 20
    browser = browser_of(doctor)

    profile = browser.get("/profile/").content.decode()
    assert "Signed out after 20 minutes without activity." in profile
    assert 'data-limit="1200.0" data-left="1170.0" data-warning="120.0"' in profile
    visitor = Client(headers={"accept-language": "en"}).get("/accounts/login/").content.decode()
    assert "Such accounts are signed out after 20 minutes without activity." in visitor
    assert "idle-warning" not in visitor
