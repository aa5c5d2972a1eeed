"""Consent to teaching is recorded and withdrawn once: a second click changes nothing and is led on like the first; a
colleague who comes later reads who did it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge import api
from consult_bridge.errors import ConsentMissing
from consult_bridge.models import TeachingConsent
from consult_bridge.services.consent import ConsentWithdrawnAlready
from core.audit.models import AuditEntry
from core.outbox.models import OutboxEvent
from tests.consult_bridge.test_draft_windows import begin
from tests.consult_bridge.test_orphans import stored
from tests.consult_bridge.test_pages import client_of
from tests.consult_bridge.test_two_clicks import traces
from tests.factories.consults import consult_in, signed_form
from tests.factories.people import make_actor, make_person


@pytest.fixture
def consult(bridge):
    return consult_in(bridge, "closed", timezone.now() - timedelta(hours=1))


@pytest.fixture
def colleague(bridge):
    return make_actor(make_person(bridge.hospital, "requester", name="白一诺"))


def at(name, consult):
    return reverse(f"consult_bridge:{name}", args=[consult.pk])


def fields(**more):
    day = timezone.localdate().isoformat()
    return {"given_by": "patient", "signed_on": day, "form": signed_form()} | more


def left_of(consult):
    rows = TeachingConsent.unscoped.values_list("pk", "withdrawn_at", "withdrawal_reason").order_by("pk")
    return traces(consult.pk), list(rows), OutboxEvent.objects.count(), stored("consents")


def test_the_second_click_on_record_is_led_on_and_changes_nothing(bridge, consult):
    requester = client_of(bridge.requester)
    first = requester.post(at("consent", consult), fields())
    assert (first.status_code, TeachingConsent.unscoped.count()) == (302, 1)
    left = left_of(consult)
    second = requester.post(at("consent", consult), fields())
    assert (second.status_code, second.url) == (302, first.url)
    assert left_of(consult) == left


def test_another_form_of_the_same_person_is_not_swallowed(bridge, consult):
    requester = client_of(bridge.requester)
    requester.post(at("consent", consult), fields())
    requester.get(at("consent", consult))
    left = left_of(consult)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    for other in ({"given_by": "guardian"}, {"signed_on": yesterday}):
        answer = requester.post(at("consent", consult), fields(**other))
        assert answer.status_code == 409
        assert "林晓禾 recorded a valid consent for this consult already (" in answer.content.decode()
    assert left_of(consult) == left


def test_a_colleague_reads_who_recorded_it_and_is_not_told_to_withdraw_it(bridge, consult, colleague):
    client_of(bridge.requester).post(at("consent", consult), fields())
    browser = client_of(colleague)
    browser.get(at("consent", consult))
    left = left_of(consult)
    answer = browser.post(at("consent", consult), fields())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "林晓禾 recorded a valid consent for this consult already (" in page
    assert "Yours was not added." in page
    assert "Look at the recorded one. Only where it is wrong, withdraw it and record another one." in page
    assert left_of(consult) == left
    told = browser.post(at("consent", consult), fields(), headers={"accept": "application/problem+json"})
    assert (told.status_code, told.json()["code"]) == (409, "consent_already_given")


def test_the_second_click_on_withdraw_is_led_on_and_changes_nothing(bridge, consult):
    requester = client_of(bridge.requester)
    requester.post(at("consent", consult), fields())
    first = requester.post(at("withdraw_consent", consult), {"withdraw-reason": "本人要求。"})
    assert first.status_code == 302
    assert TeachingConsent.unscoped.get().withdrawn_by_id == bridge.requester.person_id
    left = left_of(consult)
    second = requester.post(at("withdraw_consent", consult), {"withdraw-reason": "本人要求。"})
    assert (second.status_code, second.url) == (302, first.url)
    assert left_of(consult) == left


def test_a_colleague_who_withdraws_it_later_reads_who_was_first(bridge, consult, colleague):
    requester = client_of(bridge.requester)
    requester.post(at("consent", consult), fields())
    requester.post(at("withdraw_consent", consult), {"withdraw-reason": ""})
    browser = client_of(colleague)
    browser.get(at("consent", consult))
    left = left_of(consult)
    answer = browser.post(at("withdraw_consent", consult), {"withdraw-reason": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "林晓禾 withdrew this consent already (" in page
    assert "Record the signed consent form first." not in page
    assert left_of(consult) == left


def test_a_page_of_an_earlier_consent_does_not_withdraw_the_one_that_is_valid_now(bridge, consult, colleague):
    # given a colleague who looks at the first consent while it is replaced by another one
    requester, browser = client_of(bridge.requester), client_of(colleague)
    requester.post(at("consent", consult), fields())
    first = TeachingConsent.unscoped.get()
    assert f'name="withdraw-consent" value="{first.pk}"' in browser.get(at("consent", consult)).content.decode()
    requester.post(at("withdraw_consent", consult), {"withdraw-reason": "签错了表。"})
    requester.post(at("consent", consult), fields())
    second = TeachingConsent.unscoped.get(withdrawn_at=None)
    left = left_of(consult)
    # when the colleague withdraws
    sent = {"withdraw-reason": "签错了表，请撤回。", "withdraw-consent": str(first.pk)}
    answer = browser.post(at("withdraw_consent", consult), sent)
    # then the valid one stands, and the page shows it with who was first and the typed reason
    page = answer.content.decode()
    assert (answer.status_code, left_of(consult)) == (409, left)
    assert "林晓禾 withdrew this consent already (" in page
    assert "Another consent is valid now. Withdraw that one only if it is meant." in page
    assert "签错了表，请撤回。</textarea>" in page
    # and pressed once more on that page it is meant
    again = browser.post(at("withdraw_consent", consult), sent | {"withdraw-consent": str(second.pk)})
    assert again.status_code == 302
    assert not TeachingConsent.unscoped.filter(withdrawn_at=None).exists()


def test_a_withdrawal_of_what_this_consult_never_had_changes_nothing(bridge, consult):
    requester = client_of(bridge.requester)
    requester.post(at("consent", consult), fields())
    left = left_of(consult)
    for sent, status in ((str(uuid4()), 409), ("none", 404)):
        answer = requester.post(at("withdraw_consent", consult), {"withdraw-reason": "", "withdraw-consent": sent})
        assert (answer.status_code, left_of(consult)) == (status, left)


def test_other_words_of_the_same_person_do_not_stand_where_they_never_came(bridge, consult, now):
    client_of(bridge.requester).post(at("consent", consult), fields())
    call = {"actor": bridge.requester, "consult_id": consult.pk, "now": timezone.now()}
    api.withdraw_consent(reason="本人要求。", **call)
    with pytest.raises(ConsentWithdrawnAlready):
        api.withdraw_consent(reason="家属要求。", **call)
    assert TeachingConsent.unscoped.get().withdrawal_reason == "本人要求。"


def test_nothing_is_withdrawn_where_nothing_was_given(bridge, consult):
    with pytest.raises(ConsentMissing):
        api.withdraw_consent(actor=bridge.requester, consult_id=consult.pk, reason="", now=timezone.now())


def test_after_a_withdrawal_the_same_form_is_a_new_consent(bridge, consult):
    requester = client_of(bridge.requester)
    for _round in range(2):
        assert requester.post(at("consent", consult), fields()).status_code == 302
        assert requester.post(at("withdraw_consent", consult), {"withdraw-reason": ""}).status_code == 302
    assert TeachingConsent.unscoped.filter(withdrawn_at__isnull=False).count() == 2


def test_a_draft_is_deleted_once_by_two_clicks(bridge):
    requester = client_of(bridge.requester)
    url = reverse("consult_bridge:delete_draft", args=[begin(requester)])
    first = requester.post(url)
    assert first.status_code == 302
    left = AuditEntry.objects.count()
    second = requester.post(url)
    assert (second.status_code, second.url) == (302, first.url)
    assert AuditEntry.objects.count() == left
    assert client_of(bridge.outsider).post(url).status_code == 404
