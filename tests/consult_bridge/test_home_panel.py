"""The first screen's panel of consults: my numbers and my newest, nobody else's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from consult_bridge import api
from consult_bridge.shell import tasks_for, waiting_count
from directory.models import Person
from tests.factories.consults import REPORT, consult_in, study_of
from tests.factories.signing_in import sign_in


def browser_of(actor):
    return sign_in(Client(), Person.objects.get(pk=actor.person_id))


def test_the_panel_counts_and_names_what_the_reader_may_see(bridge, now, django_assert_max_num_queries):
    consult = consult_in(bridge, "signed", now)
    address = reverse("consult_bridge:latest_panel")
    browser, outsider = browser_of(bridge.requester), browser_of(bridge.outsider)

    with django_assert_max_num_queries(10):
        mine = browser.get(address, headers={"HX-Request": "true"})
    theirs = outsider.get(address, headers={"HX-Request": "true"})

    assert [(name, number) for name, _label, number in mine.context["tabs"]] == [
        ("open", "0"), ("waiting", "0"), ("signed", "1"),
    ]  # fmt: skip
    assert [row.pk for row in mine.context["latest"]] == [consult.pk]
    assert [number for _name, _label, number in theirs.context["tabs"]] == ["0", "0", "0"]
    assert consult.subject not in theirs.content.decode()
    assert browser_of(bridge.learner).get(address).status_code == 403


def test_the_first_screen_offers_the_panels_of_the_role(bridge):
    requester = browser_of(bridge.requester).get("/home/").content.decode()
    learner = browser_of(bridge.learner).get("/home/").content.decode()

    assert f'hx-get="{reverse("consult_bridge:latest_panel")}"' in requester
    assert f'hx-get="{reverse("credits:mine_panel")}"' in requester
    assert f'hx-get="{reverse("consult_bridge:latest_panel")}"' not in learner
    assert f'hx-get="{reverse("credits:mine_panel")}"' in learner


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("english")
def test_reports_to_write_wait_on_the_first_screen_of_who_writes_them(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "accepted", now)
    study = study_of(consult, now)
    writer = bridge.writer
    assert waiting_count(writer, now) == 1
    (task,) = tasks_for(writer, now)
    assert (task.title, str(task.action)) == (consult.subject, "Write the report")
    assert task.url == f"/consults/{consult.pk}/?tab=report&pane=op"

    api.save_report(actor=writer, consult_id=consult.pk, study_id=study, text=REPORT, revision=0, now=now)

    assert waiting_count(writer, now) == 1
    (task,) = tasks_for(writer, now)
    assert str(task.action) == "Go on with the report"
    assert [str(task.action) for task in tasks_for(bridge.expert, now)] == ["Open"]


def test_one_consult_has_one_chip_in_both_lists_of_the_first_screen(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "assigned", now)
    (task,) = tasks_for(bridge.expert, now)
    assert (task.title, str(task.chip.label)) == (consult.subject, "待我受理")
    latest = browser_of(bridge.expert).get(reverse("consult_bridge:latest_panel")).content.decode()
    assert "待我受理" in latest
