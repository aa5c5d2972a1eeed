"""The tree as areas: who is counted among whose people, by which permission, and how often that is asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.ui.figures import PERMISSIONS, Size
from directory.areas import areas_of
from directory.models import LicensedDoctors, Membership, Organisation
from tests.factories.people import grant_role, make_actor, make_organisation, make_person

SUPERVISE, MANAGE = PERMISSIONS
NOW = datetime(2026, 1, 20, tzinfo=UTC)


@pytest.fixture
def tree(db):
    """A province of two counties. The first has a hospital (two doctors, a nurse) and a township (a doctor); the second
    a hospital (a doctor). Each authority has one doctor of its own."""
    province = make_organisation(kind="authority")
    first, second = (make_organisation(province, kind="authority", level=3) for _n in range(2))
    places = {
        "hospital": make_organisation(first, level=3),
        "town": make_organisation(first, kind="township_centre", level=4),
        "other": make_organisation(second, level=3),
    }
    for place in (province, first, second, places["hospital"], *places.values()):
        make_person(place)
    Membership.objects.filter(person=make_person(places["hospital"])).update(title="护师")
    return {"province": province, "first": first, "second": second, **places}


@pytest.fixture
def reader(tree):
    """Works elsewhere, so as to be in no number; what they may is granted in the test."""
    return make_person(make_organisation())


def sizes_of(reader, permission, wanted=""):
    return areas_of(make_actor(reader), PERMISSIONS, wanted).sizes_for(permission)


def test_a_townships_area_says_that_it_holds_its_villages(tree, reader):
    # Given a township centre without a tile, and a hospital, of one county
    Organisation.objects.filter(pk=tree["town"].pk).update(
        name="白石镇中心卫生院", name_en="Baishi Township Health Centre"
    )
    grant_role(reader, "supervisor", tree["first"])
    # When its parts stand in the list of areas, then the township is not named as its health centre alone
    for language, expected in (("zh-hans", "白石镇（含村）"), ("en", "Baishi Township with its villages")):
        with translation.override(language):
            parts = areas_of(make_actor(reader, NOW), PERMISSIONS, str(tree["first"].pk)).parts
            listed = {part.id: part.table_name for part in parts}
        assert listed[tree["town"].pk] == expected
        assert listed[tree["hospital"].pk] == tree["hospital"].display_name(language)


def test_people_of_authorities_are_not_counted(tree, reader):
    grant_role(reader, "supervisor", tree["province"])

    assert sizes_of(reader, SUPERVISE) == {
        tree["province"].pk: Size(0, 0),
        tree["first"].pk: Size(4, 3),
        tree["second"].pk: Size(1, 1),
    }
    assert sizes_of(reader, SUPERVISE, str(tree["first"].pk)) == {
        tree["first"].pk: Size(0, 0),
        tree["hospital"].pk: Size(3, 2),
        tree["town"].pk: Size(1, 1),
    }


def test_each_permission_has_the_people_of_its_own_area(tree, reader):
    grant_role(reader, "supervisor", tree["first"])
    grant_role(reader, "manager", tree["other"])

    assert sizes_of(reader, SUPERVISE) == {tree["first"].pk: Size(4, 3)}
    assert sizes_of(reader, MANAGE) == {tree["other"].pk: Size(1, 1)}
    assert sizes_of(reader, MANAGE, str(tree["first"].pk)) == {}


def test_a_hospital_managed_in_a_supervised_area_stands_for_its_part(tree, reader):
    grant_role(reader, "supervisor", tree["province"])
    grant_role(reader, "manager", tree["hospital"])

    assert sizes_of(reader, MANAGE) == {tree["first"].pk: Size(3, 2)}
    assert sizes_of(reader, MANAGE, str(tree["first"].pk)) == {}, "figures of a chosen area are those of all of it"
    assert sizes_of(reader, MANAGE, str(tree["hospital"].pk)) == {tree["hospital"].pk: Size(3, 2)}


def test_people_are_counted_when_asked_for_and_then_kept_for_every_language(tree, reader):
    grant_role(reader, "supervisor", tree["province"])
    actor, asked = make_actor(reader), []

    for language in ("zh-hans", "en"):
        with translation.override(language), CaptureQueriesContext(connection) as queries:
            areas = areas_of(actor, PERMISSIONS, "")
        asked.append(sum("directory_membership" in query["sql"] for query in queries))
        with translation.override(language), CaptureQueriesContext(connection) as queries:
            sizes = areas.sizes_for(SUPERVISE)
        asked.append(len(queries))
        assert sizes[tree["first"].pk] == Size(4, 3)

    assert asked == [0, 2, 0, 0], "whether anybody reported doctors, and who works there"


def report(place, number, year=2025):
    LicensedDoctors.objects.create(organisation=place, year=year, number=number, entered_at=NOW)


def test_reported_doctors_take_the_place_of_accounts_everywhere(tree, reader):
    # given a hospital that reported twice, and a county of which nobody did
    grant_role(reader, "supervisor", tree["province"])
    report(tree["hospital"], 300, year=2024)
    report(tree["hospital"], 320)

    # when the sizes are read for the first time
    with CaptureQueriesContext(connection) as queries:
        sizes = sizes_of(reader, SUPERVISE)

    # then the newest number counts, and the other county has none instead of its accounts
    assert sizes == {
        tree["province"].pk: Size(0, 0, 0, 0),
        tree["first"].pk: Size(4, 320, 2, 1),
        tree["second"].pk: Size(1, 0, 1, 0),
    }
    assert sum("directory_licenseddoctors" in query["sql"] for query in queries) == 2


def test_a_house_that_takes_no_part_is_not_asked_to_report(tree, reader):
    grant_role(reader, "supervisor", tree["province"])
    report(tree["hospital"], 320)
    report(tree["other"], 200)
    Organisation.objects.filter(pk=tree["other"].pk).update(is_active=False)

    assert sizes_of(reader, SUPERVISE)[tree["second"].pk] == Size(1, 0, 0, 0)
