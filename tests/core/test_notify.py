"""Telling people: once, in their language, without patient data leaving the house."""

from __future__ import annotations

import json
import stat
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from core.errors import NotFound
from core.jobs.models import Job
from core.notify import (
    Address,
    Kind,
    SmsFailed,
    address_book,
    kinds,
    mark_all_read,
    mark_read,
    notice,
    notifications_of,
    notify,
    register_address_book,
    register_kind,
    send_sms,
    unread_count,
)
from core.notify.models import Notification

pytestmark = pytest.mark.django_db

ASSIGNED = Kind(
    "test.assigned", "A consult waits for you.", "Consult %(number)s: %(days)s days left.", {"app", "email", "sms"}
)
READ = Kind("test.read", "Your course has a new edition.", "Edition %(edition)s is out.")


@pytest.fixture(autouse=True)
def own_registries(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(address_book, "_book", [])
    settings.XINGLIN_SMS_LOG = tmp_path / "logs" / "sms.log"
    settings.WAGTAILADMIN_BASE_URL = "https://xinglin.example/"
    register_kind(ASSIGNED)
    register_kind(READ)


@pytest.fixture
def people():
    make = get_user_model().objects.create_user
    return [make(name, name=name).pk for name in ("expert", "learner")]


def tell(people, now, **changes):
    values = {"person_ids": people, "kind": "test.assigned", "params": {"number": "C-7", "days": 2}, "url": "/c/7/"}
    return notify(**(values | {"now": now} | changes))


def test_each_person_reads_it_and_the_count_falls(people, now):
    expert, learner = people
    assert tell(people, now) == 2
    [row] = notifications_of(expert)
    told = notice(row)
    assert (told.subject, told.text, told.is_read) == (
        "A consult waits for you.",
        "Consult C-7: 2 days left.",
        False,
    )
    assert mark_read(person_id=expert, notification_id=row.pk, now=now) == "/c/7/"
    mark_read(person_id=expert, notification_id=row.pk, now=now + timedelta(days=1))
    row.refresh_from_db()
    assert row.read_at == now
    assert (unread_count(expert), unread_count(learner)) == (0, 1)
    assert mark_all_read(person_id=learner, now=now) == 1
    assert unread_count(learner) == 0


def test_somebody_elses_notice_is_not_found_and_stays_unread(people, now):
    expert, learner = people
    tell([expert], now)
    row = Notification.objects.get()
    with pytest.raises(NotFound):
        mark_read(person_id=learner, notification_id=row.pk, now=now)
    assert unread_count(expert) == 1


def test_the_same_key_tells_a_person_once(people, now):
    expert, learner = people
    assert tell([expert, expert], now, key="consult-7-assigned") == 1
    assert tell([expert, learner], now, key="consult-7-assigned") == 1
    assert (unread_count(expert), unread_count(learner)) == (1, 1)
    assert Job.objects.count() == 2


def test_only_the_generic_sentence_and_the_link_leave_the_house(people, now, run_jobs, settings):
    expert, learner = people
    addresses = {expert: Address("e@h.example", "13800000001", "en"), learner: Address("", "", "")}
    register_address_book(addresses.get)
    tell(people, now)
    run_jobs(now)
    [message] = mail.outbox
    assert (message.to, message.subject) == (["e@h.example"], "A consult waits for you.")
    assert "https://xinglin.example/c/7/" in message.body
    [line] = settings.XINGLIN_SMS_LOG.read_text().splitlines()
    sent = json.loads(line)
    assert sent["phone"] == "13800000001"
    assert sent["text"].endswith("A consult waits for you. https://xinglin.example/c/7/")
    assert "C-7" not in message.body + sent["text"]
    assert stat.S_IMODE(settings.XINGLIN_SMS_LOG.stat().st_mode) == 0o600


def test_a_failing_gateway_is_tried_again_without_repeating_what_was_sent(people, now, run_jobs, settings, tmp_path):
    # Given a gateway that is down: a folder stands where its log should be
    expert, learner = people
    book = {expert: Address("e@h.example", "13800000001", "en"), learner: Address("l@h.example", "", "en")}
    register_address_book(book.get)
    settings.XINGLIN_SMS_LOG = tmp_path
    tell(people, now)
    run_jobs(now)
    assert len(mail.outbox) == 2
    assert Job.objects.get().state == "queued"
    # When it is back
    settings.XINGLIN_SMS_LOG = tmp_path / "sms.log"
    run_jobs(now + timedelta(minutes=1))
    # Then the text message follows and no e-mail is repeated
    assert len(settings.XINGLIN_SMS_LOG.read_text().splitlines()) == 1
    assert len(mail.outbox) == 2
    assert Job.objects.get().state == "succeeded"


def test_in_app_kinds_make_no_job(people, now):
    tell(people, now, kind="test.read", params={"edition": 2})
    assert Job.objects.count() == 0


def test_many_people_cost_few_statements(now, django_assert_max_num_queries):
    model = get_user_model()
    crowd = model.objects.bulk_create([model(username=f"u{n}", name=f"U{n}") for n in range(250)])
    with django_assert_max_num_queries(12):
        assert tell([person.pk for person in crowd], now, kind="test.read", params={}) == 250


def test_unknown_and_double_kinds_are_refused(people, now):
    with pytest.raises(ValueError, match="unknown notification kind"):
        tell(people, now, kind="test.nowhere")
    with pytest.raises(ValueError, match="registered twice"):
        register_kind(Kind("test.read", "x"))
    with pytest.raises(ValueError, match="unknown channel"):
        Kind("test.pigeon", "x", channels={"pigeon"})


def test_a_kind_of_an_older_version_is_still_listed(people, now):
    Notification.objects.create(person_id=people[0], kind="gone", created_at=now)
    assert notice(notifications_of(people[0]).get()).text == ""


def test_a_subject_with_a_placeholder_may_not_leave_the_house():
    assert kinds.check_subjects() == []
    register_kind(Kind("test.leak", "Consult of %(name)s", channels={"sms"}))
    assert [error.id for error in kinds.check_subjects()] == ["core.E001"]


def test_sms_driver_failure_is_named(settings, tmp_path, now):
    settings.XINGLIN_SMS_LOG = tmp_path
    with pytest.raises(SmsFailed):
        send_sms(phone="1", text="x", now=now)
