"""Who is short, how an area stands, and reminding people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import Forbidden
from core.notify.models import Notification
from credits.errors import NobodyToRemind
from credits.selectors import figures
from credits.services import reminding
from tests.factories.people import grant_role, make_actor, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager_person(world):
    person = make_person(world.hospital)
    grant_role(person, "manager", world.hospital)
    return person


@pytest.fixture
def manager(manager_person, now):
    return make_actor(manager_person, now)


@pytest.fixture
def supervisor_browser(world):
    person = make_person(world.hospital)
    grant_role(person, "supervisor", world.hospital)
    client = Client()
    client.force_login(person, backend="directory.backends.GrantBackend")
    return client


def test_everybody_short_is_named_with_what_is_missing(entry, learner, manager):
    found = figures.standing(manager, "training.manage", "", 2026)

    mine = next(row for row in found.short if row.person_id == learner.pk)
    assert (mine.credits, mine.missing_credits, mine.missing_hours) == (Decimal("0.6"), Decimal("24.4"), 89)
    assert found.met == 0
    assert found.people == len(found.short) == sum(place.people for place in found.places)


def test_a_foreign_organisation_shows_nobody(entry, manager):
    foreign = make_organisation()
    make_person(foreign)

    found = figures.standing(manager, "training.manage", str(foreign.pk), 2026)

    assert (found.people, found.short) == (0, [])


def test_the_area_adds_up_with_its_reversal(entry, officer, world, now):
    from credits import api

    api.reverse_entry(actor=officer, entry_id=entry.pk, reason="重复", now=now)
    person = make_person(world.hospital)
    grant_role(person, "supervisor", world.hospital)

    found = figures.ledger(make_actor(person, now), "supervise.view", "", date(2026, 1, 1), date(2026, 12, 31))

    assert (found.credits, found.hours, found.entries, found.reversals) == (0, 0, 2, 1)


def test_reminding_tells_each_once_a_week_and_nobody_elsewhere(entry, learner, manager, now):
    stranger = make_person(make_organisation())
    ids = {learner.pk, stranger.pk}

    assert reminding.remind(actor=manager, person_ids=ids, now=now) == 1
    assert reminding.remind(actor=manager, person_ids=ids, now=now) == 0

    rows = Notification.objects.filter(kind="credits.reminder")
    assert [row.person_id for row in rows] == [learner.pk]
    assert rows[0].params["credits"] == "24.4"
    with pytest.raises(NobodyToRemind):
        reminding.remind(actor=manager, person_ids={stranger.pk}, now=now)


def test_who_does_not_manage_cannot_remind(entry, actor, learner, now):
    with pytest.raises(Forbidden):
        reminding.remind(actor=actor, person_ids={learner.pk}, now=now)

    assert not Notification.objects.filter(kind="credits.reminder").exists()


def test_panels_answer_whole_and_as_fragments(entry, learner, manager_person, supervisor_browser):
    browser = Client()
    browser.force_login(manager_person, backend="directory.backends.GrantBackend")
    for client, name in (
        (browser, "credits:shortage_panel"),
        (supervisor_browser, "credits:area_panel"),
        (supervisor_browser, "lms:learning_panel"),
    ):
        page, fragment = client.get(reverse(name)), client.get(reverse(name), headers={"HX-Request": "true"})
        assert (page.status_code, fragment.status_code) == (200, 200)
        assert "<main" in page.content.decode()
        assert "<main" not in fragment.content.decode()
    assert browser.get(reverse("credits:area_panel")).status_code == 403
    assert supervisor_browser.get(reverse("credits:shortage_panel")).status_code == 403
    shown = browser.get(reverse("credits:shortage_panel")).content.decode()
    assert learner.name in shown
    assert browser.post(reverse("credits:remind"), {"person": str(learner.pk)}).status_code == 302
    assert browser.post(reverse("credits:remind"), {"person": "x"}).status_code == 422
