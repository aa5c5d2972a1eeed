"""Tabs of the work list with more than one source: each asked by its own index, and together what an OR would give."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.sql import Query
from django.test.utils import CaptureQueriesContext

from consult_bridge import api
from consult_bridge.models import Consult, Opinion, Report
from consult_bridge.policies import (
    amendments_to_check_by,
    amendments_to_write_by,
    checked_by_actor,
    may_check,
    received_below,
    reports_to_check_by,
    reports_to_write_by,
)
from consult_bridge.selectors.consults import (
    WORK_TABS,
    Filters,
    capped_count,
    consult_list,
    waits_for_requester,
    work_list,
)
from consult_bridge.selectors.reports import bars_for, reports_in_hand, to_begin_condition
from consult_bridge.states import OPEN
from core.actor import Actor
from tests.factories.consults import consult_in, report_in, study_of
from tests.factories.people import make_actor, make_person

PEOPLE = ("writer", "expert", "second", "requester", "coordinator", "outsider")
TABS = ("mine", "report", "check", "team")
WEIGHED_TOGETHER = 8
"""Tables whose order PostgreSQL chooses freely (join_collapse_limit); it joins more of them as they are written."""


@pytest.fixture
def mixed(bridge, now):
    """Consults and reports of every state, and corrections of signed and closed ones."""
    for state in ("submitted", "assigned", "accepted", "drafting", "under_review", "signed", "closed"):
        study_of(consult_in(bridge, state, now), now)
    for state in ("drafting", "under_review", "returned", "signed"):
        report_in(bridge, state, now)
    report_in(bridge, "signed", now, consult="signed")
    for state in ("signed", "closed"):
        for is_submitted in (False, True):
            consult = consult_in(bridge, state, now)
            api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason="剂量写错。", now=now)
            if is_submitted:
                api.submit_opinion(actor=bridge.expert, consult_id=consult.pk, now=now)


def by_an_or(actor: Actor, tab: str) -> Q:
    """What each tab means, said in one condition over the whole table."""
    hospitals = {*actor.organisation_ids("consult.triage"), *actor.organisation_ids("consult.answer")}
    open_corrections = Opinion.unscoped.filter(amends__isnull=False, signed_at__isnull=True)
    written = Q(written_by=actor.person_id) | Q(former_writers=actor.person_id)
    own = Exists(Opinion.unscoped.filter(written, consult=OuterRef("pk"), state="under_review"))
    return {
        "mine": Q(expert_id=actor.person_id)
        & received_below(actor, "consult.answer")
        & Q(state__in=OPEN - {"signed", "awaiting_information"})
        | Q(pk__in=amendments_to_write_by(actor).values("consult_id")),
        "report": to_begin_condition(actor) | Q(pk__in=reports_to_write_by(actor).values("consult_id")),
        "check": Q(~own, checked_by_actor(actor), state="under_review")
        | Q(pk__in=amendments_to_check_by(actor).values("consult_id"))
        | Q(pk__in=reports_to_check_by(actor).values("consult_id")),
        "team": (Q(state__in=OPEN - {"signed"}) | Q(pk__in=open_corrections.values("consult_id")))
        & Q(receiving_organisation__in=hospitals),
    }[tab]


def test_each_tab_holds_what_it_means_for_everybody(bridge, mixed):
    numbers = {}
    for name in PEOPLE:
        actor = getattr(bridge, name)
        for tab in TABS:
            expected = set(Consult.objects.visible_to(actor).filter(by_an_or(actor, tab)).values_list("pk", flat=True))
            rows = work_list(actor, tab, Filters())
            shown = [row.pk for row in rows]
            assert (sorted(shown), capped_count(rows)) == (sorted(expected), len(expected)), (name, tab)
            assert [row.pk for row in rows[2:5]] == shown[2:5]
            numbers[name, tab] = len(shown)
    assert {tab: numbers["expert", tab] for tab in TABS} == {"mine": 10, "report": 4, "check": 1, "team": 13}
    assert {tab: numbers["second", tab] for tab in TABS} == {"mine": 0, "report": 4, "check": 4, "team": 13}
    assert {numbers["outsider", tab] for tab in TABS} == {0}


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_is_an_or_over_its_sources(bridge, tab):
    statement = str(work_list(bridge.expert, tab, Filters()).order_by().values("pk").query)

    assert " UNION " in statement
    assert 'OR "consult_bridge_consult"."id" IN' not in statement


def tables_of(rows: QuerySet) -> int:
    """What a list joins for its rows, and each condition that is a query of its own."""
    compiler = rows.query.get_compiler(connection=connection)
    compiler.pre_sql_setup()
    joined = sum(1 for uses in compiler.query.alias_refcount.values() if uses)
    return joined + sum(isinstance(getattr(part, "rhs", None), Query) for part in compiler.query.where.children)


@pytest.mark.parametrize("tab", WORK_TABS)
def test_a_page_asks_the_sources_of_a_tab_first(bridge, tab):
    assert 7 <= tables_of(work_list(bridge.expert, tab, Filters(text="岑"))[:26]) <= WEIGHED_TOGETHER


def test_who_has_written_is_asked_of_the_writer_and_of_former_ones_apart(bridge):
    rows = consult_list(bridge.expert, "all", Filters()), work_list(bridge.expert, "check", Filters())
    for statement in map(str, (each.query for each in rows)):
        assert "former_writers" in statement
        assert not re.search(r'"written_by_id" = \S+ OR \S+"person_id"', statement)


@pytest.mark.parametrize("name", ["writer", "second"])
def test_reports_in_hand_are_found_among_the_unsigned(bridge, mixed, name):
    actor = getattr(bridge, name)
    rows = reports_in_hand(actor)
    expected = {*reports_to_check_by(actor), *reports_to_write_by(actor)}

    assert expected
    assert set(rows) == expected
    assert '"consult_bridge_report"."signed_at" IS NULL' in str(rows.query)


@pytest.mark.parametrize("name", ["requester", "coordinator"])
def test_bars_are_found_among_the_critical_values_that_wait(bridge, name):
    with CaptureQueriesContext(connection) as queries:
        bars_for(getattr(bridge, name))

    assert [query["sql"].count('"consult_bridge_criticalvalue"."state" = \'awaiting\'') for query in queries] == [1]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "name"), [(Opinion, "opinion_correction_unsigned"), (Report, "report_unsigned")])
def test_unsigned_texts_have_an_index_of_their_own(model, name):
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, model._meta.db_table)

    assert (constraints[name]["columns"], constraints[name]["unique"]) == (["consult_id"], False)


@pytest.mark.parametrize(("role", "tabs"), [("coordinator", ("triage", "team")), ("expert", ("report", "team"))])
def test_who_holds_a_role_above_the_hospital_finds_what_its_own_people_find(bridge, mixed, role, tabs):
    # given somebody whose role begins at the authority of the province, and is told of each new consult
    above, own = make_actor(make_person(bridge.province, role)), getattr(bridge, role)
    # then the lists hold what the hospital's own people find in them
    for tab in tabs:
        found = set(work_list(above, tab, Filters()).values_list("pk", flat=True))
        assert found
        assert found == expected_of(own, tab)


def expected_of(own: Actor, tab: str) -> set[UUID]:
    """But for what is somebody's own: reports that this person has begun."""
    rows = set(work_list(own, tab, Filters()).values_list("pk", flat=True))
    mine = reports_to_write_by(own).values_list("consult_id", flat=True)
    return rows - set(mine) if tab == "report" else rows


def test_each_row_to_check_is_one_that_the_rule_allows_also_above_the_hospital(bridge, mixed):
    above = make_actor(make_person(bridge.province, "expert"))
    reports = list(reports_to_check_by(above))
    assert reports
    assert reports == [report for report in Report.unscoped.order_by("created_at", "id") if may_check(above, report)]
    checked = set(work_list(above, "check", Filters()).values_list("state", flat=True))
    assert "under_review" in checked


def test_who_asks_above_the_hospital_finds_what_waits_for_it(bridge, mixed):
    above = make_actor(make_person(bridge.province, "requester"))
    found = set(waits_for_requester(above).values_list("pk", flat=True))
    assert found == set(waits_for_requester(bridge.requester).values_list("pk", flat=True))
    assert found
