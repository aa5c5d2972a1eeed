"""What the lists say of a row: whose turn it is, and in which order the rows stand."""

from __future__ import annotations

from datetime import timedelta

from bs4 import BeautifulSoup
from django.utils import timezone, translation

from consult_bridge.models import Consult, Opinion
from consult_bridge.selectors.record import steps_of
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in


def _chips(client, address):
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    return [row.select_one(".x-wl__s").get_text(strip=True) for row in soup.select(".x-wl__row")]


def test_a_text_waits_for_the_second_doctor_and_not_for_its_writer(bridge):
    # Given an opinion under review, written by one of two doctors who may both check
    consult = consult_in(bridge, "under_review", timezone.now())
    assert Opinion.unscoped.get(consult=consult).written_by_id == bridge.expert.person_id
    # Then the other reads "For review" on it, and its writer where it stands
    assert _chips(client_of(bridge.second), "/worklist/?tab=team") == ["For review"]
    assert _chips(client_of(bridge.expert), "/worklist/?tab=team") == ["Under review"]


def test_open_consults_stand_by_when_they_are_due_and_ended_ones_newest_first(bridge):
    # Given three open consults whose clocks end in another order than they were asked, one of them paused
    now = timezone.now()
    late, soon, paused = (consult_in(bridge, "submitted", now + timedelta(minutes=n)) for n in range(3))
    for consult, hours in ((late, 40), (soon, 2), (paused, 1)):
        Consult.unscoped.filter(pk=consult.pk).update(due_at=now + timedelta(hours=hours), subject=str(hours))
    Consult.unscoped.filter(pk=paused.pk).update(paused_at=now)
    client = client_of(bridge.requester)
    # Then the first due is first and the paused one last; all together newest first
    assert _subjects(client, "/consults/?tab=open") == ["2", "40", "1"]
    assert _subjects(client, "/consults/?tab=all") == ["1", "2", "40"]


def _subjects(client, address):
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    return [row.get_text(strip=True) for row in soup.select(".x-wl__link")]


def test_a_step_that_was_not_needed_says_so(bridge):
    # Given a consult that was signed without a second doctor
    consult = consult_in(bridge, "signed", timezone.now())
    consult.steps.filter(verb="submit_opinion").delete()
    # When its steps are shown
    shown = steps_of(consult, list(consult.steps.all()))
    # Then the review is passed, without a time, and says why
    review = shown[4]
    with translation.override("en"):
        assert (review.state, review.at, str(review.note)) == ("done", None, "not required")
    assert [step.note for step in shown if step is not review] == [""] * 6
