"""What a request may not say: another patient under a known number, days that cannot be, a hospital not one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from consult_bridge import api
from consult_bridge.contracts import LabRow, PatientData
from consult_bridge.errors import DayImpossible, RequestingHospitalMissing
from consult_bridge.models import Consult, Patient
from consult_bridge.services.patients import PatientDiffers, PatientNumberTaken
from core import crypto
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.ids import uuid7
from tests.consult_bridge.test_pages import client_of, hidden, request_fields
from tests.factories.consults import consult_in, make_request
from tests.factories.people import grant_role, make_actor, make_person

ID_NUMBER = "11010519640305002X"
KNOWN = PatientData("岑望舒", "female", date(1964, 3, 5), "QX-2026-0817", ID_NUMBER, "13900000001", "青溪县柳湾村")


def test_a_patient_of_whom_the_sex_is_not_known_can_be_sent(bridge, now):
    consult = consult_in(bridge, "submitted", now, patient=replace(KNOWN, sex="unknown"))
    assert (consult.state, consult.patient.sex) == ("submitted", "unknown")


def test_not_known_is_chosen_and_never_assumed(bridge):
    requester, new = client_of(bridge.requester), reverse("consult_bridge:new_consult")
    fields = request_fields(bridge, form_key=hidden(requester.get(new), "form_key"), action="submit")
    refused = requester.post(new, fields | {"sex": ""})
    assert refused.status_code == 422
    assert "The patient’s sex" in refused.content.decode()
    assert not Consult.unscoped.exists()
    assert requester.post(new, fields | {"sex": "unknown"}).status_code == 302
    assert Patient.unscoped.get().sex == "unknown"


def facts_of(patient: Patient) -> tuple:
    patient.refresh_from_db()
    return patient.sex, patient.birth_date, patient.id_number, patient.phone, patient.address, patient.phone_index


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"sex": "male"}, {"sex"}),
        ({"birth_date": date(1999, 1, 1)}, {"birth_date"}),
        ({"id_number": "110105199901010016"}, {"id_number"}),
        ({"sex": "male", "birth_date": date(1999, 1, 1), "phone": "13911111111"}, {"sex", "birth_date"}),
    ],
)
def test_another_person_under_a_known_number_is_refused_by_name_of_what_differs(bridge, now, change, fields):
    patient = consult_in(bridge, "submitted", now, patient=KNOWN).patient
    before = facts_of(patient)

    with pytest.raises(PatientDiffers) as refused:
        consult_in(bridge, "submitted", now, patient=replace(KNOWN, **change))

    assert set(refused.value.fields) == fields
    assert ID_NUMBER not in "".join(str(s) for sentences in refused.value.fields.values() for s in sentences)
    assert facts_of(patient) == before
    assert (Consult.unscoped.count(), Patient.unscoped.count()) == (1, 1)


def test_nothing_of_a_stranger_is_written_into_a_record_that_lacks_a_number(bridge, now):
    patient = consult_in(bridge, "submitted", now, patient=replace(KNOWN, id_number="")).patient

    with pytest.raises(PatientDiffers):
        consult_in(bridge, "submitted", now, patient=replace(KNOWN, birth_date=date(1999, 1, 1)))

    assert facts_of(patient)[2] is None


def test_another_name_is_refused_even_when_confirmed(bridge, now):
    consult_in(bridge, "submitted", now, patient=KNOWN)

    with pytest.raises(PatientNumberTaken):
        consult_in(bridge, "submitted", now, patient=replace(KNOWN, name="林见山", on_difference="correct"))

    assert Patient.unscoped.get().name == "岑望舒"


def test_the_hospitals_record_is_kept_when_the_requester_says_so(bridge, now):
    patient = consult_in(bridge, "submitted", now, patient=KNOWN).patient
    before = facts_of(patient)

    again = consult_in(bridge, "submitted", now, patient=replace(KNOWN, sex="male", on_difference="keep"))

    assert again.patient_id == patient.pk
    assert facts_of(patient) == before
    entry = AuditEntry.objects.get(action="patient.record_confirmed")
    assert (entry.subject_id, entry.details) == (str(patient.pk), {"fields": ["sex"]})


def test_what_was_typed_replaces_the_record_when_the_requester_says_so(bridge, now):
    patient = consult_in(bridge, "submitted", now, patient=KNOWN).patient
    typed = replace(KNOWN, birth_date=date(1965, 3, 5), id_number="110105196503050027", on_difference="correct")

    consult_in(bridge, "submitted", now, patient=typed)

    assert facts_of(patient)[:3] == ("female", date(1965, 3, 5), "110105196503050027")
    assert patient.id_number_index == crypto.blind_index("110105196503050027", purpose="patient.id_number")
    entry = AuditEntry.objects.get(action="patient.corrected")
    assert entry.details == {"fields": ["birth_date", "id_number"]}
    assert entry.actor_id == bridge.requester.person_id


def test_another_phone_or_address_is_taken_over_and_audited(bridge, now):
    patient = consult_in(bridge, "submitted", now, patient=KNOWN).patient

    consult_in(bridge, "submitted", now, patient=replace(KNOWN, phone="13911111111", address=""))

    assert facts_of(patient)[3:] == (
        "13911111111",
        "青溪县柳湾村",
        crypto.blind_index("13911111111", purpose="patient.phone"),
    )
    assert AuditEntry.objects.get(action="patient.contact_changed").details == {"fields": ["phone"]}


def test_the_form_shows_what_differs_and_takes_the_answer(bridge):
    requester, page = client_of(bridge.requester), reverse("consult_bridge:new_consult")
    fields = request_fields(bridge, form_key=str(uuid7()), action="submit", id_number=ID_NUMBER)
    assert requester.post(page, fields).status_code == 302
    fields |= {"form_key": str(uuid7()), "birth_date": "1965-03-05", "id_number": "110105196503050027"}
    assert "Which is right?" not in requester.get(page).content.decode()

    refused = requester.post(page, fields)

    text = refused.content.decode()
    assert refused.status_code == 422
    assert "record says: 1964-03-05" in text
    assert "Which is right?" in text
    assert ID_NUMBER not in text
    assert Consult.unscoped.count() == 1
    assert requester.post(page, fields | {"on_difference": "correct"}).status_code == 302
    assert Patient.unscoped.get().birth_date == date(1965, 3, 5)


@pytest.mark.parametrize("born", [date(1, 1, 1), date(1899, 12, 31), date(2026, 11, 23), date(2999, 1, 1)])
def test_nobody_is_born_in_the_future_or_before_1900(bridge, now, born):
    with pytest.raises(DayImpossible) as refused:
        consult_in(bridge, "submitted", now, patient=replace(KNOWN, birth_date=born))

    assert set(refused.value.fields) == {"birth_date"}
    assert not Consult.unscoped.exists()
    assert not Patient.unscoped.exists()


@pytest.mark.parametrize("born", [date(1900, 1, 1), date(2026, 11, 22)])
def test_the_first_and_the_last_day_are_days_of_birth(bridge, now, born):
    consult = consult_in(bridge, "submitted", now, patient=replace(KNOWN, birth_date=born), labs=[])

    assert consult.patient.birth_date == born


def test_the_last_day_is_that_of_the_place_not_of_greenwich(bridge, now):
    evening = now.replace(hour=17)  # 01:00 of the next day in Qingjiang

    consult = consult_in(bridge, "submitted", evening, patient=replace(KNOWN, birth_date=date(2026, 11, 23)), labs=[])

    assert consult.patient.birth_date == date(2026, 11, 23)


@pytest.mark.parametrize("taken_on", [date(2999, 1, 1), date(2026, 11, 23), date(1, 1, 1), date(1964, 3, 4)], ids=str)
def test_no_value_is_taken_in_the_future_or_before_birth(bridge, now, taken_on):
    row = LabRow("BNP", Decimal(510), "pg/mL", None, None, taken_on)

    with pytest.raises(DayImpossible) as refused:
        consult_in(bridge, "submitted", now, labs=[row])

    assert set(refused.value.fields) == {"labs"}
    assert not Consult.unscoped.exists()


@pytest.mark.parametrize("name", ["birth_date", "labs-0-taken_on"])
@pytest.mark.parametrize("day", ["2999-01-01", "9999-12-31", "0001-01-01", "1899-12-31"])
def test_the_form_marks_the_impossible_day(bridge, name, day):
    fields = request_fields(bridge, form_key=str(uuid7()), action="submit") | {name: day}

    answer = client_of(bridge.requester).post(reverse("consult_bridge:new_consult"), fields)

    assert answer.status_code == 422
    assert "lies in the future or before 1900" in answer.content.decode()
    assert not Consult.unscoped.exists()


@pytest.fixture
def doctor_of_two(bridge):
    person = make_person(bridge.hospital, "requester")
    grant_role(person, "requester", bridge.sibling)
    return make_actor(person)


def test_who_asks_for_two_hospitals_says_for_which(bridge, doctor_of_two, now):
    request = make_request(bridge)
    call = {"actor": doctor_of_two, "consult_id": uuid7(), "now": now}
    with pytest.raises(RequestingHospitalMissing):
        api.submit_consult(request=request, **call)
    with pytest.raises(Forbidden):
        api.submit_consult(request=replace(request, requesting_organisation_id=bridge.centre.pk), **call)
    assert not Consult.unscoped.exists()

    for hospital in (bridge.sibling, bridge.hospital):
        wanted = replace(request, requesting_organisation_id=hospital.pk)
        consult_id = api.submit_consult(
            actor=doctor_of_two, consult_id=uuid7(), request=wanted, now=now + timedelta(minutes=1)
        )
        consult = Consult.unscoped.get(pk=consult_id)
        assert (consult.requesting_organisation, consult.patient.organisation) == (hospital, hospital)


def test_only_who_has_a_choice_sees_it(bridge, doctor_of_two):
    page = reverse("consult_bridge:new_consult")
    assert "Hospital that asks" not in client_of(bridge.requester).get(page).content.decode()
    browser = client_of(doctor_of_two)
    shown = browser.get(page)
    assert "Hospital that asks" in shown.content.decode()
    fields = request_fields(bridge, form_key=hidden(shown, "form_key"), action="submit")

    assert browser.post(page, fields).status_code == 422
    assert browser.post(page, fields | {"requesting_organisation": str(bridge.centre.pk)}).status_code == 422
    assert not Consult.unscoped.exists()
    assert browser.post(page, fields | {"requesting_organisation": str(bridge.sibling.pk)}).status_code == 302

    assert Consult.unscoped.get().requesting_organisation == bridge.sibling
