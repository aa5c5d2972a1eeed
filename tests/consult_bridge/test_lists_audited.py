"""Whoever reads a list of patients leaves an entry: which list, how many, never who."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit import lists, note_list
from core.audit.models import AuditEntry
from core.errors import Unavailable
from directory.models import Person
from tests.factories.consults import consult_in
from tests.factories.signing_in import sign_in

LISTS = {
    reverse("consult_bridge:consults"): "consult_bridge.consults",
    reverse("consult_bridge:latest_panel"): "consult_bridge.latest",
    reverse("consult_bridge:worklist") + "?tab=triage": "consult_bridge.worklist",
    reverse("ui:home"): "consult_bridge.tasks",
}


def read() -> list[tuple[str, dict[str, int]]]:
    entries = AuditEntry.objects.filter(action="list.read").order_by("id")
    return [(entry.subject_id, entry.details) for entry in entries]


def client_of(actor) -> Client:
    return sign_in(Client(), Person.objects.get(pk=actor.person_id))


@pytest.mark.parametrize("address", list(LISTS))
def test_a_list_is_read_once_in_a_quarter_of_an_hour(bridge, address: str) -> None:
    # given two patients who wait for triage
    patients = [consult_in(bridge, "submitted", timezone.now()).patient for _number in range(2)]
    coordinator = client_of(bridge.coordinator)
    # when the coordinator reads a list again and again
    for _time in range(3):
        text = coordinator.get(address).content.decode()
        assert all(patient.name in text for patient in patients)
    # then one entry says which list and how many, for the auditors of the coordinator's hospital
    assert read() == [(LISTS[address], {"shown": 2})]
    entry = AuditEntry.objects.get(action="list.read")
    assert (entry.actor_id, entry.subject_type) == (bridge.coordinator.person_id, "list")
    assert entry.organisation_path == bridge.coordinator.grants[0].organisation_path
    assert not any(patient.name in str(entry.details) for patient in patients)


def test_an_empty_list_shows_nobody(bridge) -> None:
    coordinator = client_of(bridge.coordinator)

    for address in LISTS:
        assert coordinator.get(address).status_code == 200

    assert read() == []


def test_each_reader_list_and_quarter_has_an_entry_of_its_own(bridge, now) -> None:
    def note(actor, name: str, minutes: int) -> None:
        note_list(actor=actor, name=name, permission="consult.view", shown=3, now=now + timedelta(minutes=minutes))

    note(bridge.coordinator, "a", 0)
    note(bridge.coordinator, "a", 1)
    note(bridge.coordinator, "b", 1)
    note(bridge.requester, "a", 1)
    note(bridge.coordinator, "a", 16)

    assert [name for name, _details in read()] == ["a", "b", "a", "a"]


def test_a_reading_that_could_not_be_recorded_is_recorded_the_next_time(bridge, now, monkeypatch) -> None:
    def fail(**_named: object) -> None:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(lists, "record", fail)
        with pytest.raises(Unavailable):
            note_list(actor=bridge.coordinator, name="a", permission="consult.view", shown=1, now=now)
    note_list(actor=bridge.coordinator, name="a", permission="consult.view", shown=1, now=now)

    assert read() == [("a", {"shown": 1})]


def test_when_the_cache_forgets_there_is_one_entry_more(bridge, now) -> None:
    for _time in range(2):
        note_list(actor=bridge.coordinator, name="a", permission="consult.view", shown=1, now=now)
        cache.clear()

    assert len(read()) == 2
