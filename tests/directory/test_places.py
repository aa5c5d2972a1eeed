"""Departments and places of work, kept by the system administrator through the pages; who saves second is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from consult_bridge.vocabulary import SPECIALTIES as ASKED
from core.audit.models import AuditEntry
from core.errors import StaleForm
from core.ids import uuid7
from directory.errors import AlreadyGranted, SeparationOfDuties
from directory.models import Department, Membership, RoleGrant
from directory.seed.geography import SPECIALTIES as SEEDED
from directory.services.administration import change_organisation, mark_of_organisation
from directory.services.grants import grant_role
from directory.specialties import SPECIALTIES
from tests.factories.people import grant_role as hold
from tests.factories.people import make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_organisation(kind="authority", code="QJ-TEST")


@pytest.fixture
def hospital(province):
    return make_organisation(province, code="H1")


@pytest.fixture
def other(province):
    return make_organisation(province, code="H2")


@pytest.fixture
def system(province):
    return sign_in(Client(), make_person(province, "system_admin", language="en"))


@pytest.fixture
def doctor(hospital):
    return make_person(hospital, username="doctor")


def add(client, organisation, **changes):
    form = {"form_key": uuid7(), "specialty": "cardiology", "name": "心血管内科", "name_en": "Cardiology"}
    return client.post(f"/directory/organisations/{organisation.pk}/departments/new/", form | changes)


def place(client, person, organisation, **changes):
    form = {"organisation_code": organisation.code, "specialty": "", "title": "主治医师"}
    return client.post(f"/directory/people/{person.pk}/places/add/", form | changes)


def places(person):
    rows = Membership.objects.filter(person=person).order_by("pk")
    return [(row.organisation.code, row.department and row.department.name, row.title, row.is_primary) for row in rows]


def actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_whatever_is_asked_for_and_seeded_can_be_a_department():
    assert set(ASKED) <= set(SPECIALTIES)
    assert set(SEEDED) == set(SPECIALTIES)


def test_a_department_is_added_renamed_closed_and_opened_again(system, hospital):
    key = uuid7()
    for _click in range(2):
        assert add(system, hospital, form_key=key).status_code == 302
    made = Department.objects.get()
    assert "Cardiology" in system.get(f"/directory/organisations/{hospital.pk}/").content.decode()

    system.post(f"/directory/departments/{made.pk}/", {"name": "心内科", "name_en": "Heart"})
    made.refresh_from_db()
    assert (made.name, made.name_en, made.specialty) == ("心内科", "Heart", "cardiology")

    assert system.post(f"/directory/departments/{made.pk}/close/").status_code == 302
    assert "Heart" not in system.get(f"/directory/organisations/{hospital.pk}/").content.decode()

    assert add(system, hospital, name="心脏中心").status_code == 302
    again = Department.objects.get()
    assert (again.pk, again.name, again.closed_at) == (made.pk, "心脏中心", None)
    assert actions() == ["department.added", "department.renamed", "department.closed", "department.added"]


def test_a_second_of_one_specialty_and_an_unknown_one_are_refused_beside_the_field(system, hospital):
    add(system, hospital)
    for changes in ({"name": "another"}, {"specialty": "astrology"}):
        answer = add(system, hospital, **changes)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["specialty"])
    assert Department.objects.count() == 1


def test_a_department_with_people_stays_open(system, hospital, doctor):
    add(system, hospital)
    place(system, doctor, hospital, specialty="cardiology")
    made = Department.objects.get()

    assert system.post(f"/directory/departments/{made.pk}/close/").status_code == 409

    made.refresh_from_db()
    assert made.closed_at is None
    assert "department.closed" not in actions()


def test_a_person_moves_between_departments_and_organisations(system, hospital, other, doctor):
    add(system, hospital)
    assert places(doctor) == [("H1", None, "主治医师", True)]

    assert place(system, doctor, hospital, specialty="cardiology", title="副主任医师").status_code == 302
    assert place(system, doctor, other).status_code == 302
    assert places(doctor) == [("H1", "心血管内科", "副主任医师", True), ("H2", None, "主治医师", False)]

    first, second = Membership.objects.filter(person=doctor).order_by("pk")
    system.post(f"/directory/people/{doctor.pk}/places/{second.pk}/main/")
    assert [row[3] for row in places(doctor)] == [False, True]

    system.post(f"/directory/people/{doctor.pk}/places/{second.pk}/end/")
    assert places(doctor) == [("H1", "心血管内科", "副主任医师", True)]
    system.post(f"/directory/people/{doctor.pk}/places/{first.pk}/end/")
    assert places(doctor) == []
    assert place(system, doctor, other).status_code == 302
    assert places(doctor) == [("H2", None, "主治医师", True)]
    assert [action.partition(".")[2] for action in actions() if action.startswith("membership.")] == [
        "changed", "added", "made_primary", "ended", "ended", "added",
    ]  # fmt: skip


def test_a_department_that_is_not_there_is_refused_beside_the_field(system, hospital, doctor):
    answer = place(system, doctor, hospital, specialty="cardiology")
    assert (answer.status_code, list(answer.context["new_place"].errors)) == (422, ["specialty"])
    assert places(doctor) == [("H1", None, "主治医师", True)]


def test_an_administrator_of_one_hospital_keeps_to_it(hospital, other, doctor):
    elsewhere = Membership.objects.create(person=doctor, organisation=other, is_primary=False)
    local = sign_in(Client(), make_person(hospital, "system_admin"))
    before = places(doctor)
    beyond = make_organisation(code="H3")

    answers = [
        place(local, doctor, beyond).status_code,
        local.post(f"/directory/people/{doctor.pk}/places/{elsewhere.pk}/end/").status_code,
        local.post(f"/directory/people/{doctor.pk}/places/{elsewhere.pk}/main/").status_code,
        add(local, other).status_code,
    ]

    assert answers == [403, 404, 404, 404]
    assert places(doctor) == before
    assert not Department.objects.exists()


def test_the_main_place_is_not_taken_from_another_administrators_hospital(hospital, other, doctor):
    mine = Membership.objects.create(person=doctor, organisation=other, is_primary=False)
    local = sign_in(Client(), make_person(other, "system_admin"))
    assert local.post(f"/directory/people/{doctor.pk}/places/{mine.pk}/main/").status_code == 403
    assert [row[3] for row in places(doctor)] == [True, False]


def test_who_saves_an_organisation_second_is_told_and_nothing_is_written_over(system, province, hospital):
    # Given two administrators who opened the same form
    page = f"/directory/organisations/{hospital.pk}/"
    seen = system.get(page).context["form"]["seen"].value()
    form = {"name": "县医院", "name_en": "County", "is_active": "on", "seen": seen}
    # When both save
    assert system.post(page, form).status_code == 302
    second = system.post(page, form | {"name": "另一个名字"})
    # Then the second is told, keeps what was typed, and the first one's name stands
    assert second.status_code == 422
    assert (
        str(StaleForm.message) in " ".join(second.context["form"].non_field_errors()) or second.context["form"].errors
    )
    assert "另一个名字" in second.content.decode()
    hospital.refresh_from_db()
    assert hospital.name == "县医院"


def test_who_saves_a_person_second_is_told(system, doctor):
    page, change = f"/directory/people/{doctor.pk}/", f"/directory/people/{doctor.pk}/change/"
    seen = system.get(page).context["details"]["seen"].value()
    form = {"name": "林晓禾", "is_active": "on", "seen": seen}
    assert system.post(change, form).status_code == 302
    second = system.post(change, form | {"name": "林小禾"})
    assert (second.status_code, len(second.context["details"].non_field_errors())) == (422, 1)
    doctor.refresh_from_db()
    assert doctor.name == "林晓禾"
    assert actions().count("person.changed") == 1


def test_the_service_itself_refuses_a_stale_mark(province, hospital, now):
    actor = make_actor(make_person(province, "system_admin"))
    seen = mark_of_organisation(hospital)
    whole = {"name_en": "", "is_active": True, "authors_courses": False, "now": now}
    change_organisation(actor=actor, organisation_id=hospital.pk, name="一", seen=seen, **whole)
    with pytest.raises(StaleForm):
        change_organisation(actor=actor, organisation_id=hospital.pk, name="二", seen=seen, **whole)
    hospital.refresh_from_db()
    assert hospital.name == "一"


@pytest.mark.parametrize(
    ("held", "wanted", "error"),
    [
        ("system_admin", "audit_admin", SeparationOfDuties),
        ("requester", "security_admin", SeparationOfDuties),
        ("audit_admin", "expert", SeparationOfDuties),
        ("expert", "expert", AlreadyGranted),
    ],
)
def test_a_role_that_begins_tomorrow_counts_today(province, hospital, held, wanted, error):
    # Given somebody whose role begins on a later day
    person, moment = make_person(hospital), timezone.now()
    hold(person, held, hospital, starts_at=moment + timedelta(days=1))
    security = make_actor(make_person(province, "security_admin"))
    # When one is to be given that may not stand beside it
    with pytest.raises(error):
        grant_role(
            actor=security, person_id=person.pk, role=wanted, organisation_id=hospital.pk, ends_at=None, now=moment
        )
    # Then nothing was given
    assert RoleGrant.objects.filter(person=person).count() == 1
