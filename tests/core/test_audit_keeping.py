"""The sealer's round: what it survives, what it says, and what it does at its end."""

from __future__ import annotations

import uuid
from threading import Event
from uuid import UUID

import pytest
from django.db import OperationalError
from django.utils import timezone

import config.celery
from core.actor import Actor
from core.audit import keeping, record, seal_pending
from core.audit.models import AuditEntry
from core.audit.verifying import Verification

pytestmark = pytest.mark.django_db(transaction=True)

DOCTOR = Actor(person_id=UUID("0191a000-0000-7000-8000-000000000001"), name="周明")
FAILED = "the audit trail was not sealed in this round; the next one tries again"


@pytest.fixture(autouse=True)
def own_heads(settings, tmp_path):
    settings.XINGLIN_AUDIT_HEADS = tmp_path / "logs" / "heads.jsonl"


@pytest.fixture
def one_entry():
    return record(
        action="consult.submitted", actor=DOCTOR, subject_type="consult", subject_id=uuid.uuid4(), now=timezone.now()
    )


def unsealed():
    return AuditEntry.objects.filter(sealed_in__isnull=True).count()


class Rounds:
    """An end that comes after the last of `deeds`; each is done before the round with its number."""

    def __init__(self, *deeds):
        self.deeds = list(deeds)

    def wait(self, _seconds):
        if not self.deeds:
            return True
        self.deeds.pop(0)()
        return False


def test_an_end_seals_once_more(one_entry):
    # given a sealer that is told to end before its first round
    end = Event()
    end.set()
    # when
    assert keeping.keep_sealing(end, every=3600.0) is True
    # then what was recorded is sealed
    assert unsealed() == 0


def test_keys_that_are_away_for_a_while_end_nothing_and_are_logged_once(keys, one_entry, caplog):
    # given a key folder that is away for three rounds and then back
    away = keys.with_name("away")
    waiting = []
    rounds = Rounds(
        lambda: keys.rename(away),
        lambda: None,
        lambda: waiting.append(unsealed()),
        lambda: away.rename(keys),
    )
    # when
    assert keeping.keep_sealing(rounds, every=0.0) is True
    # then it was said once, and again when it was over, and everything is sealed
    assert waiting == [1]
    assert unsealed() == 0
    said = [(line.levelname, line.getMessage()) for line in caplog.records if line.name == keeping.__name__]
    assert said == [("ERROR", FAILED), ("WARNING", "the audit trail is sealed again")]
    assert list(Verification(timezone.now()).faults()) == []


def test_every_kind_of_trouble_is_logged_once_until_a_round_succeeds(one_entry, monkeypatch, caplog):
    # given rounds that fail by database, by disk and by something nobody thought of, and one that succeeds between
    troubles = [OperationalError(), OSError(), OperationalError(), RecursionError(), None, OSError()]

    def sealing(*, now):
        if trouble := troubles.pop(0):
            raise trouble
        return seal_pending(now=now)

    monkeypatch.setattr(keeping, "seal_pending", sealing)
    # when
    assert keeping.keep_sealing(Rounds(*[lambda: None] * 5), every=0.0) is False
    # then
    kinds = [line.exc_info[0] for line in caplog.records if line.getMessage() == FAILED]
    assert kinds == [OperationalError, OSError, RecursionError, OSError]
    assert unsealed() == 0


def test_a_beat_that_is_stopped_in_order_seals_at_its_end(one_entry, monkeypatch):
    # given the sealer of a beat, long before its next round
    at_exit = []
    monkeypatch.setattr(config.celery.atexit, "register", lambda *call: at_exit.append(call))
    sealing = keeping.keep_sealing
    monkeypatch.setattr(keeping, "keep_sealing", lambda end: sealing(end, 3600.0))
    config.celery.seal_beside_the_clock()
    assert unsealed() == 1
    # when its process ends
    [(last, *arguments)] = at_exit
    last(*arguments)
    # then
    assert unsealed() == 0
