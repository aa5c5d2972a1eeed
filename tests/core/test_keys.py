"""The key folder: made by a command only, written down in the database, refused when it is another's."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from config.starting import refuse_without_keys, what_is_wrong_with_keys
from core import crypto
from core.actor import SYSTEM
from core.audit import record
from core.audit.models import AuditEntry
from core.audit.sealing import seal_pending
from core.crypto.keyring import keyring
from core.keys.checks import check_keys
from core.keys.errors import KeysOfAnother
from core.keys.models import RootKeyRecord
from core.keys.selectors import SENTENCES, state_of_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(settings, tmp_path):
    """A folder that is not there, as when nothing is mounted."""
    settings.XINGLIN_KEYS_DIR = tmp_path / "unmounted"
    return settings.XINGLIN_KEYS_DIR


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def ids_written_down():
    return set(RootKeyRecord.objects.values_list("key_id", flat=True))


def test_the_command_makes_the_first_key_and_writes_it_down_once(empty, capsys):
    call_command("create_key")
    made = keyring().current()
    call_command("create_key")

    assert names(empty) == ["international-0001.key"]
    assert ids_written_down() == {made.key_id}
    assert capsys.readouterr().out.splitlines() == [
        f"key {made.key_id} (international, number 1) was made: back the key folder up, apart from the database",
        f"key {made.key_id} (international, number 1) is there and written down",
    ]
    assert list(AuditEntry.objects.values_list("action", "subject_id")) == [("key.created", made.key_id)]


def test_no_key_is_made_beside_a_database_of_another(keys, settings, tmp_path):
    # Given a database with a key written down, and a machine with an empty folder
    call_command("create_key")
    entries, rows = AuditEntry.objects.count(), ids_written_down()
    settings.XINGLIN_KEYS_DIR = other = tmp_path / "second-machine"
    # When a key is asked for there
    with pytest.raises(CommandError, match=str(KeysOfAnother.message)):
        call_command("create_key")
    with pytest.raises(CommandError, match=str(KeysOfAnother.message)):
        call_command("rotate_key")
    # Then nothing was made
    assert (names(other), AuditEntry.objects.count(), ids_written_down()) == ([], entries, rows)


def test_a_rotation_is_written_down_and_the_folder_stays_right(keys):
    call_command("create_key")
    call_command("rotate_key")
    assert ids_written_down() == {key.key_id for key in keyring().all()}
    assert (len(ids_written_down()), state_of_keys()) == (2, "ok")


def test_each_wrong_folder_is_told_and_refused(keys, settings, tmp_path, client: Client):
    # Given an installation whose key is written down
    call_command("create_key")
    settings.XINGLIN_BROKER_URL = "memory://"
    assert client.get("/readyz").json()["keys"] == "ok"
    settings.XINGLIN_IS_DEMO = False

    def answers():
        ready = client.get("/readyz", secure=True)
        [fault] = check_keys()
        return ready.status_code, ready.json()["keys"], what_is_wrong_with_keys(), fault.id, fault.msg

    for state, folder in (("missing", tmp_path / "unmounted"), ("incomplete", tmp_path / "other")):
        settings.XINGLIN_KEYS_DIR = folder
        if state == "incomplete":
            keyring().create()
        assert answers() == (503, state, str(SENTENCES[state]), "core.E002", str(SENTENCES[state]))
    # and the right folder with a newer key that the database does not know
    settings.XINGLIN_KEYS_DIR = keys
    keyring().rotate()
    assert answers()[:2] == (503, "unknown")
    call_command("create_key")
    assert (client.get("/readyz", secure=True).status_code, list(check_keys())) == (200, [])
    assert len(ids_written_down()) == 2


def test_an_older_installation_is_known_by_its_seals_until_its_keys_are_written_down(keys, settings, tmp_path, now):
    record(action="key.rotated", actor=SYSTEM, subject_type="key", subject_id="x", now=now)
    seal_pending(now=now)
    assert (state_of_keys(), ids_written_down()) == ("ok", set())
    settings.XINGLIN_KEYS_DIR = tmp_path / "other"
    keyring().create()
    assert state_of_keys() == "incomplete"
    settings.XINGLIN_KEYS_DIR = keys
    call_command("create_key")
    assert ids_written_down() == {keyring().current().key_id}


def test_the_demo_starts_and_production_refuses_without_a_key(empty, settings):
    refuse_without_keys()
    settings.XINGLIN_IS_DEMO = False
    with pytest.raises(ImproperlyConfigured, match="XINGLIN_KEYS_DIR"):
        refuse_without_keys()
    with pytest.raises(crypto.KeyMissing):
        crypto.encrypt(b"x", purpose="phone")
