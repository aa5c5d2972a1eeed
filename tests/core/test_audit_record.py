"""Recording: inserted with a MAC in the caller's transaction, never changed through the ORM."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from core import crypto
from core.actor import SYSTEM, Actor
from core.audit import AuditIsAppendOnly, Happening, canonical, record, record_many
from core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

DOCTOR = Actor(person_id=UUID("0191a000-0000-7000-8000-000000000001"), name="周明")


def entry_of(now, **changes):
    values = {
        "action": "consult.submitted",
        "actor": DOCTOR,
        "subject_type": "consult",
        "subject_id": UUID("0191a000-0000-7000-8000-000000000002"),
        "organisation_path": "0001/0002/0003/",
        "details": {"urgency": "stat", "files": 2},
        "now": now,
    }
    return record(**(values | changes))


def test_an_entry_keeps_what_happened_and_its_mac_holds(now):
    made = entry_of(now)
    kept = AuditEntry.objects.get(pk=made.pk)
    assert (kept.action, kept.actor_id, kept.subject_id) == ("consult.submitted", DOCTOR.person_id, made.subject_id)
    assert (kept.at, kept.details, kept.sealed_in) == (now, {"urgency": "stat", "files": 2}, None)
    crypto.check_mac(canonical.entry_bytes(kept), base64.urlsafe_b64decode(kept.mac), purpose="audit")


def test_the_canonical_form_is_fixed(now):
    entry = AuditEntry(
        id=UUID("0191a000-0000-7000-8000-00000000000a"),
        at=now.astimezone(timezone(timedelta(hours=8))),
        action="a.b",
        actor_id=None,
        subject_type="s",
        subject_id="1",
        organisation_path="",
        details={"z": "杏", "a": None},
    )
    assert canonical.entry_bytes(entry).decode() == (
        '["audit-entry/1","0191a000-0000-7000-8000-00000000000a","2026-11-22T03:22:00.000000Z","a.b",null,"s","1","",'
        '{"a":null,"z":"杏"}]'
    )


def test_values_without_an_exact_form_are_refused(now):
    for details, error in (({"x": 0.1}, TypeError), ({"x": b"1"}, TypeError), ({"x": "a\0b"}, ValueError)):
        with pytest.raises(error):
            entry_of(now, details=details)
    with pytest.raises(ValueError, match="time zone"):
        entry_of(datetime(2026, 11, 22))
    assert AuditEntry.objects.count() == 0


def test_ids_decimals_and_sets_are_kept_as_text(now):
    some = uuid4()
    made = entry_of(now, details={"id": some, "credits": Decimal("2.50"), "roles": {"b", "a"}, "at": now})
    assert AuditEntry.objects.get(pk=made.pk).details == {
        "id": str(some),
        "credits": "2.50",
        "roles": ["a", "b"],
        "at": "2026-11-22T03:22:00.000000Z",
    }


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_no_entry(now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        entry_of(now)
        _ = 1 / 0
    assert AuditEntry.objects.count() == 0


def test_the_orm_refuses_to_change_or_delete(now):
    made = entry_of(now)
    made.action = "consult.declined"
    attempts = (
        made.save,
        made.delete,
        lambda: AuditEntry.objects.update(action="x"),
        AuditEntry.objects.filter(pk=made.pk).delete,
        lambda: AuditEntry.objects.bulk_update([made], ["action"]),
        lambda: AuditEntry.objects.update_or_create(pk=made.pk, defaults={"action": "x"}),
        lambda: AuditEntry.objects.mark(action="x"),
    )
    for attempt in attempts:
        with pytest.raises(AuditIsAppendOnly):
            attempt()
    assert AuditEntry.objects.get().action == "consult.submitted"


def test_thousands_are_recorded_in_few_statements(now, django_assert_max_num_queries):
    happenings = [Happening("a.b", SYSTEM, "thing", uuid4(), now, "0001/", {"n": n}) for n in range(2500)]
    with django_assert_max_num_queries(40):
        assert record_many(happenings) == 2500
    assert AuditEntry.objects.count() == 2500
