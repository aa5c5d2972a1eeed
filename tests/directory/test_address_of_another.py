"""Who asks for a code learns nothing about who else is registered (ADR 0019)."""

from __future__ import annotations

import contextlib
import json
import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from core.errors import Invalid
from directory.models import Person
from directory.services import addresses
from directory.services.addresses import Challenge, ask_code, confirm_address
from tests.factories.people import make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-1"
TAKEN = {"phone": "13900001111", "email": "editor@example.org"}
FREE = {"phone": "13912345672", "email": "nobody@example.org"}
KINDS = ["phone", "email"]


@pytest.fixture
def hospital():
    return make_organisation(make_organisation(kind="authority"))


@pytest.fixture
def owner(hospital):
    person = make_person(hospital, "editor", password=PASSWORD, email=TAKEN["email"], language="en")
    person.set_phone(TAKEN["phone"])
    person.phone_verified_at = person.email_verified_at = timezone.now()
    person.save()
    return person


@pytest.fixture
def asking(hospital):
    return make_person(hospital, password=PASSWORD, language="en")


def texts(log):
    lines = log.read_text().splitlines() if log.exists() else []
    return [json.loads(line)["text"] for line in lines] + [one.body for one in mail.outbox]


def shown(answer):
    """The page without what is of this request: the forms' token, the address that was typed."""
    return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode())


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_password_both_read_alike_and_nothing_is_sent(kind, owner, asking, sms_log):
    client = sign_in(Client(), asking)
    answers = [client.post(f"/profile/{kind}/", {"address": one[kind], "password": "wrong"}) for one in (TAKEN, FREE)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert shown(answers[0]) == shown(answers[1])
    assert "This is not your password." in shown(answers[0])
    assert texts(sms_log) == []


@pytest.mark.parametrize("kind", KINDS)
def test_with_the_password_both_read_alike_and_only_the_owner_is_told(kind, owner, asking, sms_log):
    # given two sessions of the same person
    pages = []
    for address in (TAKEN[kind], FREE[kind]):
        client = sign_in(Client(), asking)
        asked = client.post(f"/profile/{kind}/", {"address": address, "password": PASSWORD})
        assert asked["Location"] == "/profile/code/"
        page = client.get("/profile/code/")
        masked = Challenge(kind, address, "", timezone.now()).masked()
        pages.append(shown(page).replace(masked, "…"))
        wrong = client.post("/profile/code/", {"code": "000000x"})
        pages.append(shown(wrong).replace(masked, "…"))
    # then the pages are equal
    assert pages[:2] == pages[2:]
    # and one message went out for each: to the owner without a code
    to_owner, to_asking = texts(sms_log)
    assert "it belongs to another account" in to_owner
    assert not re.search(r"\b\d{6}\b", to_owner)
    assert re.search(r"\b\d{6}\b", to_asking)


@pytest.mark.parametrize("kind", KINDS)
def test_both_cost_the_same(kind, owner, asking, sms_log, monkeypatch):
    """The same questions to the database, one check of the password, one message: nothing to measure by the clock."""
    checks = []
    monkeypatch.setattr(Person, "check_password", lambda person, password: checks.append(1) or password == PASSWORD)
    actor, now, costs = make_actor(asking), timezone.now(), []
    for address in (TAKEN[kind], FREE[kind]):
        for password in (PASSWORD, "wrong"):
            before = len(texts(sms_log))
            with CaptureQueriesContext(connection) as queries, contextlib.suppress(Invalid):
                ask_code(actor=actor, kind=kind, address=address, password=password, now=now)
            costs.append((len(queries), len(texts(sms_log)) - before))
    assert len(checks) == 4
    assert costs[:2] == costs[2:]
    assert costs[1] == (1, 0)  # with a wrong password nobody else is looked for at all


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theirs", ["zh-hans", "en", ""])
def test_the_owner_is_told_in_the_owners_language_and_the_code_comes_in_the_askers(
    kind, theirs, owner, asking, sms_log
):
    # given an owner who reads another language than whoever asks
    Person.objects.filter(pk=owner.pk).update(language=theirs)
    actor, now = make_actor(asking), timezone.now()
    other = "zh-hans" if theirs == "en" else "en"
    # when the asker's page is open in that one
    with translation.override(other):
        for address in (TAKEN[kind], FREE[kind]):
            ask_code(actor=actor, kind=kind, address=address, password=PASSWORD, now=now)
        assert translation.get_language() == other
    # then
    to_owner, to_asking = texts(sms_log)
    assert ("有人要用" in to_owner, "Somebody asked" in to_owner) == (theirs != "en", theirs == "en")
    assert ("Your code is" in to_asking) == (other == "en")
    if kind == "email":
        assert [one.subject == "Confirm your address" for one in mail.outbox] == [theirs == "en", other == "en"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_that_was_taken_meanwhile_is_told_to_who_proved_it(kind, owner, asking, sms_log):
    # given a code for an address that was free when it was asked for
    actor, now = make_actor(asking), timezone.now()
    wanted = FREE[kind]
    challenge = ask_code(actor=actor, kind=kind, address=wanted, password=PASSWORD, now=now)
    addresses.write_address(owner, kind, challenge.address)
    owner.phone_verified_at = owner.email_verified_at = now
    owner.save()
    # when it comes back
    with pytest.raises(Invalid) as refused:
        confirm_address(actor=actor, challenge=challenge, code=challenge.code, now=now)
    # then
    assert list(refused.value.fields) == ["address"]
    assert addresses.address_on(Person.objects.get(pk=asking.pk), kind) != challenge.address
