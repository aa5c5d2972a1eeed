"""The first screen's panel of consults: my numbers and my newest, nobody else's."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from directory.models import Person
from tests.factories.consults import consult_in
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
