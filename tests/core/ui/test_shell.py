"""The shell: pages, errors, language, appearance."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client
from django.urls import ResolverMatch, reverse

from core import notify
from core.audit.models import AuditEntry
from core.notify.models import Notification
from core.ui import registry
from core.ui.client_address import client_address
from core.ui.middleware import ErrorMiddleware
from core.ui.registry import Chip, NavigationItem, TaskItem
from directory.models import RoleGrant
from tests.factories.people import make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_registry(monkeypatch):
    """No other room's navigation, tasks or panels."""
    for name in ("_navigation", "_tasks", "_panels", "_actions"):
        monkeypatch.setattr(registry, name, {})


@pytest.fixture
def person():
    return make_person(make_organisation(), "requester", name="林晓禾", language="en")


@pytest.fixture
def client(person):
    return sign_in(Client(), person)


def test_home_sends_a_visitor_to_sign_in():
    response = Client().get("/home/")

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next=/home/"


def test_home_lists_tasks_by_urgency_then_due(client, empty_registry, now):
    def provider(actor, at):
        return [
            TaskItem("Routine", "/r/", "Open", urgency=5),
            TaskItem("Later", "/l/", "Open", urgency=2, due_at=now.replace(hour=9), started_at=now),
            TaskItem("Sooner", "/s/", "Open", urgency=2, due_at=now.replace(hour=5), chip=Chip("Sent", "sent", "grey")),
        ]

    registry.register_tasks(provider)

    text = client.get("/home/").content.decode()

    assert "林晓禾, 3 things need you now" in text
    assert text.index("Sooner") < text.index("Later") < text.index("Routine")
    assert text.partition("</main>")[0].count("x-btn--primary") == 1


def test_home_without_work_says_so(client, empty_registry):
    text = client.get("/home/").content.decode()

    assert "nothing needs you now" in text
    assert "Nothing waits for you" in text


def test_navigation_follows_permissions_and_counts(client, empty_registry):
    registry.register_navigation(
        NavigationItem("a", "Mine", "/a/", "house", permission="consult.view", count=lambda a, n: 3)
    )
    registry.register_navigation(NavigationItem("b", "Not mine", "/b/", "house", permission="admin.audit"))
    registry.register_navigation(NavigationItem("c", "Nowhere", "no_such:page", "house"))
    either, neither = ("admin.audit", "consult.view"), ("admin.audit", "admin.system")
    registry.register_navigation(NavigationItem("d", "Of either", "/d/", "house", permission=either))
    registry.register_navigation(NavigationItem("e", "Of neither", "/e/", "house", permission=neither))

    text = client.get("/more/").content.decode()

    assert '<a href="/a/">Mine<span class="x-count">3' in text
    assert "Not mine" not in text
    assert "Nowhere" not in text
    assert '<a href="/d/">Of either' in text
    assert "Of neither" not in text


def test_what_is_the_persons_own_stands_in_their_menu_and_never_among_the_areas(client, empty_registry):
    registry.register_navigation(NavigationItem("own", "My page", "/own/", "house", order=1, is_account=True))
    registry.register_navigation(NavigationItem("a", "Area", "/a/", "house", order=2))

    text = client.get("/more/").content.decode()
    areas, menu = text.split('class="x-menu__name"')[:2]

    assert '<a href="/a/">Area' in areas
    assert "My page" not in areas
    assert '<a href="/own/">' in menu


def test_current_area_is_the_longest_prefix():
    items = [NavigationItem("x", "X", "/consults/", "house"), NavigationItem("y", "Y", "/consults/work/", "house")]

    assert registry.current_key(items, "/consults/work/1/") == "y"
    assert registry.current_key(items, "/consults/1/") == "x"
    assert registry.current_key(items, "/other/") is None


