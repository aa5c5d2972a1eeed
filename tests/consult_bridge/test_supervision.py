"""The authority's figures: who asked what, who asked nothing, and nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult_bridge import api
from consult_bridge.models import Consult, Feedback, Opinion
from consult_bridge.selectors import supervision as selectors
from core.ids import uuid7
from directory.models import Organisation
from tests.factories.consults import consult_in, make_request
from tests.factories.people import make_actor, make_organisation, make_person

NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}
QUERIES_OF_THE_PAGE = 28  # four of them ask whether there was anything before


@pytest.fixture
def asked(bridge, now):
    """The county hospital asked twice, one of them answered in time; the sibling's nothing in this year."""
    rows = [
        api.submit_consult(actor=bridge.requester, consult_id=uuid7(), request=make_request(bridge), now=now)
        for _n in range(2)
    ]
    Consult.unscoped.update(submitted_at=datetime(2026, 11, 20, tzinfo=UTC))
    first = Consult.unscoped.order_by("id").first()
    Consult.unscoped.filter(pk=first.pk).update(
        state="signed", due_at=datetime(2026, 11, 22, tzinfo=UTC), signed_at=datetime(2026, 11, 21, tzinfo=UTC)
    )
    return rows


def browser_of(organisation):
    client = Client()
    client.force_login(
        make_person(organisation, "supervisor", language="en"), backend="directory.backends.GrantBackend"
    )
    return client


def test_the_page_shows_the_counties_figures(bridge, asked):
    page = browser_of(bridge.province).get("/supervision/", NOVEMBER)

    shown = {reading.figure.key: reading.total.shown for reading in page.context["readings"]}
    assert (shown["consults"], shown["in_time"]) == (2, 100.0)


def test_a_silent_hospital_is_named_to_its_own_authority_only(bridge, asked):
    place = make_organisation(bridge.county, level=3, name="竹山县人民医院", name_en="Zhushan County Hospital")
    name = reverse("consult_bridge:silent_panel")

    assert "Zhushan County Hospital" in browser_of(bridge.province).get(name, NOVEMBER).content.decode()
    assert "Zhushan" not in browser_of(bridge.sibling).get(name, NOVEMBER).content.decode()
    table = browser_of(bridge.county).get(name, {**NOVEMBER, "format": "csv"}).content.decode("utf-8-sig")
    assert "Zhushan County Hospital," in table
    assert place.level == 3


def test_a_sibling_county_counts_nothing_of_ours(bridge, asked):
    actor = make_actor(make_person(bridge.sibling, "supervisor"))
    period = (date(2026, 11, 1), date(2026, 11, 30))

    own = selectors.consults_by_organisation(actor, "", *period)
    asked_for = selectors.consults_by_organisation(actor, str(bridge.hospital.pk), *period)

    assert (own.asked, own.rows, own.months) == (0, [], [])
    assert (asked_for.asked, asked_for.rows) == (0, [])


def answer(number):
    """`number` consults, each answered an hour later than the one before; the first after one hour."""
    asked_at = datetime(2026, 11, 20, tzinfo=UTC)
    for place, consult in enumerate(Consult.unscoped.order_by("id")[:number], start=1):
        Consult.unscoped.filter(pk=consult.pk).update(
            state="signed", signed_at=asked_at + timedelta(hours=place), due_at=asked_at + timedelta(hours=3)
        )


def test_the_panel_says_how_long_answers_took(bridge, asked, now):
    for _n in range(4):
        api.submit_consult(actor=bridge.requester, consult_id=uuid7(), request=make_request(bridge), now=now)
    Consult.unscoped.update(submitted_at=datetime(2026, 11, 20, tzinfo=UTC))
    answer(5)

    text = " ".join(panel_of(bridge).split())

    assert "Of 6 asked, 5 were answered, 3 of them in time. Half of the answers came within 3.0 h." in text
    assert "Longest on average" not in text, "one hospital is nothing to compare"
    assert "counted in part" not in text, "November is whole"


def test_half_of_an_even_number_came_within_the_shorter_middle_time(bridge, asked, now):
    for _n in range(4):
        api.submit_consult(actor=bridge.requester, consult_id=uuid7(), request=make_request(bridge), now=now)
    Consult.unscoped.update(submitted_at=datetime(2026, 11, 20, tzinfo=UTC))
    answer(6)
    actor = make_actor(make_person(bridge.province, "supervisor"))

    found = selectors.consults_by_organisation(actor, "", date(2026, 11, 1), date(2026, 11, 30))

    assert (found.answered, found.median) == (6, timedelta(hours=3)), "three of six"


def test_few_answers_say_nothing_of_the_time(bridge, asked):
    text = panel_of(bridge)

    assert "Of 2 asked, 1 was answered, 1 in time." in text
    assert "Half of the answers" not in text


def outcomes(bridge, organisation=None, period=(date(2026, 11, 1), date(2026, 11, 30))):
    actor = make_actor(make_person(organisation or bridge.province, "supervisor"))
    return selectors.outcomes_of(actor, "", *period)


