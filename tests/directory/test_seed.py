"""The seeded province: complete, plausible, the same each time."""

from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from django.core.management import call_command

from config.seeding import reference_moment, seed_all
from directory import seed as directory_seed
from directory.models import LicensedDoctors, Membership, Organisation, OrganisationKind, Person, RoleGrant
from directory.roles import ROLES
from directory.seed.demo_people import DEMO_PEOPLE, PASSWORD

NOW = datetime(2026, 11, 22, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _rows() -> list[list[tuple]]:
    tables = (Organisation, Person, Membership, RoleGrant, LicensedDoctors)
    return [sorted(table.objects.values_list(*_columns(table)), key=str) for table in tables]


def _columns(table: Any) -> list[str]:
    return [field.attname for field in table._meta.concrete_fields if field.attname != "password"]


def test_province_has_every_hospital_of_the_first_roll_out() -> None:
    province = directory_seed.seed(rng=Random(1), now=NOW)

    kinds = Counter(Organisation.objects.values_list("kind", "level"))
    assert kinds[(OrganisationKind.HOSPITAL, 1)] == 6
    assert kinds[(OrganisationKind.HOSPITAL, 2)] == 18
    assert kinds[(OrganisationKind.HOSPITAL, 3)] == 18
    assert kinds[(OrganisationKind.AUTHORITY, 1)] == 1
    assert kinds[(OrganisationKind.VILLAGE_CLINIC, 5)] == 2 * kinds[(OrganisationKind.TOWNSHIP_CENTRE, 4)]
    assert len({(c.authority.map_column, c.authority.map_row) for c in province.cities}) == 18
    assert province.hospital_a.name == "青溪县人民医院"
    assert province.hospital_b.parent.parent == province.hospital_a.parent.parent
    for organisation in Organisation.objects.select_related("parent"):
        assert organisation.parent is None or organisation.path.startswith(organisation.parent.path)


def test_people_have_names_of_their_own_and_known_roles() -> None:
    province = directory_seed.seed(rng=Random(1), now=NOW)

    assert 350 <= Person.objects.count() <= 500
    assert len(province.names) == Person.objects.count()
    assert set(RoleGrant.objects.values_list("role", flat=True)) <= set(ROLES)
    assert {entry.username for entry in DEMO_PEOPLE} <= set(province.people)
    assert province.people["requester"].name == "林晓禾"
    assert province.people["requester"].check_password(PASSWORD)
    assert province.membership(province.people["learner"]).organisation.path.startswith(province.hospital_a.parent.path)
    assert not RoleGrant.objects.filter(person__username__in=["learner", "outsider"]).exists()


def test_every_house_but_those_of_one_city_reported_its_doctors() -> None:
    province = directory_seed.seed(rng=Random(1), now=NOW)

    newest = LicensedDoctors.objects.filter(year=2025).select_related("organisation")
    ranges = {1: (800, 1500), 2: (400, 900), 3: (180, 420), 4: (8, 25), 5: (1, 3)}
    assert all(ranges[r.organisation.level][0] <= r.number <= ranges[r.organisation.level][1] for r in newest)
    houses = Organisation.objects.exclude(kind=OrganisationKind.AUTHORITY)
    silent = next(city for city in province.cities if city.authority.name.startswith("西岭"))
    unreported = houses.exclude(pk__in=newest.values("organisation"))
    assert [row.path.startswith(silent.authority.path) for row in unreported] == [True] * len(unreported)
    assert silent.hospital in unreported
    assert LicensedDoctors.objects.filter(year=2024).count() == newest.count()


def test_a_second_requesting_doctor_works_at_the_hospital_of_the_first() -> None:
    province = directory_seed.seed(rng=Random(1), now=NOW)

    first, second = (province.people[name] for name in ("requester", "colleague"))
    assert province.membership(first).organisation == province.membership(second).organisation == province.hospital_a
    assert set(RoleGrant.objects.filter(person=second).values_list("role", flat=True)) == {"requester"}


def test_equal_seeds_give_equal_rows() -> None:
    directory_seed.seed(rng=Random(7), now=NOW)
    first = _rows()
    for table in (LicensedDoctors, RoleGrant, Membership, Person):
        table.objects.all().delete()
    for organisation in Organisation.objects.order_by("-path"):
        organisation.departments.all().delete()
        organisation.delete()

    directory_seed.seed(rng=Random(7), now=NOW)

    assert _rows() == first


def test_seeding_twice_leaves_what_is_there() -> None:
    first = dict(seed_all(reference_moment(NOW)))
    people = Person.objects.count()

    second = dict(seed_all(reference_moment(NOW)))

    assert first["directory"] is True
    assert set(second.values()) == {False}
    assert Person.objects.count() == people


def test_command_refuses_outside_the_demo(settings) -> None:
    settings.XINGLIN_IS_DEMO = False
    with pytest.raises(Exception, match="published password"):
        call_command("seed")
    assert Organisation.objects.count() == 0
