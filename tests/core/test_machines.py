"""Every machine, whatever is tried on it: it keeps to its table, and the database knows its states only."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.forms.models import model_to_dict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult_bridge.models import Consult, ConsultStep
from consult_bridge.services import moving
from consult_bridge.states import CONSULT
from core.audit.models import AuditEntry
from core.states import MACHINES, Machine, WrongState
from tests.factories.consults import consult_in, make_bridge

NAMES = sorted(MACHINES)
#: Every verb of every machine, and some that none knows.
VERBS = sorted({t.verb for machine in MACHINES.values() for t in machine.transitions} | {"", "frobnicate", "SIGN"})
CONSULT_VERBS = sorted({transition.verb for transition in CONSULT.transitions} | {"frobnicate"})


def table_of(machine: Machine) -> dict[tuple[str, str], str]:
    """Read from the transitions themselves, not from what the machine made of them."""
    return {(source, t.verb): t.target for t in machine.transitions for source in t.sources}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(events=st.lists(st.sampled_from(VERBS), max_size=30))
def test_any_sequence_of_events_keeps_to_the_table(name: str, events: list[str]) -> None:
    machine, table = MACHINES[name], table_of(MACHINES[name])
    walked = [machine.initial]
    for verb in events:
        state = walked[-1]
        assert machine.allows(state, verb) is ((state, verb) in table)
        if machine.allows(state, verb):
            walked.append(machine.check(state, verb))
        else:
            with pytest.raises(WrongState):
                machine.check(state, verb)
    assert set(walked) <= set(machine.states)
    arrows = {(source, target) for (source, _verb), target in table.items()}
    assert all(step in arrows for step in pairwise(walked))
    assert (walked[-1] in machine.final) is (machine.verbs_from(walked[-1]) == ())


@pytest.mark.parametrize("name", NAMES)
def test_every_state_can_be_reached_and_every_end_is_an_end(name: str) -> None:
    machine, table = MACHINES[name], table_of(MACHINES[name])
    reached, waiting = {machine.initial}, [machine.initial]
    while waiting:
        state = waiting.pop()
        nexts = {target for (source, _verb), target in table.items() if source == state} - reached
        reached |= nexts
        waiting += nexts
    assert reached == set(machine.states)
    assert machine.final == {state for state in machine.states if not any(source == state for source, _v in table)}


def guarded() -> list[tuple[type[models.Model], models.CheckConstraint]]:
    return [
        (model, constraint)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint) and constraint.name.endswith("_state_known")
    ]


def test_the_database_guards_exactly_the_states_of_a_machine() -> None:
    known = [sorted(machine.states) for machine in MACHINES.values()]
    guards = guarded()

    assert len(guards) >= 12
    for model, constraint in guards:
        [(_column, states)] = constraint.condition.children  # type: ignore[misc]
        assert states in known, model


@pytest.mark.django_db
def test_a_state_that_no_machine_knows_is_refused_by_the_database(now) -> None:
    consult = consult_in(make_bridge(), "submitted", now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Consult.unscoped.filter(pk=consult.pk).update(state="frobnicated")

    consult.refresh_from_db()
    assert consult.state == "submitted"


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.sampled_from(CONSULT_VERBS), min_size=5, max_size=20))
def test_a_refused_event_changes_nothing_of_a_consult(bridge_once, now, events: list[str]) -> None:
    bridge, consult = bridge_once
    with transaction.atomic():
        for verb in events:
            held = moving.lock_consult(bridge.coordinator, consult.pk)
            before, marks = stored(consult.pk), left_behind(consult.pk)
            expected = table_of(CONSULT).get((held.state, verb))
            if expected is None:
                with pytest.raises(WrongState):
                    moving.move(held, verb, actor=bridge.coordinator, now=now)
                assert (stored(consult.pk), left_behind(consult.pk)) == (before, marks)
            else:
                moving.move(held, verb, actor=bridge.coordinator, now=now)
                assert stored(consult.pk)["state"] == expected
                assert left_behind(consult.pk) == tuple(number + 1 for number in marks)
        transaction.set_rollback(True)


@pytest.fixture
def bridge_once(db, now):
    bridge = make_bridge()
    return bridge, consult_in(bridge, "submitted", now)


def stored(consult_id) -> dict[str, object]:
    return model_to_dict(Consult.unscoped.get(pk=consult_id))


def left_behind(consult_id) -> tuple[int, int]:
    """Lines of the history, entries of the trail."""
    return (
        ConsultStep.objects.filter(consult=consult_id).count(),
        AuditEntry.objects.filter(subject_id=str(consult_id)).count(),
    )
