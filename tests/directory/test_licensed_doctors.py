"""The licensed doctors of a house: entered by its system administrator, a year each, audited, counted at once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from core.audit.models import AuditEntry
from core.errors import Invalid, NotFound
from core.ui.figures import Size
from directory.area_sizes import sizes_by_path
from directory.models import LicensedDoctors
from directory.services.licensed_doctors import report_doctors
from tests.factories.people import make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_organisation(kind="authority")


@pytest.fixture
def hospital(province):
    return make_organisation(province, level=3)


@pytest.fixture
def admin(province):
    return make_person(province, "system_admin", language="en")


@pytest.fixture
def browser(admin):
    return sign_in(Client(), admin)


def address(place):
    return f"/directory/organisations/{place.pk}/doctors/"


def reports_of(place):
    return list(LicensedDoctors.objects.filter(organisation=place).order_by("year").values_list("year", "number"))


def trail():
    return list(AuditEntry.objects.filter(action__startswith="doctors.").order_by("at", "id"))


def test_a_year_is_entered_on_the_page_and_stands_in_the_history(browser, admin, hospital):
    last = timezone.localdate().year - 1

    for year, number in ((last - 1, 300), (last, 312)):
        assert browser.post(address(hospital), {"year": year, "number": number}).status_code == 302

    assert reports_of(hospital) == [(last - 1, 300), (last, 312)]
    assert set(LicensedDoctors.objects.values_list("entered_by", flat=True)) == {admin.pk}
    page = browser.get(f"/directory/organisations/{hospital.pk}/").content.decode()
    assert page.index(f'<th scope="row">{last}</th><td class="n">312</td>') < page.index(f"{last - 1}</th>")
    assert [entry.details for entry in trail()] == [
        {"statistics_year": last - 1, "doctors": 300},
        {"statistics_year": last, "doctors": 312},
    ]


def test_a_correction_keeps_the_old_number_in_the_trail(admin, hospital, now):
    actor = make_actor(admin, now)

    for number in (300, 330, 330):
        report_doctors(actor=actor, organisation_id=hospital.pk, year=2025, number=number, now=now)

    assert reports_of(hospital) == [(2025, 330)]
    assert [(entry.action, entry.details) for entry in trail()] == [
        ("doctors.reported", {"statistics_year": 2025, "doctors": 300}),
        ("doctors.corrected", {"statistics_year": 2025, "doctors": 330, "doctors_before": 300}),
    ]


def test_a_new_number_counts_at_once(admin, province, hospital, now, django_capture_on_commit_callbacks):
    make_person(hospital)
    assert sizes_by_path(province.path)[hospital.path] == Size(1, 1)

    for number in (300, 330):
        with django_capture_on_commit_callbacks(execute=True):
            report_doctors(actor=make_actor(admin, now), organisation_id=hospital.pk, year=2025, number=number, now=now)
        assert sizes_by_path(province.path)[hospital.path] == Size(1, number, 1, 1)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"year": 1999, "number": 300}, "year"),
        ({"year": 2098, "number": 300}, "year"),
        ({"year": 2025, "number": 2501}, "number"),
        ({"year": 2025, "number": -1}, "number"),
        ({"year": 2025, "number": ""}, "number"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(browser, hospital, form, field):
    page = browser.post(address(hospital), form)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert (reports_of(hospital), trail()) == ([], [])


def test_the_most_that_can_be_depends_on_the_level(admin, province, now):
    village = make_organisation(province, kind="village_clinic", level=5)
    actor = make_actor(admin, now)

    report_doctors(actor=actor, organisation_id=village.pk, year=2025, number=0, now=now)
    with pytest.raises(Invalid) as refused:
        report_doctors(actor=actor, organisation_id=village.pk, year=2025, number=31, now=now)

    assert list(refused.value.fields) == ["number"]
    assert reports_of(village) == [(2025, 0)]


def test_the_database_itself_refuses_what_cannot_be(hospital, now):
    for year, number in ((1999, 3), (2025, 20_001)):
        with pytest.raises(IntegrityError), transaction.atomic():
            LicensedDoctors.objects.create(organisation=hospital, year=year, number=number, entered_at=now)

    assert reports_of(hospital) == []


def test_an_authority_has_no_doctors_to_report(browser, admin, province, now):
    assert browser.get(address(province)).status_code == 404
    assert address(province) not in browser.get(f"/directory/organisations/{province.pk}/").content.decode()
    with pytest.raises(Invalid):
        report_doctors(actor=make_actor(admin, now), organisation_id=province.pk, year=2025, number=3, now=now)

    assert reports_of(province) == []


def test_nobody_but_its_system_administrator_enters_a_number(province, hospital, now):
    sibling = make_organisation(province)
    for person, status in (
        (make_person(sibling, "system_admin"), 404),
        (make_person(hospital, "security_admin"), 403),
        (make_person(hospital, "manager"), 403),
    ):
        assert sign_in(Client(), person).post(address(hospital), {"year": 2025, "number": 3}).status_code == status
        with pytest.raises(NotFound):
            report_doctors(actor=make_actor(person), organisation_id=hospital.pk, year=2025, number=3, now=now)

    assert (reports_of(hospital), trail()) == ([], [])
