"""Whoever writes something unreadable into one row hides no other: each is named, the rest is checked and counted."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core.actor import Actor
from core.audit import record, seal_pending
from core.audit.models import AuditEntry, AuditSeal
from core.audit.selectors import newest_link_holds
from core.audit.verifying import Verification, made_at

pytestmark = pytest.mark.django_db
embedded = pytest.mark.embedded

DOCTOR = Actor(person_id=UUID("0191a000-0000-7000-8000-000000000001"), name="周明")
COUNTY, OTHER_COUNTY = "0001/0002/0003/", "0001/0002/0009/"
NESTED = "[" * 100_000
NO_TEXT = b"\xff\xfe"


@pytest.fixture(autouse=True)
def own_heads(settings, tmp_path):
    settings.XINGLIN_AUDIT_HEADS = tmp_path / "heads.jsonl"
    return settings.XINGLIN_AUDIT_HEADS


@pytest.fixture
def real_now():
    """Entry ids carry the real time, so these tests live now."""
    return timezone.now()


@pytest.fixture
def trail(real_now):
    """One chain of three links with one entry each, in the order of their making."""
    made = []
    for _ in range(3):
        made.append(
            record(
                action="consult.submitted", actor=DOCTOR, subject_type="consult", subject_id=uuid.uuid4(),
                organisation_path=COUNTY, details={"n": 1}, now=real_now,
            )
        )  # fmt: skip
        seal_pending(now=real_now)
    return made


def happen(now, path=COUNTY):
    return record(action="a", actor=DOCTOR, subject_type="b", subject_id="c", organisation_path=path, now=now)


def key_of(identifier):
    return identifier.hex if connection.vendor == "sqlite" else identifier


def spoil(table, column, value, pk):
    """As by hand. A text that is no UTF-8 cannot be a parameter, and JSON is checked unless one says otherwise."""
    place = "CAST(%s AS TEXT)" if value == NO_TEXT else "%s"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(f"UPDATE {table} SET {column} = {place} WHERE id = %s", [value, key_of(pk)])  # noqa: S608
        assert cursor.rowcount == 1
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def faults(now):
    return [(fault.code, fault.subject) for fault in Verification(now + timedelta(seconds=30)).faults()]


def told(capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit")
    assert stopped.value.code == 1
    return capsys.readouterr().out.splitlines()


ENTRY_VALUES = [
    ("at", "gestern"),
    ("at", "2026-13-01 00:00:00"),
    ("at", 20261101),
    ("at", "0001-01-01 00:00:00+23:00"),
    ("at", NO_TEXT),
    ("actor_id", "x"),
    ("actor_id", memoryview(b"x")),
    ("action", memoryview(b"consult.submitted")),
    ("action", NO_TEXT),
    ("subject_type", memoryview(b"consult")),
    ("subject_id", NO_TEXT),
    ("organisation_path", memoryview(COUNTY.encode())),
    ("details", "{"),
    ("details", NESTED),
    ("details", 1.5),
    ("details", memoryview(b"\xff")),
    ("mac", memoryview(b"AAAA")),
    ("mac", NO_TEXT),
    ("mac", "é"),
]


@embedded
@pytest.mark.parametrize(("column", "value"), ENTRY_VALUES)
def test_an_unreadable_entry_is_named_and_hides_no_other(trail, real_now, capsys, column, value):
    # given something unreadable in the first entry, and an edit by hand in the last
    first, _second, last = trail
    spoil("core_auditentry", column, value, first.pk)
    spoil("core_auditentry", "action", "nothing.happened", last.pk)
    # when and then
    assert faults(real_now) == [("entry_changed", str(first.pk)), ("entry_changed", str(last.pk))]
    lines = told(capsys)
    assert [line.split(":")[0] for line in lines[:-1]] == [f"entry_changed {entry.pk}" for entry in (first, last)]
    assert lines[-1] == "audit: 3 entries, 3 seals, 1 chains, 2 faults"


@embedded
@pytest.mark.parametrize("form", ["x", "0191a000", "dashed", "upper"])
def test_an_entry_whose_id_is_none_is_named_by_what_stands_there(trail, real_now, capsys, form):
    # given an id that is none, or is written in a form that the database never uses
    pk = trail[0].pk
    written = {"dashed": str(pk), "upper": pk.hex.upper()}.get(form, form)
    spoil("core_auditentry", "id", written, pk)
    # then what the link lists is missing, and what stands there is named
    assert faults(real_now) == [("entry_removed", str(pk)), ("entry_changed", written)]
    assert told(capsys)[-1] == "audit: 3 entries, 3 seals, 1 chains, 2 faults"


@embedded
@pytest.mark.parametrize("mark", ["x", "", 7, NO_TEXT])
def test_a_mark_that_cannot_be_read_is_found_like_one_that_names_no_link(trail, real_now, mark):
    spoil("core_auditentry", "sealed_in", mark, trail[0].pk)
    assert faults(real_now) == [("entry_mark_wrong", str(trail[0].pk))] * 2


@embedded
def test_an_entry_that_waits_with_an_unreadable_column_is_found(real_now):
    entry = record(action="a", actor=DOCTOR, subject_type="b", subject_id="c", now=real_now)
    spoil("core_auditentry", "at", "gestern", entry.pk)
    assert faults(real_now) == [("entry_changed", str(entry.pk))]


@embedded
def test_a_spoiled_entry_that_waits_keeps_no_other_from_its_seal(real_now):
    # given two entries that wait, one with a month that no year has
    spoilt, whole = [record(action="a", actor=DOCTOR, subject_type="b", subject_id="c", now=real_now) for _ in range(2)]
    spoil("core_auditentry", "at", "2026-13-01 00:00:00", spoilt.pk)
    # when
    assert seal_pending(now=real_now) == 2
    # then both are sealed, and the one is still named
    assert AuditEntry.objects.filter(pk=whole.pk, sealed_in__isnull=False).exists()
    assert faults(real_now) == [("entry_changed", str(spoilt.pk))]


UNSEALABLE = [
    ("id", "x"),
    ("id", "upper"),
    ("mac", memoryview(b"AAAA")),
    ("mac", NO_TEXT),
    ("organisation_path", memoryview(COUNTY.encode())),
    ("organisation_path", NO_TEXT),
]


@embedded
@pytest.mark.parametrize(("column", "value"), UNSEALABLE)
def test_an_entry_that_cannot_be_sealed_keeps_no_other_waiting(real_now, column, value):
    # given one entry that holds nonsense in what a seal reads, and others that wait in its own chain and in another
    spoilt, beside, elsewhere = happen(real_now), happen(real_now), happen(real_now, OTHER_COUNTY)
    value = spoilt.pk.hex.upper() if value == "upper" else value
    spoil("core_auditentry", column, value, spoilt.pk)
    # when
    assert seal_pending(now=real_now) == 2
    # then they are sealed, the one waits, and is named
    sealed = AuditEntry.objects.filter(sealed_in__isnull=False).order_by("id")
    assert list(sealed.values_list("pk", flat=True)) == [beside.pk, elsewhere.pk]
    assert faults(real_now) == [("entry_changed", value if column == "id" else str(spoilt.pk))]
    # and the next round has nothing to do
    assert seal_pending(now=real_now) == 0


@embedded
def test_more_spoiled_entries_than_a_batch_takes_keep_no_other_waiting(real_now, monkeypatch, caplog):
    monkeypatch.setattr("core.audit.sealing.BATCH", 2)
    monkeypatch.setattr("core.audit.sealing._said", set())
    # given five entries of which the first, the second and the fourth cannot be sealed
    waiting = [happen(real_now) for _ in range(5)]
    for position in (0, 1, 3):
        spoil("core_auditentry", "mac", memoryview(b"x"), waiting[position].pk)
    # when and then
    assert seal_pending(now=real_now) == 2
    assert [AuditEntry.objects.filter(pk=entry.pk, sealed_in__isnull=True).exists() for entry in waiting] == [
        True, True, False, True, False,
    ]  # fmt: skip
    assert [line.getMessage() for line in caplog.records] == [
        "the seal passes over entries that cannot be read: verify_audit says which rows"
    ]


SEAL_VALUES = [
    ("day", "x"),
    ("day", "2026-13-01"),
    ("day", NO_TEXT),
    ("sequence", "x"),
    ("sequence", 1.5),
    ("chain", memoryview(COUNTY.encode())),
    ("previous_head", memoryview(b"")),
    ("members", "["),
    ("members", NESTED),
    ("head", memoryview(b"x")),
    ("signature", memoryview(b"x")),
    ("sealed_at", "x"),
    ("sealed_at", 5),
    ("exported_at", "x"),
    ("exported_at", "2026-13-01 00:00:00"),
]


@embedded
@pytest.mark.parametrize(("column", "value"), SEAL_VALUES)
def test_an_unreadable_seal_is_named_and_hides_nothing(trail, real_now, capsys, column, value):
    # given something unreadable in the last link, and an edit by hand in an entry that it lists
    newest = AuditSeal.objects.order_by("-sequence").values_list("pk", flat=True)[0]
    spoil("core_auditseal", column, value, newest)
    spoil("core_auditentry", "action", "nothing.happened", trail[2].pk)
    # when and then
    assert faults(real_now) == [("seal_changed", str(newest)), ("entry_changed", str(trail[2].pk))]
    assert told(capsys)[-1].endswith(", 2 faults")
    assert newest_link_holds() is False


def stops_its_own_chain_alone(now, heads_file, column, value):
    # given a chain whose last link cannot be followed, and an entry that waits in it and one in another chain
    newest = AuditSeal.objects.order_by("-sequence")[0]
    value = newest.day.strftime("%G-W%V-%u") if value == "as a week" else value
    spoil("core_auditseal", column, value, newest.pk)
    behind, elsewhere = happen(now), happen(now, OTHER_COUNTY)
    # when
    assert seal_pending(now=now) == 1
    # then the other chain is sealed and stands in the file, and the link is named
    assert AuditEntry.objects.filter(pk=elsewhere.pk, sealed_in__isnull=False).exists()
    assert json.loads(heads_file.read_text().splitlines()[-1])["chain"] == OTHER_COUNTY
    assert ("seal_changed", str(newest.pk)) in faults(now)
    # and once the link is as it was, its chain goes on
    spoil("core_auditseal", column, getattr(newest, column), newest.pk)
    assert seal_pending(now=now) == 1
    assert AuditEntry.objects.filter(pk=behind.pk, sealed_in__isnull=False).exists()
    assert faults(now) == []


@embedded
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("day", "x"),
        ("day", NO_TEXT),
        ("day", "as a week"),
        ("sequence", "x"),
        ("sequence", 2**63 - 1),
        ("head", memoryview(b"x")),
        ("head", NO_TEXT),
    ],
)
def test_a_last_link_that_nothing_can_follow_stops_its_own_chain_alone(trail, real_now, own_heads, column, value):
    stops_its_own_chain_alone(real_now, own_heads, column, value)


@pytest.mark.production
@pytest.mark.parametrize(("column", "value"), [("day", "infinity"), ("sequence", 2**31 - 1)])
def test_so_does_one_beyond_every_day_or_number_of_the_database(trail, real_now, own_heads, column, value):
    stops_its_own_chain_alone(real_now, own_heads, column, value)


@embedded
def test_a_last_link_whose_id_is_none_is_followed_by_its_place(trail, real_now):
    # given an id that is none, which no successor is made from
    newest = AuditSeal.objects.order_by("-sequence")[0]
    spoil("core_auditseal", "id", "x", newest.pk)
    happen(real_now), happen(real_now, OTHER_COUNTY)
    # when
    assert seal_pending(now=real_now) == 2
    # then
    following = AuditSeal.objects.get(chain=COUNTY, sequence=4)
    assert following.previous_head == newest.head
    assert faults(real_now)[0] == ("seal_changed", "x")


@embedded
@pytest.mark.parametrize(
    ("column", "value"),
    [("id", "x"), ("day", "x"), ("sequence", "x"), ("head", NO_TEXT), ("members", "5"), ("sealed_at", "x")],
)
def test_a_spoiled_link_keeps_no_other_out_of_the_file_of_heads(real_now, settings, tmp_path, own_heads, column, value):
    # given the links of two chains that wait for the file, one of them spoiled
    happen(real_now), happen(real_now, OTHER_COUNTY)
    settings.XINGLIN_AUDIT_HEADS = tmp_path
    with pytest.raises(OSError, match="directory"):
        seal_pending(now=real_now)
    settings.XINGLIN_AUDIT_HEADS = own_heads
    spoilt = AuditSeal.objects.get(chain=COUNTY).pk
    spoil("core_auditseal", column, value, spoilt)
    # when
    seal_pending(now=real_now)
    # then the other stands in the file, and the spoiled one is named
    assert [json.loads(line)["chain"] for line in own_heads.read_text().splitlines()] == [OTHER_COUNTY]
    assert ("seal_changed", value if column == "id" else str(spoilt)) in faults(real_now)


@embedded
def test_a_seal_whose_id_is_none_hides_no_entry_that_claims_it(trail, real_now):
    # given the same nonsense as a link's id and as the mark of the entry it lists
    first = AuditSeal.objects.order_by("sequence").values_list("pk", flat=True)[0]
    spoil("core_auditseal", "id", "x", first)
    spoil("core_auditentry", "sealed_in", "x", trail[0].pk)
    # then link and entry are named, and by the file of heads the link that was there
    assert faults(real_now) == [
        ("seal_changed", "x"),
        ("seal_removed", str(first)),
        ("entry_mark_wrong", str(trail[0].pk)),
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [("head", "international:é"), ("signature", "é:é:é"), ("members", '{"a": 1}'), ("members", "[[1, 2]]")],
)
def test_a_seal_of_readable_nonsense_is_named(trail, real_now, column, value):
    newest = AuditSeal.objects.order_by("-sequence")[0].pk
    spoil("core_auditseal", column, value, newest)
    assert ("seal_changed", str(newest)) in faults(real_now)


def test_an_id_beyond_every_time_is_an_edited_entry(real_now):
    entry = record(action="a", actor=DOCTOR, subject_type="b", subject_id="c", now=real_now)
    late = UUID(int=2**128 - 1)
    spoil("core_auditentry", "id", key_of(late), entry.pk)
    assert faults(real_now) == [("entry_changed", str(late))]
    assert made_at(late).year == 9999


@pytest.mark.production
@pytest.mark.parametrize(("column", "value"), [("at", "infinity"), ("at", "0044-03-15 00:00:00 BC")])
def test_a_time_that_only_the_database_knows_is_an_edited_entry(trail, real_now, column, value):
    spoil("core_auditentry", column, value, trail[0].pk)
    spoil("core_auditentry", "action", "nothing.happened", trail[2].pk)
    assert faults(real_now) == [("entry_changed", str(trail[0].pk)), ("entry_changed", str(trail[2].pk))]


HEAD = {"chain": COUNTY, "day": "2026-11-22", "sequence": 9, "seal": "s", "head": "h", "signature": "g"}


@pytest.mark.parametrize(
    "line",
    [
        json.dumps(HEAD | {"chain": [COUNTY]}),
        json.dumps(HEAD | {"chain": 1}),
        json.dumps(HEAD | {"sequence": "9"}),
        json.dumps(HEAD | {"sequence": True}),
        json.dumps(HEAD | {"seal": {}}),
        json.dumps([HEAD]),
        NESTED,
        "9" * 5000,
    ],
)
def test_a_line_of_the_heads_file_that_is_no_head_hides_nothing(trail, real_now, own_heads, capsys, line):
    # given such a line before the others, and an edit by hand
    own_heads.write_text(line + "\n" + own_heads.read_text())
    spoil("core_auditentry", "action", "nothing.happened", trail[2].pk)
    # then
    assert faults(real_now) == [("head_wrong", "line 1"), ("entry_changed", str(trail[2].pk))]
    assert told(capsys)[-1] == "audit: 3 entries, 3 seals, 1 chains, 2 faults"


def test_what_somebody_wrote_into_an_id_fakes_no_line(trail, own_heads, capsys):
    # given a head whose names hold a line's end, letters that no terminal shows, and very many
    seal = "x\naudit: 3 entries, 3 seals, 1 chains, 0 faults\ud800" + "y" * 1000
    own_heads.write_text(own_heads.read_text() + json.dumps(HEAD | {"seal": seal}) + "\n")
    # then it stays one line
    lines = told(capsys)
    assert len(lines) == 2
    assert lines[0].startswith("seal_removed x\\naudit: 3 entries, 3 seals, 1 chains, 0 faults\\ud800yyy")
    assert lines[1] == "audit: 3 entries, 3 seals, 1 chains, 1 faults"


def test_a_file_of_heads_that_cannot_be_read_leaves_the_rest_to_be_checked(trail, real_now, settings, tmp_path):
    settings.XINGLIN_AUDIT_HEADS = tmp_path
    spoil("core_auditentry", "action", "nothing.happened", trail[2].pk)
    found = faults(real_now)
    assert found[0] == ("head_wrong", "file")
    assert found[-1] == ("entry_changed", str(trail[2].pk))
