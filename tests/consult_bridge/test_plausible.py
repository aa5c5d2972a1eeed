"""What nobody can have is said at its field; what is merely ill is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from config.story.tales import TALES
from consult_bridge.models import Consult
from consult_bridge.plausible import (
    MEASURED,
    MOBILE_LENGTH,
    NOT_A_TELEPHONE,
    TOO_LONG,
    card_differs,
    wrong_card,
    wrong_telephone,
    wrong_vitals,
)
from consult_bridge.vocabulary import VITALS
from tests.consult_bridge.test_drafts import NEW, begin, step_of
from tests.consult_bridge.test_pages import client_of, request_fields
from tests.journeys.story.stage import clicked


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
    assert wrong_telephone(number) == NOT_A_TELEPHONE


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("1990001", MOBILE_LENGTH),
        ("138000011112", MOBILE_LENGTH),
        ("+86 139 0000 000", MOBILE_LENGTH),
        ("0086 139 0000 00011", MOBILE_LENGTH),
        ("85422114、1380000111", MOBILE_LENGTH),
        ("0285422114085422115", TOO_LONG),
        ("+86 10 8888 8888", ""),
        ("010-88888888", ""),
        ("400-800-1234", ""),
        ("86138000", ""),
        ("+1 415 555 2671", ""),
    ],
)
def test_a_telephone_of_a_length_that_cannot_be(number, sentence):
    assert wrong_telephone(number) == sentence


WOMAN = "11010519491231002X"  # born on 31 December 1949; the example of the standard itself


@pytest.mark.parametrize(
    ("number", "born", "sex", "words"),
    [
        (WOMAN, date(1949, 12, 31), "female", []),
        (WOMAN.lower(), date(1949, 12, 31), "female", []),
        (WOMAN, None, "unknown", []),
        (WOMAN, None, "", []),
        ("123", date(1949, 12, 31), "male", []),
        (WOMAN, date(1949, 12, 13), "female", ["born on 1949-12-31", "date of birth is 1949-12-13"]),
        (WOMAN, date(1949, 12, 31), "male", ["17th digit", "sex: Female", "stands: Male"]),
        (WOMAN, date(1950, 12, 31), "male", ["born on 1949-12-31, sex: Female", "stand 1950-12-31 and Male"]),
        ("440524188001010014", date(1880, 1, 1), "female", ["17th digit", "sex: Male", "stands: Female"]),
    ],
)
@translation.override("en")
def test_a_card_that_says_otherwise_than_the_form(number, born, sex, words):
    said = str(card_differs(number, born, sex))
    assert [word for word in words if word not in said] == []
    assert bool(said) == bool(words)


@pytest.mark.parametrize("tale", [*TALES, *(clicked(tale, "1") for tale in TALES)])
def test_the_patients_of_both_stories_agree_with_their_cards(tale):
    assert card_differs(tale.id_number, date.fromisoformat(tale.birth_date), tale.patient_sex) == ""


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
    ill = {"id_number": "11010519640305002X", "phone": "13900000001", "temperature": "41.2", "pulse": "190"}
    fields = request_fields(bridge, form_key=key, action="submit", systolic="240", diastolic="150", **ill)
    assert requester.post(NEW, fields).status_code == 302


def test_the_form_says_what_the_card_says_otherwise_and_sends_nothing(bridge):
    # given a card of another day than the date of birth
    requester = client_of(bridge.requester)
    key = begin(requester)
    other = {"id_number": WOMAN, "birth_date": "1964-03-05", "phone": "1990001"}
    # when
    sent = requester.post(NEW, request_fields(bridge, form_key=key, action="submit", **other))
    # then
    assert sent.status_code == 422
    assert not Consult.unscoped.exists()
    patient = step_of(requester, key, "patient")
    for words in ("born on 1949-12-31; here the date of birth is 1964-03-05", "has 11 digits", "1990001"):
        assert words in patient, words
    # and it goes on without the number, which nobody needs
    corrected = request_fields(bridge, form_key=key, action="submit", id_number="", phone="19900010001")
    assert requester.post(NEW, corrected).status_code == 302
