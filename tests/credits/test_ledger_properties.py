"""Whatever is entered and taken back, in whatever order: the balance is the sum of the lines, and no line changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actor import Actor
from core.errors import XinglinError
from core.ids import uuid7
from credits import api
from credits.models import CreditEntry
from credits.services import crediting

pytestmark = pytest.mark.django_db

SOURCES = ("course-a", "course-b", "course-c")
CREDITS = st.decimals(min_value=0, max_value=20, places=2)
STEPS = st.one_of(
    st.tuples(st.just("enter"), st.sampled_from(SOURCES), CREDITS),
    st.tuples(st.just("reverse"), st.integers(0, 5), st.sampled_from(["重复入账", "", "  "])),
    st.tuples(st.just("reverse_again"), st.integers(0, 5), st.just("再来")),
    st.tuples(st.just("change"), st.integers(0, 5), CREDITS),
    st.tuples(st.just("remove"), st.integers(0, 5), st.none()),
)


def lines() -> list[dict[str, Any]]:
    return [dict(line) for line in CreditEntry.unscoped.order_by("id").values()]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=12))
def test_any_sequence_leaves_a_ledger_that_adds_up(entry, completion, learner, officer, now, steps) -> None:
    with transaction.atomic():
        for verb, what, value in steps:
            before = lines()
            try:
                with transaction.atomic():
                    act(verb, what, value, entry=entry, officer=officer, now=now)
            except (XinglinError, DatabaseError):
                assert lines() == before
            after = {line["id"]: line for line in lines()}
            # no line changes or disappears, at most one is new
            assert all(after[line["id"]] == line for line in before)
            assert len(after) - len(before) in {0, 1}
            check_sums(learner.pk, entry.earned_on.year)
        # entering the same completion once more meets its own line
        held = lines()
        assert crediting.credit_completion(completion_id=completion.pk, now=now).pk == entry.pk
        assert lines() == held
        transaction.set_rollback(True)


def act(verb: str, what: Any, value: Any, *, entry: CreditEntry, officer: Actor, now: Any) -> None:
    if verb == "enter":
        enter(entry, what, value, now)
        return
    rows = list(CreditEntry.unscoped.filter(reverses__isnull=True).order_by("id"))
    row = rows[what % len(rows)]
    if verb == "change":
        CreditEntry.unscoped.filter(pk=row.pk).update(credits=value)
    elif verb == "remove":
        CreditEntry.unscoped.filter(pk=row.pk).delete()
    else:
        key = uuid7()
        for _time in range(2 if verb == "reverse_again" else 1):
            crediting.reverse_entry(actor=officer, entry_id=row.pk, reason=value, reversal_id=key, now=now)


def enter(entry: CreditEntry, source: str, credits: Decimal, now: Any) -> None:
    """A line from another source, as an importer of another activity would write it."""
    CreditEntry(
        person_id=entry.person_id,
        organisation_id=entry.organisation_id,
        scheme_version_id=entry.scheme_version_id,
        activity_id=entry.activity_id,
        source=source,
        credits=credits,
        hours=credits * 3,
        earned_on=entry.earned_on,
        entered_at=now,
    ).save(force_insert=True)


def check_sums(person_id: Any, year: int) -> None:
    """Summed here, line by line: SQLite adds decimals as floats."""
    rows = list(CreditEntry.unscoped.filter(person=person_id))
    shown = api.get_transcript(person_id, year)
    assert (shown.credits, shown.hours) == (sum(row.credits for row in rows), sum(row.hours for row in rows))
    reversed_ids = {row.reverses_id for row in rows}
    standing = [row for row in rows if row.reverses_id is None and row.pk not in reversed_ids]
    assert shown.credits == sum(row.credits for row in standing)
    keys = [(row.source, row.scheme_version_id) for row in rows]
    assert len(keys) == len(set(keys))


def test_a_source_is_entered_once_for_a_person_and_a_scheme_version(entry, now) -> None:
    before = lines()

    with pytest.raises(IntegrityError), transaction.atomic():
        enter(entry, entry.source, Decimal("1.00"), now)

    assert lines() == before