def test_supervision_shows_the_panels_of_its_reader(empty_registry):
    client = Client()
    supervisor = make_person(make_organisation(), "supervisor", language="en")
    client.force_login(supervisor, backend="directory.backends.GrantBackend")
    registry.register_panel("supervision", registry.Panel("mine", "Requests", "ui:more", permission="supervise.view"))
    registry.register_panel("supervision", registry.Panel("other", "Keys", "ui:more", permission="admin.security"))

    text = client.get("/supervision/?org=&from=2026-01-01&to=2026-06-30").content.decode()

    assert 'hx-get="/more/?org=&amp;from=2026-01-01&amp;to=2026-06-30"' in text
    assert "Requests" in text
    assert "Keys" not in text


def test_supervision_is_refused_to_whoever_does_not_supervise(client, empty_registry):
    assert client.get("/supervision/").status_code == 403


def test_missing_page_is_a_sentence_or_a_problem(client):
    page = client.get("/home/nothing-here/", HTTP_ACCEPT="text/html")
    problem = client.get("/api/nothing-here/")

    assert page.status_code == 404
    assert "This page was not found" in page.content.decode()
    assert problem.status_code == 404
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["code"] == "not_found"
    assert problem.json()["status"] == 404


def test_refusal_is_a_page_and_an_audit_entry(person, rf):
    from core.errors import Forbidden
    from core.ui.middleware import ErrorMiddleware
    from tests.factories.people import make_actor

    request = rf.get("/components/")
    request.actor, request.user, request.session = make_actor(person), person, {}

    response = ErrorMiddleware(lambda r: None).process_exception(request, Forbidden())

    assert response.status_code == 403
    assert response["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="refused")
    assert (entry.subject_type, entry.subject_id) == ("page", "/components/")


def test_fragment_request_gets_a_fragment(client):
    response = client.get("/home/nothing-here/", HTTP_HX_REQUEST="true")

    assert response.content.decode().strip().startswith('<div class="x-note x-note--danger"')


def test_language_is_kept_on_person_and_cookie(client, person):
    response = client.post("/language/", {"language": "zh-hans", "next": "/more/"})

    person.refresh_from_db()
    assert response["Location"] == "/more/"
    assert person.language == "zh-hans"
    assert client.cookies["xinglin_language"].value == "zh-hans"
    assert '<html lang="zh-Hans"' in client.get("/more/").content.decode()


def test_language_never_sends_off_the_site(client):
    response = client.post("/language/", {"language": "en", "next": "https://elsewhere.test/"})

    assert response["Location"] == "/"


@pytest.mark.parametrize(
    ("accept", "expected"), [("zh-CN,zh;q=0.9", "zh-Hans"), ("en-GB", "en"), ("fr", "zh-Hans"), ("", "zh-Hans")]
)
def test_visitor_reads_the_browsers_language(accept, expected, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = Client().get("/more/", HTTP_ACCEPT_LANGUAGE=accept)

    assert f'<html lang="{expected}" data-time-zone="Asia/Shanghai"' in response.content.decode()


def test_theme_is_kept_and_an_unknown_one_ignored(client, person):
    client.post("/theme/", {"theme": "dark", "next": "/more/"})
    client.post("/theme/", {"theme": "<script>", "next": "/more/"})

    person.refresh_from_db()
    assert person.theme == "dark"
    assert 'data-bs-theme="dark"' in client.get("/more/").content.decode()


def test_notifications_are_listed_opened_and_read(client, person, now, monkeypatch):
    from core.notify import kinds

    monkeypatch.setattr(kinds, "_kinds", {})
    notify.register_kind(notify.Kind("test.told", "Something was decided", "Decision %(number)s"))
    notify.notify(person_ids=[person.pk], kind="test.told", params={"number": 7}, url="/more/", now=now)
    row = Notification.objects.get()

    listed = client.get("/notifications/").content.decode()
    opened = client.post(f"/notifications/{row.pk}/open/")

    assert "Decision 7" in listed
    assert "Notifications, 1 unread" in listed
    assert opened["Location"] == "/more/"
    row.refresh_from_db()
    assert row.read_at is not None


def test_somebody_elses_notification_reads_as_missing(client, now):
    response = client.post(f"/notifications/{uuid.uuid4()}/open/")

    assert response.status_code == 404


def test_component_sheet_shows_every_machine(client):
    text = client.get("/components/").content.decode()

    assert text.count("<h1>") == 1
    assert ">job</h3>" in text
    assert "Write the question." in text


def test_post_without_token_explains_itself(person):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, person)

    response = client.post("/notifications/read/")

    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


def test_the_loser_of_two_equal_clicks_meets_the_winners_row(rf):
    # given a view whose first run loses the race for a key, with a file that it has read already
    seen = []

    def view(request, number):
        seen.append((number, request.FILES["page"].read()))
        if len(seen) == 1:
            raise IntegrityError("Key (phone)=(19900010023) already exists")
        return HttpResponse("the winner's page")

    request = rf.post("/x/", {"page": SimpleUploadedFile("page.txt", b"text")})
    request.resolver_match = ResolverMatch(view, (), {"number": 7})
    middleware = ErrorMiddleware(lambda _request: view(_request, number=7))
    # when
    with pytest.raises(IntegrityError) as lost:
        middleware.get_response(request)
    answer = middleware.process_exception(request, lost.value)
    # then it runs once more, from the beginning of the file
    assert answer.content == b"the winner's page"
    assert seen == [(7, b"text"), (7, b"text")]


def test_a_key_that_stays_taken_is_a_conflict_that_names_no_value(rf, person):
    def view(request):
        raise IntegrityError("Key (phone)=(19900010023) already exists")

    request = rf.post("/x/")
    request.user, request.actor = person, make_actor(person)
    request.resolver_match = ResolverMatch(view, (), {})

    answer = ErrorMiddleware(view).process_exception(request, IntegrityError("first"))

    assert answer.status_code == 409
    assert "19900010023" not in answer.content.decode()


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
    ],
)
def test_the_address_is_what_a_trusted_proxy_saw(rf, settings, proxies, header, expected):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": header})
    assert client_address(request) == expected


