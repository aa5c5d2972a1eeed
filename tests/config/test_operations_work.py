"""Failed work: listed without a word of a patient, tried again by the system administrator; stuck events are told."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.audit.models import AuditEntry
from core.jobs import registry, running
from core.jobs.models import Job
from core.notify import Kind, kinds, notify, register_kind
from core.notify.models import Notification
from core.outbox import delivery
from core.outbox.models import OutboxEvent
from core.outbox.selectors import ALARM_AFTER
from tests.factories.panels import panel_of, titles_of
from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
WORK = "/operations/work/"
PATIENT = "闻人映川"


@pytest.fixture
def hospital():
    return make_organisation()


@pytest.fixture
def admin(hospital):
    return make_person(hospital, "system_admin", language="en")


@pytest.fixture
def told(monkeypatch, hospital):
    """A kind that leaves by e-mail, one that also goes by text message, and somebody who is told of both."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    register_kind(Kind("test.calm", "Something can wait.", channels={"app", "email"}))
    register_kind(Kind("test.pressing", "A critical value waits.", channels={"app", "email", "sms"}))
    person = make_person(hospital, email="doctor@example.org")

    def tell(kind: str, now) -> Job:
        notify(person_ids=[person.pk], kind=kind, params={}, url="/home/", now=now)
        return Job.objects.get()

    return tell


def dead(path: str, **fields) -> Job:
    now = timezone.now()
    values = {"name": "media_pipeline.ingest", "error_code": "unavailable", "error_text": f"{PATIENT} 的影像没有读到。"}
    times = {"run_after": now, "created_at": now, "finished_at": now}
    return Job.objects.create(state="dead", organisation_path=path, attempts=5, **(values | times | fields))


def waiting(attempts: int) -> OutboxEvent:
    return OutboxEvent.objects.create(
        event_type="consult_bridge.ConsultClosed", occurred_at=timezone.now(), attempts=attempts,
        retry_at=timezone.now(), last_error="lms.note: OperationalError",
    )  # fmt: skip


def test_failed_work_is_listed_by_kind_of_error_and_tried_again(admin, hospital):
    # Given work that was given up, whose text quotes a patient
    row = dead(hospital.path)
    browser = sign_in(Client(), admin)
    # When the administrator looks
    page = browser.get(WORK).content.decode()
    # Then it stands there without the patient, in the list and on the first screen
    assert ("media_pipeline.ingest" in page, "unavailable" in page, PATIENT in page) == (True, True, False)
    assert [line.meta for line in panel_of(admin, "operations_panel").lines] == [("unavailable",)]
    # When it is tried again, by a double click
    for _click in range(2):
        assert browser.post(f"{WORK}{row.pk}/again/")["Location"] == WORK
    # Then it waits with a new set of attempts, and the trail says who
    row.refresh_from_db()
    kind = registry.kind_of("media_pipeline.ingest")
    assert (row.state, row.attempts, row.max_attempts, row.error_text) == ("queued", 0, kind.max_attempts, "")
    entry = AuditEntry.objects.get(action="job.revived")
    assert (entry.actor_id, entry.subject_id) == (admin.pk, str(row.pk))
    assert entry.details == {"job": "media_pipeline.ingest", "code": "unavailable"}
    assert "No failed work" in browser.get(WORK).content.decode()


def test_only_the_system_administrator_of_the_place_tries_again(hospital):
    row = dead(hospital.path)
    strangers = [
        make_person(hospital, "security_admin"),
        make_person(hospital, "audit_admin"),
        make_person(hospital, "requester"),
        make_person(make_organisation(hospital), "system_admin"),
    ]
    answers = [sign_in(Client(), person).post(f"{WORK}{row.pk}/again/").status_code for person in strangers]
    assert answers == [403, 403, 403, 404]
    row.refresh_from_db()
    assert (row.state, AuditEntry.objects.filter(action="job.revived").count()) == ("dead", 0)


@pytest.mark.parametrize(("kind", "name", "pause"), [
    ("test.calm", "core.notify.send_outside", timedelta(minutes=15)),
    ("test.pressing", "core.notify.send_pressing", timedelta(minutes=1)),
])  # fmt: skip
def test_a_mail_server_that_is_away_for_most_of_a_day_loses_nothing(told, now, monkeypatch, kind, name, pause):
    # Given a server that does not answer
    row = told(kind, now)
    assert row.name == name
    with monkeypatch.context() as away:
        away.setattr("core.notify.sending.send_mail", _refuse)
        # When it stays away for 23 hours
        moment, longest = now, timedelta(0)
        while moment < now + timedelta(hours=23):
            assert running.run_job(row.pk, clock=lambda at=moment: at) == "queued"
            row.refresh_from_db()
            longest, moment = max(longest, row.run_after - moment), row.run_after
    # Then it was asked again and again, with pauses that end growing
    assert longest == pause
    # and what was to be told is sent when it is back
    assert running.run_job(row.pk, clock=lambda at=moment: at) == "succeeded"
    assert [letter.to for letter in mail.outbox] == [["doctor@example.org"]]


def test_after_a_day_it_is_no_secret_and_is_sent_when_somebody_says_so(told, now, monkeypatch, admin):
    # Given a server that is away for longer than anybody waits
    row = told("test.pressing", now)
    with monkeypatch.context() as away:
        away.setattr("core.notify.sending.send_mail", _refuse)
        moment = now
        while running.run_job(row.pk, clock=lambda at=moment: at) == "queued":
            row.refresh_from_db()
            moment = row.run_after
    assert timedelta(hours=24) <= moment - now < timedelta(hours=25)
    # Then the first screen says so
    assert titles_of(admin, "operations_panel") == ["core.notify.send_pressing"]
    # and tried again it is sent
    sign_in(Client(), admin).post(f"{WORK}{row.pk}/again/")
    assert running.run_job(row.pk) == "succeeded"
    assert (len(mail.outbox), Notification.objects.get().emailed_at is not None) == (1, True)


def _refuse(*args, **kwargs):
    raise SMTPServerDisconnected


def test_an_event_that_does_not_get_through_is_told_and_fails_no_readiness(admin, client, settings):
    settings.XINGLIN_BROKER_URL = "memory://"
    assert client.get("/readyz").json()["events"] == "ok"
    waiting(ALARM_AFTER - 1)
    assert client.get("/readyz").json()["events"] == "ok"
    oldest = waiting(ALARM_AFTER)

    ready = client.get("/readyz")

    assert (ready.status_code, ready.json()["events"]) == (200, "1 not delivered")
    panel = panel_of(admin, "operations_panel")
    assert [(f.value, f.tone) for f in panel.figures if f.label == "Events not delivered"] == [(1, "danger")]
    assert panel.lines[0].title == oldest.event_type
    page = sign_in(Client(), admin).get(WORK).content.decode()
    assert ("lms.note: OperationalError" in page, page.count("consult_bridge.ConsultClosed")) == (True, 2)


def test_attempts_of_an_event_are_counted_to_an_end_and_it_is_tried_for_ever(now):
    row = waiting(delivery.MOST_ATTEMPTS)
    OutboxEvent.objects.filter(pk=row.pk).update(event_type="gone.Away")
    assert delivery.deliver(row.pk, now=now) is False
    row.refresh_from_db()
    assert (row.attempts, row.retry_at) == (delivery.MOST_ATTEMPTS, now + delivery.LONGEST_RETRY)
