"""Who is short, how an area stands, and reminding people."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import Forbidden
from core.notify.models import Notification
from core.notify.selectors import notice
from core.ui.figures import Question
from credits.errors import NobodyToRemind
from credits.models import CreditEntry, Requirement
from credits.selectors import figures
from credits.selectors.standing import Short, each_short, short_people, standing
from credits.services import crediting, reminding
from tests.credits.conftest import pass_course
from tests.factories.people import grant_role, make_actor, make_organisation, make_person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 26)


def named_short(manager, organisation: str = "") -> list[Short]:
    return list(each_short(short_people(manager, "training.manage", organisation, DAY)))


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
    found, short = standing(manager, "training.manage", "", DAY), named_short(manager)

    mine = next(row for row in short if row.person_id == learner.pk)
    assert (mine.credits, mine.missing_credits, mine.missing_hours) == (Decimal("0.6"), Decimal("24.4"), 89)
    assert found.met == 0
    assert found.people == found.short == len(short) == sum(place.people for place in found.places)


def test_a_foreign_organisation_shows_nobody(entry, manager):
    foreign = make_organisation()
    make_person(foreign)

    found = standing(manager, "training.manage", str(foreign.pk), DAY)

    assert (found.people, found.short) == (0, 0)
    assert named_short(manager, str(foreign.pk)) == []


def test_the_area_adds_up_with_its_reversal(entry, officer, world, now):
    from credits import api

    api.reverse_entry(actor=officer, entry_id=entry.pk, reason="重复", now=now)
    person = make_person(world.hospital)
    grant_role(person, "supervisor", world.hospital)

    found = figures.ledger(make_actor(person, now), "supervise.view", "", date(2026, 1, 1), date(2026, 12, 31))

    assert (found.credits, found.hours, found.entries, found.reversals) == (0, 0, 2, 1)


def test_people_of_authorities_are_in_no_number_of_an_area(entry, world, now):
    # given an official of the hospital's authority who passed the same course
    official = make_person(world.hospital.parent)
    passed = pass_course(official, world.edition, now)
    crediting.credit_completion(completion_id=passed.pk, now=now)
    assert CreditEntry.unscoped.count() == 2
    reader = make_person(world.hospital.parent)
    for role in ("supervisor", "manager"):
        grant_role(reader, role, world.hospital.parent)
    question = Question(make_actor(reader, now), "training.manage", "", date(2026, 11, 1), date(2026, 11, 30))

    # when the area is read
    found = figures.ledger(question.actor, "supervise.view", "", question.start, question.end)

    # then the learner of the hospital alone is counted
    assert (found.credits, found.hours, found.entries) == (entry.credits, entry.hours, 1)
    assert figures.credits_by_organisation(question) == {world.hospital.pk: entry.credits}
    assert figures.credits_by_month(question) == [float(entry.credits)]


def test_organisations_stand_by_level_in_the_table_and_in_its_file(entry, world, now):
    small, big = (make_organisation(world.hospital.parent, level=level, name=f"{level}级医院") for level in (3, 1))
    for place in (small, small, small, big):
        make_person(place)
    browser = Client()
    browser.force_login(make_person(world.hospital.parent, "supervisor"), backend="directory.backends.GrantBackend")

    page = browser.get(reverse("credits:area_panel"), headers={"HX-Request": "true"})
    table = browser.get(reverse("credits:area_panel"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()

    shown = [(place.level, place.name, place.short) for place in page.context["places"]]
    assert shown[0] == (1, "1级医院", 1)
    assert shown[-1] == (3, "3级医院", 3)
    assert [level for level, _name, _short in shown] == [1, 2, 2, 2, 3]
    assert [line.split(",")[0] for line in table[1:]] == [name for _level, name, _short in shown]


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


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"credits": "0.61", "hours": "1"}, "到 2026-12-31 还差 0.01 学分。"),
        ({"credits": "0.6", "hours": "3.5"}, "到 2026-12-31 还差 2.5 学时。"),
        ({"credits": "1", "hours": "2"}, "到 2026-12-31 还差 0.4 学分和 1 学时。"),
    ],
)
def test_a_reminder_names_what_is_missing_and_nothing_else(entry, learner, manager, now, asked, sentence):
    # given somebody with 0.6 credits and one hour, and a year that asks for more of the one, the other, or both
    Requirement.objects.update(**{column: Decimal(value) for column, value in asked.items()})

    reminding.remind(actor=manager, person_ids={learner.pk}, now=now)

    told = Notification.objects.get(person=learner.pk, kind__startswith="credits.reminder")
    assert notice(told).text == sentence


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
    assert re.search(rf'value="{learner.pk}" checked', shown)
    assert not re.search(rf'value="{manager_person.pk}" checked', shown)

    # a first post asks, by name and number, and sends nothing; the second one sends
    asked = browser.post(reverse("credits:remind"), {"person": str(learner.pk)})
    assert (asked.status_code, "提醒这 1 人？" in asked.content.decode()) == (200, True)
    assert not Notification.objects.filter(kind="credits.reminder").exists()
    sent = browser.post(reverse("credits:remind"), {"person": str(learner.pk), "is_sure": "yes"})
    assert sent.status_code == 302
    assert Notification.objects.filter(kind="credits.reminder").count() == 1
    assert browser.post(reverse("credits:remind"), {"person": "x"}).status_code == 422