def test_a_kept_top_bar_holds_nothing_of_the_reader_before(empty_registry):
    # given two people who see the same areas, the first of whom has just drawn the bar
    place = make_organisation()
    first = sign_in(Client(), make_person(place, name="林晓禾", language="en"))
    second = sign_in(Client(), make_person(place, name="赵<临>川", language="en"))
    before = first.get("/more/?q=first").content.decode()
    # when the second opens another address
    after = second.get("/more/?q=%22%3Csecond%3E").content.decode()
    # then name, avatar, address and form token are the second's own, escaped
    assert "林" in before
    assert "林" not in after
    assert '<p class="x-menu__name">赵&lt;临&gt;川</p>' in after
    assert 'value="/more/?q=%22%3Csecond%3E"' in after
    tokens = [re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', text) for text in (before, after)]
    assert all(len(token) == 64 for found in tokens for token in found)
    assert not set(tokens[0]) & set(tokens[1])


def test_a_kept_top_bar_follows_what_the_reader_may(empty_registry):
    # given somebody whose bar shows an area
    registry.register_navigation(NavigationItem("a", "Mine", "/a/", "house", permission="consult.view"))
    person = make_person(make_organisation(), "requester", language="en")
    client = sign_in(Client(), person)
    assert '<a href="/a/">Mine' in client.get("/more/").content.decode()
    # when the right is taken away
    RoleGrant.objects.filter(person=person).delete()
    # then the area is gone at once
    assert "Mine" not in client.get("/more/").content.decode()


def test_a_late_panel_keeps_its_place_and_names_its_page_where_no_script_runs(client, empty_registry):
    registry.register_panel("home", registry.Panel("mine", "Requests", "ui:more"))

    text = client.get("/home/").content.decode()

    late = text[text.index(f'hx-get="{reverse("ui:more")}"') :].partition("</section>")[0]
    assert 'class="x-late__wait"' in late
    assert "This part stands on a page of its own." in late.partition("<noscript>")[2]
    assert f'href="{reverse("ui:more")}"' in late.partition("<noscript>")[2]


def test_what_was_done_is_told_in_a_region_that_is_always_there(client):
    assert '<div class="x-toasts" role="status" aria-live="polite"></div>' in client.get("/home/").content.decode()
