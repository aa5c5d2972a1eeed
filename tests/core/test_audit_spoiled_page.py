"""An entry spoilt by hand stands on the auditor's page and in the file as one that cannot be read; the rest goes on."""

from __future__ import annotations

import csv
import io
import json
import uuid

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actor import SYSTEM
from core.audit import record, seal_pending
from core.audit.models import AuditSeal
from tests.core.test_audit_spoiled import NO_TEXT, spoil
from tests.factories.panels import figures_of
from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
embedded = pytest.mark.embedded

DEEP = "[" * 700 + "]" * 700


@pytest.fixture
def auditor():
    return make_person(make_organisation(), "audit_admin")


@pytest.fixture
def client(auditor):
    client = sign_in(Client(), auditor)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def trail(db):
    """Three entries, the oldest first."""
    return [
        record(
            action=f"thing.{name}", actor=SYSTEM, subject_type="thing", subject_id=uuid.uuid4(),
            details={"n": 1}, now=timezone.now(),
        )
        for name in ("one", "two", "three")
    ]  # fmt: skip


def shown(client, **query) -> list[str]:
    """Of each row of things the code, or the sentence of one that cannot be read."""
    answer = client.get(reverse("audit:trail"), query)
    assert answer.status_code == 200
    rows = BeautifulSoup(answer.content, "html.parser").select(".x-trail tbody > tr")
    said = [(row.select_one("dl code") or row.select_one("strong")).get_text() for row in rows]
    return [one for one in said if one.startswith(("thing.", "Entry "))]


def sentence(key: str, columns: str) -> str:
    return f"Entry {key} cannot be read. It was changed past the software, in: {columns}."


@embedded
@pytest.mark.parametrize(
    ("column", "value", "label"),
    [
        ("at", "gestern", "Time"),
        ("at", "2026-13-01 00:00:00", "Time"),
        ("at", "9999-12-31 23:59:59", "Time"),
        ("at", 20261101, "Time"),
        ("at", NO_TEXT, "Time"),
        ("actor_id", "x", "Person’s number"),
        ("action", NO_TEXT, "Code"),
        ("action", memoryview(b"thing.two"), "Code"),
        ("subject_type", NO_TEXT, "Acted on"),
        ("subject_id", memoryview(b"x"), "Subject number"),
        ("organisation_path", NO_TEXT, "Organisation"),
        ("details", "{", "Recorded facts"),
        ("details", '{"a": "\\ud800"}', "Recorded facts"),
        ("details", '{"a": ' + DEEP + "}", "Recorded facts"),
        ("details", "[" * 100_000, "Recorded facts"),
        ("details", "[1]", "Recorded facts"),
        ("details", "null", "Recorded facts"),
        ("mac", NO_TEXT, "Check value"),
        ("sealed_in", "x", "Seal"),
    ],
)
def test_a_spoilt_entry_is_named_and_the_others_are_shown(client, trail, column, value, label):
    # given something that nobody of the house wrote, in the second of three
    spoilt = trail[1]
    spoil("core_auditentry", column, value, spoilt.pk)

    # then the page names it among the others
    assert sorted(shown(client)) == sorted(["thing.one", "thing.three", sentence(str(spoilt.pk), label)])

    # and so does the file
    file = client.get(reverse("audit:trail"), {"format": "csv"})
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [line[9] for line in lines if line[10] == str(spoilt.pk)] == [sentence(str(spoilt.pk), label)]
    assert {"thing.one", "thing.three"} <= {line[3] for line in lines}


@embedded
def test_an_entry_whose_id_is_none_is_named_by_what_stands_there(client, trail, auditor):
    spoil("core_auditentry", "id", "x\n<b>", trail[0].pk)

    assert sentence("x\\n<b>", "Entry number") in shown(client)
    # and the first screen counts it among what waits for its seal, with the look at the trail
    assert figures_of(auditor, "audit:seal_panel") == [4]


def test_facts_that_are_no_record_are_named_on_every_database(client, trail):
    spoil("core_auditentry", "details", json.dumps([1]), trail[1].pk)

    assert shown(client) == ["thing.three", sentence(str(trail[1].pk), "Recorded facts"), "thing.one"]


@pytest.mark.production
def test_a_time_that_only_the_database_knows_is_named(client, trail):
    spoil("core_auditentry", "at", "infinity", trail[1].pk)

    assert shown(client)[0] == sentence(str(trail[1].pk), "Time")


@embedded
@pytest.mark.parametrize("value", ["gestern", "9999-12-31 23:59:59", NO_TEXT])
def test_a_seal_whose_time_cannot_be_read_is_said_on_the_page_and_on_the_first_screen(client, trail, auditor, value):
    seal_pending(now=timezone.now())
    newest = AuditSeal.objects.order_by("-id").values_list("pk", flat=True)[0]
    spoil("core_auditseal", "sealed_at", value, newest)

    page = client.get(reverse("audit:trail")).content.decode()

    assert "The last seal cannot be read" in page
    assert "Nothing sealed yet" not in page
    assert figures_of(auditor, "audit:seal_panel")[:2] == ["cannot be read", "does not match"]


def test_a_spoilt_entry_is_named_in_chinese_too(client, trail):
    spoil("core_auditentry", "details", json.dumps([1]), trail[1].pk)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"

    page = client.get(reverse("audit:trail")).content.decode()

    assert f"记录 {trail[1].pk} 无法读取：有人绕过软件改动了记录内容。" in page
