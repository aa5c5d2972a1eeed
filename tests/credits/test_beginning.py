"""A scheme version begins: the catalogue says what holds now, who waited is credited; editions keep their own worth."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from cms import api as cms
from cms.models import Course
from config.celery import app
from core.audit.models import AuditEntry
from core.jobs.models import Job
from core.notify.models import Notification
from credits.models import Certificate, CreditActivity, CreditEntry, SchemeVersion
from credits.selectors.years import scheme_at
from credits.services import activities, beginning, crediting, schemes
from tests.credits.conftest import pass_course
from tests.credits.test_repeating import second_edition
from tests.factories.people import make_organisation

__all__ = ["second_edition"]
pytestmark = pytest.mark.django_db


def worth(edition_id) -> str | None:
    """What stands beside an edition."""
    return cms.get_overlay(edition_id).facts.get("credits", {}).get("points")


def add_version(scheme, number: str, valid_from: date, **rules) -> SchemeVersion:
    newest = scheme.versions.order_by("valid_from").last()
    return SchemeVersion.objects.create(
        scheme=scheme, number=number, valid_from=valid_from, rules={**newest.rules, **rules}
    )


def test_a_late_event_of_an_older_edition_leaves_the_newer_alone(scheme, world, second_edition, now, client):
    # given a first edition that is worth 0.3, and a second of the same course, announced first
    version = SchemeVersion.objects.get(number="2026-1")
    activities.ensure_activity(world.edition, version, now)
    CreditActivity.objects.filter(edition_id=world.edition.id).update(credits=Decimal("0.30"))
    activities.announce(edition_id=second_edition.id, now=now)

    # when the first edition's event comes at last
    activities.announce(edition_id=world.edition.id, now=now)

    # then each edition says its own, and the course that of the current one
    assert (worth(world.edition.id), worth(second_edition.id)) == ("0.3", "0.6")
    assert Course.unscoped.get().credit_points == Decimal("0.60")
    assert [card.credits["points"] for card in cms.list_published()] == ["0.6"]
    page = client.get("/courses/?credits=yes").content.decode()
    assert "胸痛分诊" in page
    assert "0.6" in page


def test_announcing_the_same_again_changes_nothing(scheme, world, now):
    activities.announce(edition_id=world.edition.id, now=now)
    before = cms.get_overlay(world.edition.id)

    activities.announce(edition_id=world.edition.id, now=now + timedelta(hours=1))

    assert cms.get_overlay(world.edition.id) == before


def test_a_version_that_begins_announces_what_its_rules_bring(scheme, world, now, run_jobs):
    # given an announced edition, and a version with twice the credits from tomorrow on
    activities.announce(edition_id=world.edition.id, now=now)
    scheme.versions.update(began_at=now)
    version = add_version(scheme, "2026-2", date(2026, 11, 23), hours_per_credit="0.75")
    assert beginning.begin_due(now=now) == 0
    tomorrow = now + timedelta(days=1)

    # when the day comes, and the clock asks twice
    assert [beginning.begin_due(now=tomorrow) for _time in range(2)] == [1, 1]
    run_jobs(tomorrow)

    # then the catalogue tells the new worth, once
    assert worth(world.edition.id) == "1.3"
    assert Course.unscoped.get().credit_points == Decimal("1.30")
    assert Job.objects.filter(name="credits.begin_version").count() == 1
    assert beginning.begin_due(now=tomorrow) == 0
    (told,) = AuditEntry.objects.filter(action="credits.version_began")
    assert (told.subject_id, told.details) == (str(version.pk), {"editions": 1, "credited": 0})


def test_who_passed_before_any_scheme_is_credited_once_one_covers_the_day(world, learner, browser, now, run_jobs):
    # given a pass that found no scheme
    completion = pass_course(learner, world.edition, now)
    run_jobs(now)
    assert CreditEntry.unscoped.count() == 0

    # when a scheme is installed that covers the day
    schemes.install_shipped()
    later = now + timedelta(days=9)
    beginning.begin_due(now=later)
    run_jobs(later)

    # then it is entered as of the day of passing, once, with its certificate, and the course says what it brings
    entry = CreditEntry.unscoped.get()
    assert (entry.source, entry.earned_on) == (f"completion:{completion.pk}", date(2026, 11, 22))
    assert (entry.credits, entry.scheme_version.number) == (Decimal("0.60"), "2026-1")
    certificate = Certificate.unscoped.get()
    page = browser.get(reverse("credits:transcript"), {"year": 2026}).content.decode()
    assert reverse("credits:certificate", args=[certificate.pk]) in page
    assert Notification.objects.filter(person=learner.pk, kind="credits.entered").count() == 1
    assert worth(world.edition.id) == "0.6"
    run_jobs(later + timedelta(days=1))
    assert CreditEntry.unscoped.count() == 1


def test_a_version_that_reaches_back_enters_nothing_a_second_time(scheme, entry, officer, learner, now, run_jobs):
    # given a line that was entered and reversed, and a newer version that reaches back behind it
    crediting.reverse_entry(actor=officer, entry_id=entry.pk, reason="重复入账", now=now)
    scheme.versions.update(began_at=now)
    add_version(scheme, "2026-2", date(2026, 11, 1))

    # when it begins
    beginning.begin_due(now=now)
    run_jobs(now)

    # then the reversal holds, and nobody is told anything
    assert CreditEntry.unscoped.count() == 2
    assert not Notification.objects.filter(kind="credits.repeated").exists()
    assert set(Certificate.unscoped.values_list("state", flat=True)) == {"revoked"}


def test_the_scheme_of_the_nearest_organisation_awards(scheme, world, learner, now):
    # given a scheme of the hospital's own beside the province's
    data = {
        "code": "HX",
        **{name: f"本院{name}" for name in ("name", "name_en", "authority", "authority_en")},
        "organisation": world.hospital.pk,
        "versions": [
            {
                "number": "2026-1",
                "valid_from": "2026-01-01",
                "years": [2026],
                "rules": {**scheme.versions.last().rules, "hours_per_credit": "0.5"},
            }
        ],
    }
    own = schemes.install(data)

    # when one of its people passes
    completion = pass_course(learner, world.edition, now)
    entry = crediting.credit_completion(completion_id=completion.pk, now=now)

    # then its scheme awards, and elsewhere the other holds
    assert (entry.scheme_version.scheme, entry.credits) == (own, Decimal("2.00"))
    assert scheme_at(make_organisation(world.hospital.parent).pk) == scheme
    assert scheme_at(make_organisation(world.hospital).pk) == own
    assert scheme_at(None) == scheme


def test_the_clock_looks_twice_an_hour():
    assert app.conf.beat_schedule["begin-scheme-versions"] == {"task": "credits.begin_versions", "schedule": 1800.0}
