"""Sealing, and finding what was done around the software."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core import crypto
from core.actor import Actor
from core.audit import heads, record, seal_pending
from core.audit.models import AuditEntry, AuditSeal
from core.audit.sealing import chain_of
from core.audit.verifying import Verification
from core.crypto.keyring import keyring

pytestmark = pytest.mark.django_db

DOCTOR = Actor(person_id=UUID("0191a000-0000-7000-8000-000000000001"), name="周明")
COUNTY_A, COUNTY_B = "0001/0002/0003/", "0001/0002/0009/"


@pytest.fixture(autouse=True)
def own_heads(settings, tmp_path):
    settings.XINGLIN_AUDIT_HEADS = tmp_path / "logs" / "heads.jsonl"
    return settings.XINGLIN_AUDIT_HEADS


@pytest.fixture
def real_now():
    """Entry ids carry the real time, so these tests live now."""
    return timezone.now()


def happen(now, path=COUNTY_A, action="consult.submitted"):
    return record(
        action=action, actor=DOCTOR, subject_type="consult", subject_id=uuid.uuid4(), organisation_path=path,
        details={"n": 1}, now=now,
    )  # fmt: skip


@pytest.fixture
def trail(real_now):
    """Two counties, three links: A, A, B."""
    first = [happen(real_now, COUNTY_A + "0004/"), happen(real_now)]
    seal_pending(now=real_now)
    second = [happen(real_now, COUNTY_A), happen(real_now, COUNTY_B + "0001/0007/")]
    seal_pending(now=real_now)
    return first + second


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount >= 1


def key_of(identifier):
    return identifier.hex if connection.vendor == "sqlite" else identifier


def faults(now):
    return [(fault.code, fault.subject) for fault in Verification(now + timedelta(seconds=30)).faults()]


def test_an_untouched_trail_has_no_fault(trail, real_now, capsys):
    assert faults(real_now) == []
    call_command("verify_audit")
    assert capsys.readouterr().out == "audit: 4 entries, 3 seals, 2 chains, 0 faults\n"


def test_links_follow_each_other_within_and_across_days(trail, real_now):
    tomorrow = real_now + timedelta(days=1)
    happen(tomorrow)
    seal_pending(now=tomorrow)
    one, two, three = AuditSeal.objects.filter(chain=COUNTY_A).order_by("day", "sequence")
    assert [one.sequence, two.sequence, three.sequence] == [1, 2, 1]
    assert [one.previous_head, two.previous_head, three.previous_head] == ["", one.head, two.head]
    assert three.day == one.day + timedelta(days=1)
    assert [len(seal.members) for seal in (one, two, three)] == [2, 1, 1]
    # and a clock that was set back continues the newest day
    happen(real_now)
    seal_pending(now=real_now)
    assert AuditSeal.objects.get(previous_head=three.head).sequence == 2
    assert [code for code, _subject in faults(tomorrow)] == []


def test_chains_belong_to_the_county_or_above():
    assert chain_of("0001/0002/0003/0004/0005/") == COUNTY_A
    assert chain_of("0001/0002/") == "0001/0002/"
    assert chain_of("") == ""


def test_an_edited_entry_is_found_at_once_and_when_sealed(trail, real_now):
    # Given one entry that is sealed and one that is not
    fresh = happen(real_now)
    for entry in (trail[0], fresh):
        sql("UPDATE core_auditentry SET action = 'nothing.happened' WHERE id = %s", key_of(entry.pk))
    assert faults(real_now) == [("entry_changed", str(trail[0].pk)), ("entry_changed", str(fresh.pk))]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2020-01-01 00:00:00+00:00"),
        ("actor_id", None),
        ("subject_id", "x"),
        ("subject_type", "x"),
        ("organisation_path", ""),
        ("details", '{"n": 2}'),
        ("mac", "AAAA"),
    ],
)
def test_every_column_is_covered(trail, real_now, column, value):
    sql(f"UPDATE core_auditentry SET {column} = %s WHERE id = %s", value, key_of(trail[1].pk))  # noqa: S608
    assert faults(real_now) == [("entry_changed", str(trail[1].pk))]


def test_a_removed_sealed_entry_is_found(trail, real_now, capsys):
    sql("DELETE FROM core_auditentry WHERE id = %s", key_of(trail[2].pk))
    assert faults(real_now) == [("entry_removed", str(trail[2].pk))]
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit")
    assert stopped.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"entry_removed {trail[2].pk}: ")
    assert lines[1] == "audit: 3 entries, 3 seals, 2 chains, 1 faults"


def test_an_entry_copied_from_elsewhere_is_found(trail, real_now):
    # Given a second entry made with the right key, put in the place of a sealed one
    copy = happen(real_now, action="consult.closed")
    sql(
        "UPDATE core_auditentry SET sealed_in = %s WHERE id = %s",
        key_of(AuditEntry.objects.get(pk=trail[0].pk).sealed_in),
        key_of(copy.pk),
    )
    assert faults(real_now) == [("entry_mark_wrong", str(copy.pk))]


def test_a_mark_that_names_no_link_is_found(trail, real_now):
    sql("UPDATE core_auditentry SET sealed_in = %s WHERE id = %s", key_of(uuid.uuid4()), key_of(trail[0].pk))
    assert faults(real_now) == [("entry_mark_wrong", str(trail[0].pk))] * 2
    sql("UPDATE core_auditentry SET sealed_in = NULL WHERE id = %s", key_of(trail[0].pk))
    assert faults(real_now) == [("entry_mark_wrong", str(trail[0].pk))]


def test_a_changed_link_is_found(trail, real_now):
    seal = AuditSeal.objects.get(chain=COUNTY_B)
    sql("UPDATE core_auditseal SET members = '[]' WHERE id = %s", key_of(seal.pk))
    assert ("seal_changed", str(seal.pk)) in faults(real_now)


def test_a_link_forged_without_the_key_is_found(trail, real_now, settings, tmp_path):
    # Given somebody who writes the database and computes digests, but holds another key
    seal = AuditSeal.objects.get(chain=COUNTY_B)
    settings.XINGLIN_KEYS_DIR, own = tmp_path / "forger", settings.XINGLIN_KEYS_DIR
    keyring().create()
    forged = str(crypto.sign(seal.head.encode(), purpose="audit"))
    settings.XINGLIN_KEYS_DIR = own
    sql("UPDATE core_auditseal SET signature = %s WHERE id = %s", forged, key_of(seal.pk))
    assert faults(real_now) == [("key_missing", str(seal.pk)), ("head_wrong", str(seal.pk))]


def test_a_removed_link_is_found_in_the_middle_and_at_the_tail(trail, real_now):
    first, second = AuditSeal.objects.filter(chain=COUNTY_A).order_by("sequence")
    tail = AuditSeal.objects.get(chain=COUNTY_B)
    for gone, members in ((first, 2), (tail, 1)):
        sql("DELETE FROM core_auditentry WHERE sealed_in = %s", key_of(gone.pk))
        sql("DELETE FROM core_auditseal WHERE id = %s", key_of(gone.pk))
        assert len(gone.members) == members
    found = faults(real_now)
    assert found == [
        ("seal_removed", str(second.pk)),  # what it follows is gone
        ("seal_removed", str(first.pk)),  # by the file of heads
        ("seal_removed", str(tail.pk)),
    ]


def test_a_cut_or_changed_file_of_heads_is_found(trail, real_now, own_heads):
    lines = own_heads.read_text().splitlines()
    changed = json.loads(lines[0]) | {"head": "international:00"}
    own_heads.write_text("\n".join([json.dumps(changed), lines[1], "garbage"]) + "\n")
    first, _second = AuditSeal.objects.filter(chain=COUNTY_A).order_by("sequence")
    missing = AuditSeal.objects.get(head=json.loads(lines[2])["head"])
    assert sorted(faults(real_now)) == sorted(
        [("head_wrong", "line 3"), ("head_wrong", str(first.pk)), ("seal_not_exported", str(missing.pk))]
    )


def test_heads_are_exported_once_more_after_a_crash_and_that_is_no_fault(trail, real_now, own_heads):
    heads.append(AuditSeal.objects.all())
    assert len(own_heads.read_text().splitlines()) == 6
    assert faults(real_now) == []


def test_heads_follow_when_the_file_could_not_be_written(real_now, settings, tmp_path, own_heads):
    happen(real_now)
    settings.XINGLIN_AUDIT_HEADS = tmp_path
    with pytest.raises(OSError, match="directory"):
        seal_pending(now=real_now)
    assert AuditSeal.objects.get().exported_at is None
    settings.XINGLIN_AUDIT_HEADS = own_heads
    assert seal_pending(now=real_now) == 0
    assert faults(real_now) == []


def test_what_waits_too_long_for_its_seal_is_found(real_now):
    entry = happen(real_now - timedelta(days=90))
    assert faults(real_now) == []
    assert [(fault.code, fault.subject) for fault in Verification(real_now + timedelta(seconds=61)).faults()] == [
        ("entry_unsealed", str(entry.pk))
    ]


def test_idle_sealing_asks_two_small_questions(trail, real_now, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert seal_pending(now=real_now) == 0


def test_many_entries_are_sealed_in_batches(real_now, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("core.audit.sealing.BATCH", 40)
    for _ in range(100):
        happen(real_now)
    with django_assert_max_num_queries(40):
        assert seal_pending(now=real_now) == 100
    assert [len(seal.members) for seal in AuditSeal.objects.order_by("sequence")] == [40, 40, 20]
    assert not AuditEntry.objects.filter(sealed_in__isnull=True).exists()
    assert faults(real_now) == []


def test_a_rotated_key_keeps_the_old_trail_verifiable(keys, real_now):
    happen(real_now)
    seal_pending(now=real_now)
    keyring().rotate()
    happen(real_now)
    seal_pending(now=real_now)
    assert faults(real_now) == []
    assert len({seal.signature.split(":")[1] for seal in AuditSeal.objects.all()}) == 2
