"""What nobody can have is said at its field; what is merely ill is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from config.story.tales import TALES
from consult_bridge.models import Consult
from consult_bridge.plausible import MEASURED, wrong_card, wrong_telephone, wrong_vitals
from consult_bridge.vocabulary import VITALS
from tests.consult_bridge.test_drafts import NEW, begin
from tests.consult_bridge.test_pages import client_of, request_fields


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x", "440524188001010014"])
def test_a_card_number_that_may_be(number):
    assert wrong_card(number) == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("123", "18 digits"),
        ("1101051949123100XX", "18 digits"),
        ("110105194912310021", "last digit does not fit"),
        ("110105194913310021", "no day of birth"),
    ],
)
@translation.override("en")
def test_a_card_number_that_cannot_be(number, words):
    assert words in str(wrong_card(number))


@pytest.mark.parametrize(
    "number",
    [
        "13900000001",
        "8542211",
        "0571-8888 0000",
        "+86 139 0000 0001",
        "(+86) 139 0000 0001",
        "0571-88880000转801",
        "(028) 8542 2114",
        "（028）85422114",
        "028—85422114",
        "０２８－８５４２２１１４",
        "13800001111(儿子)",
        "13800001111（儿子、同住）",
        "13800001111/02885422114",
        "13800001111、13900000001（女儿）",
        "13800001111；028-85422114转2",
    ],
)
def test_a_telephone_that_may_be(number):
    assert wrong_telephone(number) == ""


@pytest.mark.parametrize(
    "number",
    ["", "abc", "123", "1390000000a", "---------", "1((((((((2", "(儿子)", "13800001111/儿子", "13800001111、12"],
)
def test_a_telephone_that_cannot_be(number):
    assert wrong_telephone(number) != ""


@pytest.mark.parametrize(
    ("vitals", "wrong"),
    [
        ({"temperature": 36, "pulse": 180, "systolic": 240, "diastolic": 140}, set()),
        ({"temperature": 99}, {"temperature"}),
        ({"pulse": 999}, {"pulse"}),
        ({"systolic": 80, "diastolic": 120}, {"systolic"}),
        ({"systolic": 80, "diastolic": None}, set()),
        ({"oxygen_saturation": 101}, {"oxygen_saturation"}),
        ({"pulse": "84.0", "respiration": "16.5", "temperature": "36.5"}, {"respiration"}),
        ({"pulse": "84.5"}, {"pulse"}),
    ],
)
def test_vital_signs_of_the_living(vitals, wrong):
    given = {kind: None if value is None else Decimal(value) for kind, value in vitals.items()}
    assert set(wrong_vitals(given)) == wrong


def test_every_vital_sign_has_its_bounds():
    assert set(MEASURED) == set(VITALS)


@pytest.mark.parametrize("tale", TALES, ids=lambda tale: tale.key)
def test_the_patients_of_the_story_have_numbers_that_may_be(tale):
    assert (wrong_card(tale.id_number), wrong_telephone(tale.phone)) == ("", "")


def test_the_form_says_it_at_the_fields_and_sends_nothing(bridge):
    # given
    requester = client_of(bridge.requester)
    key = begin(requester)
    impossible = {
        "id_number": "123",
        "phone": "abc",
        "temperature": "99",
        "pulse": "999",
        "systolic": "80",
        "diastolic": "120",
    }
    # when
    sent = requester.post(NEW, request_fields(bridge, form_key=key, action="submit", **impossible))
    # then
    assert sent.status_code == 422
    assert not Consult.unscoped.exists()
    draft = reverse("consult_bridge:draft", args=[key])
    patient = requester.get(draft, {"step": "patient"}).content.decode()
    for words in ('id="id_id_number_error"', 'id="id_phone_error"', "18 digits", "no letters"):
        assert words in patient, words
    measured = requester.get(draft, {"step": "measured"}).content.decode()
    for words in ("between 20 and 45 ℃", "between 10 and 350 /min", "Look whether they were swapped"):
        assert words in measured, words


def test_what_is_only_ill_is_sent(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    ill = {"id_number": "11010519491231002X", "phone": "13900000001", "temperature": "41.2", "pulse": "190"}
    fields = request_fields(bridge, form_key=key, action="submit", systolic="240", diastolic="150", **ill)
    assert requester.post(NEW, fields).status_code == 302
