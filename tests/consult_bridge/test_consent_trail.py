"""That teaching was once allowed stays readable after it was taken back, by those who may know of it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from casebook import api as casebook
from consult_bridge.models import TeachingConsent
from tests.consult_bridge.test_pages import client_of
from tests.consult_bridge.test_set_aside import page_of, text_of
from tests.factories.consults import consult_in, signed_form
from tests.factories.people import make_actor, make_person

RECORDED = "Consent to teaching use recorded, signed by The patient"
PROPOSED = "Proposed as a teaching case"
WITHDRAWN = "Consent to teaching use withdrawn"
REASON = "孩子不愿意。"


def words_of(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


def record_by_page(client, consult, given_by="patient", signed_on=date(2026, 1, 5)):
    fields = {"given_by": given_by, "signed_on": signed_on.isoformat(), "form": signed_form()}
    assert client.post(page_of(consult, "consent"), fields).status_code == 302
    return TeachingConsent.unscoped.get(consult=consult, withdrawn_at=None)


def withdraw_by_page(client, consult, reason=""):
    assert client.post(page_of(consult, "withdraw_consent"), {"withdraw-reason": reason}).status_code == 302


@pytest.fixture
def taught(bridge, now):
    """A closed consult."""
    return consult_in(bridge, "closed", now)


def test_each_past_consent_keeps_its_row_with_the_signed_form_newest_first(bridge, taught):
    # given one of the patient that was withdrawn with a reason, and one of the guardian withdrawn without
    requester = client_of(bridge.requester)
    first = record_by_page(requester, taught)
    withdraw_by_page(requester, taught, REASON)
    second = record_by_page(requester, taught, "guardian", date(2026, 1, 6))
    assert 'id="earlier"' in text_of(requester.get(page_of(taught, "consent")))
    withdraw_by_page(requester, taught)
    # when
    page = text_of(requester.get(page_of(taught, "consent")))
    # then
    rows = re.search(r'aria-labelledby="earlier".*?</section>', page)[0].split("<li ")[1:]
    assert [re.search(r'href="([^"]+)"', row)[1] for row in rows] == [
        f"/consults/{taught.pk}/consent/{consent.pk}/form/" for consent in (second, first)
    ]
    later, earlier = map(words_of, rows)
    for words in ("Signed by The patient", "5 January 2026", "Signed wording 2026-11", f"withdrawal {REASON}"):
        assert words in earlier, words
    assert re.search("Recorded by 林晓禾 .*Withdrawn by 林晓禾", earlier)
    assert "Signed by The guardian" in later
    assert "6 January 2026" in later
    assert "Reason of the withdrawal" not in later
    # then the form opens, and one that stands in force is no earlier one
    assert requester.get(f"/consults/{taught.pk}/consent/{first.pk}/form/").status_code == 200
    third = record_by_page(requester, taught)
    page = text_of(requester.get(page_of(taught, "consent")))
    assert str(third.pk) not in re.search(r'aria-labelledby="earlier".*?</section>', page)[0]


def test_a_consent_that_stands_has_no_earlier_ones(bridge, taught):
    requester = client_of(bridge.requester)
    record_by_page(requester, taught)
    page = text_of(requester.get(page_of(taught, "consent")))
    assert 'id="earlier"' not in page
    # then a reason is asked for once, as what may be left out
    assert page.count('class="x-optional"') == 1
    assert "Nobody has to give one" not in page
    assert "Signed wording 2026-11" in words_of(page)


@pytest.mark.parametrize(
    ("who", "knows"),
    [("requester", True), ("expert", True), ("second", True), ("coordinator", False), ("writer", False)],
)
def test_the_history_tells_of_consent_proposal_and_withdrawal_whoever_may_know(bridge, taught, who, knows):
    # given
    requester = client_of(bridge.requester)
    record_by_page(requester, taught)
    casebook.propose(actor=bridge.expert, consult_id=taught.pk, reason="典型。", now=timezone.now())
    withdraw_by_page(requester, taught, REASON)
    # when
    history = text_of(client_of(getattr(bridge, who)).get(page_of(taught) + "?tab=history"))
    # then in this order, with who it was, and the reason with those who took it alone
    found = [history.find(words) for words in (RECORDED, PROPOSED, WITHDRAWN)]
    assert [place >= 0 for place in found] == [knows] * 3
    assert found == sorted(found)
    assert "Closed with feedback" in history
    assert REASON not in history
    if knows:
        assert "陈牧之" in words_of(history[found[1] : found[2]])
        assert "林晓禾" in words_of(history[found[2] :])


def test_a_refused_proposal_and_a_refused_consent_leave_no_line(bridge, taught):
    # given a coordinator, who may do neither
    coordinator = client_of(bridge.coordinator)
    fields = {"given_by": "patient", "signed_on": "2026-01-05", "form": signed_form()}
    # when
    answers = [
        coordinator.post(page_of(taught, "consent"), fields),
        coordinator.post(f"/cases/propose/{taught.pk}/", {"reason": "典型。"}),
    ]
    # then
    assert [answer.status_code for answer in answers] == [403, 403]
    assert not TeachingConsent.unscoped.exists()
    assert not taught.steps.filter(verb="teaching_proposed").exists()


def test_the_signed_form_and_its_page_are_for_those_who_may_know_of_them(bridge, taught):
    # given a consent, and a doctor of the answering hospital who requests for its own patients, and may propose
    consent = record_by_page(client_of(bridge.requester), taught)
    guest = make_actor(make_person(bridge.centre, "requester", name="方知行"))
    form = f"/consults/{taught.pk}/consent/{consent.pk}/form/"
    # when each asks for the form and for the page
    people = {"requester": bridge.requester, "expert": bridge.expert, "coordinator": bridge.coordinator, "guest": guest}
    statuses = {
        name: [client_of(person).get(address).status_code for address in (form, page_of(taught, "consent"))]
        for name, person in people.items()
    }
    # then the patient's hospital has both, who may propose it for teaching the form, and nobody else any
    assert statuses == {"requester": [200, 200], "expert": [200, 403], "coordinator": [404, 403], "guest": [200, 403]}
