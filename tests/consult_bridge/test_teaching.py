"""Consent to teaching use, the release it allows, and its withdrawal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from consult_bridge import api
from consult_bridge.contracts import CaseFacts, PatientData
from consult_bridge.errors import ConsentMissing, NotClosedYet
from consult_bridge.models import ConsentRelease, Consult, TeachingConsent, TeachingReason
from consult_bridge.selectors.people import Known, count_people
from consult_bridge.services.consent import ConsentAlreadyGiven, ConsentFormWrong
from consult_bridge.services.teaching import _places_in_english, identifiers_of
from core.errors import Forbidden
from core.ids import uuid7
from media_pipeline import api as media
from media_pipeline.deid.texts import Identifiers, TextCleaner
from media_pipeline.models import TeachingRelease
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in, make_request, signed_form
from tests.factories.people import make_actor, make_organisation, make_person

HOSPITAL = uuid7()


def give(bridge, consult, now, **changes):
    values = {"given_by": "patient", "signed_on": timezone.localdate(now), "form": signed_form()} | changes
    return api.record_consent(actor=bridge.requester, consult_id=consult.pk, now=now, **values)


def test_a_release_needs_a_closed_consult_and_a_valid_consent(bridge, now):
    consult = consult_in(bridge, "signed", now)
    with pytest.raises(NotClosedYet):
        api.release_for_teaching(actor=bridge.expert, consult_id=consult.pk, now=now)
    closed = consult_in(bridge, "closed", now)
    with pytest.raises(ConsentMissing):
        api.release_for_teaching(actor=bridge.expert, consult_id=closed.pk, now=now)
    give(bridge, closed, now)
    with pytest.raises(Forbidden):
        api.release_for_teaching(actor=bridge.coordinator, consult_id=closed.pk, now=now)
    release_id = api.release_for_teaching(actor=bridge.expert, consult_id=closed.pk, now=now)
    assert ConsentRelease.objects.get().pk == release_id
    assert TeachingRelease.objects.get(pk=release_id).images_until == closed.ended_at


def test_a_form_signed_before_eight_in_the_morning_is_signed_today(bridge):
    # given 06:30 of 23 November in Qingjiang, which is still the 22nd in UTC
    early = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    consult = consult_in(bridge, "closed", early)
    # when
    give(bridge, consult, early, signed_on=date(2026, 11, 23))
    # then
    assert TeachingConsent.unscoped.get().signed_on == date(2026, 11, 23)


def test_withdrawing_closes_every_release_in_the_same_step(bridge, now):
    consult = consult_in(bridge, "closed", now)
    give(bridge, consult, now)
    release_id = api.release_for_teaching(actor=bridge.requester, consult_id=consult.pk, now=now)
    api.withdraw_consent(actor=bridge.requester, consult_id=consult.pk, reason="本人要求。", now=now)
    assert media.get_release_state(release_id) == "closed"
    with pytest.raises(ConsentMissing):
        api.release_for_teaching(actor=bridge.requester, consult_id=consult.pk, now=now)


def test_consent_is_given_once_by_the_patients_own_hospital_and_not_ahead_of_time(bridge, now):
    consult = consult_in(bridge, "closed", now)
    with pytest.raises(ConsentFormWrong):
        give(bridge, consult, now, signed_on=timezone.localdate(now) + timedelta(days=1))
    with pytest.raises(Forbidden):
        api.record_consent(
            actor=bridge.expert,
            consult_id=consult.pk,
            given_by="patient",
            signed_on=timezone.localdate(now),
            form=signed_form(),
            now=now,
        )
    assert TeachingConsent.unscoped.count() == 0
    give(bridge, consult, now)
    with pytest.raises(ConsentAlreadyGiven):
        give(bridge, consult, now, given_by="guardian")
    assert TeachingConsent.unscoped.get().given_by == "patient"


def test_the_identifiers_name_everybody_and_every_place(bridge, now):
    consult = consult_in(bridge, "closed", now)
    found = identifiers_of(Consult.unscoped.select_related("patient").get(pk=consult.pk))
    assert {"岑望舒", "林晓禾", "陈牧之", "何以宁"} <= set(found.names)
    assert {"QX-2026-0817", "US26112201"} <= set(found.numbers)
    assert {"1964-03-05", "2026-11-22"} <= set(found.dates)
    assert {bridge.hospital.name, bridge.centre.name, "青溪县柳湾村"} <= set(found.places)
    assert found.phones == ("13900000001",)


def test_the_county_of_the_hospital_is_a_place_whoever_names_it(bridge, now):
    # given the hospital of a county and the centre of a province, by their whole names
    renamed = (
        (bridge.hospital, "青溪县人民医院", "Qingxi County People's Hospital"),
        (
            bridge.centre,
            "清江省人民医院",
            "Qingjiang Provincial People's Hospital",
        ),
    )
    for organisation, name, name_en in renamed:
        organisation.name, organisation.name_en = name, name_en
        organisation.save(update_fields=["name", "name_en"])
    consult = consult_in(bridge, "closed", now)
    found = identifiers_of(Consult.unscoped.select_related("patient").get(pk=consult.pk))
    assert {"青溪县", "清江省", "Qingxi County", "Qingxi", "Qingjiang Provincial", "Qingjiang"} <= set(found.places)
    # then a text that names the county alone does so no more
    known = Identifiers(places=found.places)
    chinese = TextCleaner(known, is_chinese=True).clean("老人住青溪县，转清江省人民医院")
    english = TextCleaner(known, is_chinese=False).clean("Lives in Qingxi County; seen at Qingxi hospital")
    assert chinese == "老人住[地点]，转[地点]"
    assert english == "Lives in [place]; seen at [place] hospital"


@pytest.fixture
def six_alike(bridge, now):
    """Facts of a released case, five patients of its county like its own, and a sixth of the county next to it."""
    first = consult_in(bridge, "closed", now)
    give(bridge, first, now)
    release_id = api.release_for_teaching(actor=bridge.requester, consult_id=first.pk, now=now)
    village = make_person(make_organisation(bridge.hospital), "requester")
    for number, person in enumerate([None, None, None, village]):
        patient = PatientData("岑望舒", "female", date(1960 + number, 3, 5), f"QX-{number}")
        actor = make_actor(person) if person else bridge.requester
        api.submit_consult(actor=actor, consult_id=uuid7(), request=make_request(bridge, patient=patient), now=now)
    patient = PatientData("岑望舒", "female", date(1960, 3, 5), "SIBLING-1")
    request = make_request(bridge, patient=patient)
    api.submit_consult(actor=bridge.outsider, consult_id=uuid7(), request=request, now=now)
    return CaseFacts(release_id=release_id, sex="female", youngest=60, oldest=70, specialty="cardiology")


def test_the_patients_of_the_county_alone_are_counted(bridge, six_alike, now):
    later = now + timedelta(hours=1)
    assert api.count_like(six_alike, now=later) == "5"
    Consult.unscoped.filter(requesting_organisation__level=5).update(
        requesting_organisation=Consult.unscoped.get(patient__record_number="SIBLING-1").requesting_organisation
    )
    assert api.count_like(six_alike, now=later) == "<5"
    assert api.count_like(replace(six_alike, release_id=uuid7()), now=later) == "<5"


def test_a_wider_band_or_no_sex_counts_more(bridge, six_alike, now):
    other = PatientData("林见山", "male", date(1975, 3, 5), "QX-OTHER")
    request = make_request(bridge, patient=other)
    api.submit_consult(actor=bridge.requester, consult_id=uuid7(), request=request, now=now)
    later = now + timedelta(hours=1)

    assert api.count_like(replace(six_alike, youngest=50), now=later) == "5"
    assert api.count_like(replace(six_alike, youngest=50, sex=""), now=later) == "6"
    assert api.count_like(replace(six_alike, youngest=50, oldest=None, sex=""), now=later) == "6"
    assert api.count_like(replace(six_alike, youngest=80, oldest=None), now=later) == "<5"


@pytest.mark.parametrize("id_number", ["", "510102196403051224"])
def test_one_patient_who_is_asked_about_often_counts_once(bridge, six_alike, now, id_number):
    # given five in the county, and one of them asked about five times more without a patient number
    again = PatientData("岑 望舒", "female", date(1964, 3, 5), "", id_number)
    for _time in range(5):
        request = make_request(bridge, patient=again)
        api.submit_consult(actor=bridge.requester, consult_id=uuid7(), request=request, now=now)

    # then a name with the same birth date is the same person
    assert api.count_like(six_alike, now=now + timedelta(hours=1)) == "5"


def test_one_patient_alone_asked_about_five_times_is_fewer_than_five(bridge, now):
    first = consult_in(bridge, "closed", now, patient=PatientData("岑望舒", "female", date(1964, 3, 5)))
    give(bridge, first, now)
    release_id = api.release_for_teaching(actor=bridge.requester, consult_id=first.pk, now=now)
    for _time in range(5):
        request = make_request(bridge, patient=PatientData("岑望舒", "female", date(1964, 3, 5)))
        api.submit_consult(actor=bridge.requester, consult_id=uuid7(), request=request, now=now)
    facts = CaseFacts(release_id=release_id, sex="female", youngest=60, oldest=70, specialty="cardiology")

    assert api.count_like(facts, now=now + timedelta(hours=1)) == "<5"


def known(**changes) -> Known:
    values: dict[str, Any] = {
        "organisation_id": HOSPITAL,
        "name": "岑望舒",
        "sex": "female",
        "birth_date": date(1964, 3, 5),
        "record_number": "",
        "id_number_index": "",
    }
    return Known(**values | changes)


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        ([known(), known()], 1),
        ([known(), known(name="Cen  Wangshu"), known(name="cen wangshu")], 2),
        ([known(), known(birth_date=date(1964, 3, 6)), known(organisation_id=uuid7())], 3),
        ([known(id_number_index="a"), known(id_number_index="a", organisation_id=uuid7())], 1),
        ([known(id_number_index="a"), known(id_number_index="b"), known(record_number="1"), known()], 2),
        ([known(record_number="1"), known(record_number="2"), known()], 2),
        ([known(record_number="1"), known(record_number="1", organisation_id=uuid7())], 2),
        ([], 0),
    ],
)
def test_who_is_the_same_person(rows, people):
    assert count_people(rows) == people


@pytest.mark.parametrize("name", ["First Municipal Hospital", "Central City Hospital", "Lower Town Health Centre"])
def test_a_word_of_any_text_is_no_place_by_itself(name):
    words = "Central venous catheter; lower lobe; first degree AV block"
    known = Identifiers(places=tuple(_places_in_english(name)))
    assert TextCleaner(known, is_chinese=False).clean(words) == words


@pytest.mark.parametrize(
    ("who", "state", "words", "leads_to"),
    [
        ("requester", "signed", "Close it with feedback first.", "close/"),
        ("requester", "accepted", "closes it, once the opinion is signed", ""),
        ("expert", "signed", "closes it, once the opinion is signed", ""),
    ],
)
def test_who_proposes_too_early_reads_what_is_so_and_how_to_go_on(bridge, now, who, state, words, leads_to):
    consult = consult_in(bridge, state, now)
    answer = client_of(getattr(bridge, who)).get(f"/cases/propose/{consult.pk}/")
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert '<h1 id="error-heading">This consult is not closed yet</h1>' in shown
    assert words in shown
    assert f'<a class="x-btn x-btn--primary" href="/consults/{consult.pk}/{leads_to}">' in shown
    assert not TeachingReason.unscoped.exists()
