"""A consent is signed by somebody who is alive: not before the patient was born, and not ahead of time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge import api
from consult_bridge.models import Patient, TeachingConsent
from consult_bridge.services.consent import ConsentBeforeBirth
from tests.consult_bridge.test_orphans import stored
from tests.consult_bridge.test_pages import client_of
from tests.consult_bridge.test_two_clicks import traces
from tests.factories.consults import consult_in, signed_form

BORN = date(1964, 3, 5)


@pytest.mark.parametrize("day", ["1890-01-01", "1964-03-04"])
def test_a_day_before_the_birth_is_refused_beside_its_field(bridge, day):
    consult = consult_in(bridge, "closed", timezone.now() - timedelta(hours=1))
    requester, url = client_of(bridge.requester), reverse("consult_bridge:consent", args=[consult.pk])
    requester.get(url)
    left = traces(consult.pk)
    answer = requester.post(url, {"given_by": "patient", "signed_on": day, "form": signed_form()})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "signed_on": ["The patient was born on 5 March 1964: no consent was signed before that. Nothing was stored."]
    }
    assert (traces(consult.pk), TeachingConsent.unscoped.count(), stored("consents")) == (left, 0, 0)


@pytest.mark.parametrize(("born", "day"), [(BORN, BORN), (None, date(1890, 1, 1))])
def test_the_day_of_birth_itself_and_an_unknown_one_are_none(bridge, now, born, day):
    consult = consult_in(bridge, "closed", now)
    Patient.unscoped.update(birth_date=born)
    call = {"actor": bridge.requester, "consult_id": consult.pk, "given_by": "guardian", "form": signed_form()}
    api.record_consent(**call, signed_on=day, now=now)
    assert TeachingConsent.unscoped.get().signed_on == day


def test_a_program_is_told_by_its_name(bridge, now):
    consult = consult_in(bridge, "closed", now)
    call = {"actor": bridge.requester, "consult_id": consult.pk, "given_by": "patient", "form": signed_form()}
    with pytest.raises(ConsentBeforeBirth) as refused:
        api.record_consent(**call, signed_on=date(1890, 1, 1), now=now)
    assert list(refused.value.fields) == ["signed_on"]
    assert TeachingConsent.unscoped.count() == 0