def test_what_came_of_the_consults_is_counted_once_each(bridge, now):
    # given three closed consults, one of them with an opinion amended later, and one that is only asked
    for outcome, usefulness in (("plan_changed", 5), ("treated_locally", 4), ("referred", 3)):
        closed = consult_in(bridge, "closed", now)
        Feedback.objects.filter(consult=closed).update(outcome=outcome, usefulness=usefulness)
    first = Opinion.unscoped.get(consult=closed)
    Opinion.unscoped.filter(pk=first.pk).update(checked_by=None, state="amended")
    values = Opinion.unscoped.filter(pk=first.pk).values().get()
    Opinion.unscoped.create(**values | {"id": uuid7(), "amends_id": first.pk, "version": 2, "state": "signed"})
    consult_in(bridge, "submitted", now)

    # when the province, a sibling county and another month are read
    found = outcomes(bridge)

    # then each consult is one, the amendment is no second opinion
    assert found == {"closed": 3, "useful": 2, "changed": 1, "treated": 1, "signed": 3, "checked": 2}
    nothing = dict.fromkeys(found, 0)
    assert outcomes(bridge, bridge.sibling) == nothing
    assert outcomes(bridge, period=(date(2026, 10, 1), date(2026, 10, 31))) == nothing


def test_a_supervisor_reads_the_shares_and_their_numbers(bridge, now):
    for _n in range(5):
        consult_in(bridge, "closed", now)

    page = browser_of(bridge.county).get("/supervision/", NOVEMBER)

    said = {effect.key: (effect.percent, effect.said) for effect in page.context["effects"]}
    assert said["checked"] == (100.0, "5 of 5 signed opinions")
    assert said["useful"][1].endswith(" of 5 consults closed with feedback")
    assert "cases_published" not in said, "no case was made in the county"


def test_of_many_silent_hospitals_the_page_shows_the_longest_silent(bridge):
    for _n in range(8):
        make_organisation(bridge.county, level=3)
    browser, name = browser_of(bridge.province), reverse("consult_bridge:silent_panel")

    part = browser.get(name, NOVEMBER, HTTP_HX_REQUEST="true")
    whole = browser.get(name, NOVEMBER)

    assert (len(part.context["quiet"]), part.context["others"], part.context["number"]) == (6, 2, 8)
    text = " ".join(part.content.decode().split())
    assert "8 of 8 county hospitals asked nothing" in text
    assert "2 more hospitals" in text
    assert len(whole.context["quiet"]) == 8


def test_hospitals_stand_with_those_of_their_level(bridge, asked):
    Organisation.objects.filter(pk=bridge.hospital.pk).update(level=3)

    text = panel_of(bridge)

    assert text.count('<tr class="x-rk__group">') == 1
    assert "County hospitals" in text
    assert "Provincial hospitals" not in text


def test_the_provinces_hospitals_stand_first_in_the_table_and_in_its_file(bridge, asked):
    places = {level: make_organisation(bridge.county, level=level, name=f"{level}级医院") for level in (3, 1, 2)}
    old = Consult.unscoped.values().order_by("id").last()
    Organisation.objects.filter(pk=bridge.hospital.pk).update(level=3)
    for number, place in enumerate(places.values()):
        for _n in range(3 - number):
            fields = {"id": uuid7(), "requesting_organisation_id": place.pk}
            Consult.unscoped.bulk_create([Consult(**(old | fields))])

    shown = browser_of(bridge.province).get(
        reverse("consult_bridge:supervision_panel"), NOVEMBER, HTTP_HX_REQUEST="true"
    )
    file = browser_of(bridge.province).get(reverse("consult_bridge:supervision_panel"), {**NOVEMBER, "format": "csv"})

    expected = [("1级医院", 2), ("2级医院", 1), ("3级医院", 3), (bridge.hospital.name, 2)]
    assert [(row.name, row.asked) for row in shown.context["rows"]] == expected
    lines = file.content.decode("utf-8-sig").splitlines()[1:-1]
    in_english = [(row.name_en, str(row.asked)) for row in shown.context["rows"]]
    assert [tuple(line.split(",")[:2]) for line in lines] == in_english


def test_the_months_have_no_holes(bridge, asked):
    actor = make_actor(make_person(bridge.province, "supervisor"))

    found = selectors.consults_by_organisation(actor, "", date(2026, 9, 1), date(2026, 11, 30))

    assert found.months == [(date(2026, 9, 1), 0, 0), (date(2026, 10, 1), 0, 0), (date(2026, 11, 1), 2, 1)]


def panel_of(bridge):
    address = reverse("consult_bridge:supervision_panel")
    return browser_of(bridge.province).get(address, NOVEMBER, HTTP_HX_REQUEST="true").content.decode()


def test_the_page_costs_the_same_for_many_organisations(bridge, asked):
    """Counted whole, sign-in and shell included: more organisations and consults cost no further query, and
    who works in the areas is not counted again."""
    browser = browser_of(bridge.province)
    browser.get("/supervision/", NOVEMBER)
    for _n in range(6):
        make_organisation(bridge.county, level=4)

    with CaptureQueriesContext(connection) as queries:
        browser.get("/supervision/", NOVEMBER)

    assert len(queries) == QUERIES_OF_THE_PAGE
    assert countings_in(queries) == 0


def countings_in(queries):
    return sum("%医师%" in query["sql"] for query in queries)


def test_a_panel_does_not_count_who_works_in_the_areas(bridge, asked):
    with CaptureQueriesContext(connection) as queries:
        panel_of(bridge)
    assert countings_in(queries) == 0

    with CaptureQueriesContext(connection) as queries:
        browser_of(bridge.province).get("/supervision/", NOVEMBER)
    assert countings_in(queries) == 1
