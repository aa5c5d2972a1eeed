"""From completion to ledger, certificate and back, through events, handlers and services."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from cms import api as cms
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.ids import uuid7
from core.jobs.models import Job
from core.states import WrongState
from credits import api, rules, selectors
from credits.errors import (
    AlreadyReversed,
    CertificateNotFound,
    EntryNotFound,
    LedgerIsAppendOnly,
    ReasonMissing,
)
from credits.models import Certificate, CertificateDocument, CreditActivity, CreditEntry, SchemeVersion
from credits.services import activities, crediting, schemes
from tests.credits.conftest import pass_course
from tests.factories.people import grant_role, make_actor, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("minutes", "hours", "credits"),
    [(22, "0", "0"), (45, "1", "0.6"), (130, "2.5", "1.6"), (135, "3", "2.0"), (270, "6", "4.0")],
)
def test_the_shipped_rules_round_down(scheme, minutes, hours, credits):
    version = SchemeVersion.objects.get(number="2026-1")

    award = rules.award_for(version.rules, minutes)

    assert (award.hours, award.credits) == (Decimal(hours), Decimal(credits))


def test_installing_a_scheme_again_changes_nothing(scheme):
    before = list(SchemeVersion.objects.values_list("pk", "number", "valid_from"))

    assert schemes.install_shipped() == scheme

    assert list(SchemeVersion.objects.values_list("pk", "number", "valid_from")) == before
    assert len(before) == 2


def test_a_passed_course_becomes_credit_certificate_and_pdf(completion, learner, now, run_jobs):
    run_jobs()

    entry = CreditEntry.unscoped.get()
    certificate = Certificate.unscoped.get()
    assert (entry.person_id, entry.credits, entry.hours) == (learner.pk, Decimal("0.60"), Decimal("1.00"))
    assert entry.scheme_version.number == "2026-1"
    assert (certificate.entry_id, certificate.state) == (entry.pk, "valid")
    assert re.fullmatch(r"XL-\d{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", certificate.number)
    pdf = bytes(CertificateDocument.objects.get().content)
    assert pdf.startswith(b"%PDF-")
    assert Job.objects.get(name="credits.render_certificate").state == "succeeded"
    shown = api.get_transcript(learner.pk, entry.earned_on.year)
    assert (shown.credits, shown.missing_credits, shown.missing_hours) == (Decimal("0.6"), Decimal("24.4"), 89)


def test_the_same_event_twice_enters_once(entry, completion, now):
    again = crediting.credit_completion(completion_id=completion.pk, now=now + timedelta(hours=1))

    assert again == entry
    assert (CreditEntry.unscoped.count(), Certificate.unscoped.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="credit.entered").count() == 1


def test_without_a_scheme_in_force_nothing_is_entered(world, learner, now):
    completion = pass_course(learner, world.edition, now)

    assert crediting.credit_completion(completion_id=completion.pk, now=now) is None

    assert CreditEntry.unscoped.count() == Certificate.unscoped.count() == 0


def test_the_catalogue_is_told_what_a_course_brings(scheme, world, now):
    activities.announce(edition_id=world.edition.id, now=now)

    assert cms.get_overlay(world.edition.id).facts["credits"] == {
        "points": "0.6",
        "hours": "1",
        "class": "II",
        "scheme": "清江省继续医学教育学分制度",
        "scheme_en": "Qingjiang scheme for continuing medical education",
    }
    assert CreditActivity.objects.get().project_number == f"2026-QJ-{world.edition.code}"


def test_neither_django_nor_the_database_changes_a_line(entry):
    for change in (
        entry.save,
        entry.delete,
        CreditEntry.unscoped.all().delete,
        lambda: CreditEntry.unscoped.update(credits=99),
        lambda: CreditEntry.objects.all().update(credits=99),
        lambda: CreditEntry.unscoped.bulk_update([entry], ["credits"]),
    ):
        with pytest.raises(LedgerIsAppendOnly):
            change()
    for statement in ("UPDATE credits_creditentry SET credits = 99", "DELETE FROM credits_creditentry"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert CreditEntry.unscoped.get().credits == Decimal("0.60")


def test_a_reversal_is_a_second_line_and_revokes_the_certificate(entry, officer, learner, now):
    key = uuid7()
    values = {"actor": officer, "entry_id": entry.pk, "reason": "重复入账", "reversal_id": key}

    assert api.reverse_entry(now=now + timedelta(days=1), **values) == key
    assert api.reverse_entry(now=now + timedelta(days=1), **values) == key

    lines = list(CreditEntry.unscoped.order_by("entered_at").values_list("credits", "hours", "reason"))
    assert lines == [(Decimal("0.60"), Decimal("1.00"), ""), (Decimal("-0.60"), Decimal("-1.00"), "重复入账")]
    assert api.get_transcript(learner.pk, entry.earned_on.year).credits == 0
    assert Certificate.unscoped.get().state == "revoked"
    with pytest.raises(AlreadyReversed):
        api.reverse_entry(now=now, **values | {"reversal_id": uuid7()})
    with pytest.raises(EntryNotFound):
        api.reverse_entry(now=now, **values | {"entry_id": key})
    assert CreditEntry.unscoped.count() == 2


def test_who_may_not_reverse_or_revoke_changes_nothing(entry, actor, world, now):
    certificate = Certificate.unscoped.get()
    elsewhere = make_person(make_organisation())
    grant_role(elsewhere, "credit_officer", make_organisation())
    stranger = make_actor(elsewhere, now)
    colleague = make_actor(make_person(world.hospital), now)

    for who, refusal in ((actor, Forbidden), (stranger, EntryNotFound), (colleague, EntryNotFound)):
        with pytest.raises(refusal):
            api.reverse_entry(actor=who, entry_id=entry.pk, reason="x", now=now)
    for who, refusal in ((actor, Forbidden), (stranger, CertificateNotFound), (colleague, CertificateNotFound)):
        with pytest.raises(refusal):
            api.revoke_certificate(actor=who, certificate_id=certificate.pk, reason="x", now=now)

    assert CreditEntry.unscoped.count() == 1
    certificate.refresh_from_db()
    assert certificate.state == "valid"


def test_revoking_needs_a_reason_and_happens_once(entry, officer, learner, world, now):
    certificate = Certificate.unscoped.get()
    values = {"actor": officer, "certificate_id": certificate.pk, "now": now}
    with pytest.raises(ReasonMissing):
        api.revoke_certificate(reason=" ", **values)

    api.revoke_certificate(reason="姓名有误", **values)
    api.revoke_certificate(reason=" 姓名有误 ", **values | {"now": now + timedelta(seconds=1)})

    assert AuditEntry.objects.filter(action="certificate.revoked").count() == 1
    with pytest.raises(WrongState):
        api.revoke_certificate(reason="误发", **values)
    colleague = make_person(world.hospital)
    grant_role(colleague, "credit_officer", world.hospital)
    with pytest.raises(WrongState):
        api.revoke_certificate(reason="姓名有误", **values | {"actor": make_actor(colleague, now)})
    certificate.refresh_from_db()
    assert (certificate.revoked_by_id, certificate.revoked_reason) == (officer.person_id, "姓名有误")
    shown = api.verify_certificate(certificate.pk)
    assert (shown.is_valid, shown.revoked_at) == (False, now)
    assert api.get_transcript(learner.pk, entry.earned_on.year).credits == Decimal("0.6")


def test_a_certificate_keeps_what_it_said(entry, learner):
    certificate = Certificate.unscoped.get()
    learner.name = "改名"
    learner.save()

    assert api.verify_certificate(certificate.pk).holder == certificate.snapshot["holder"] != "改名"
    assert selectors.certificate_id_of(f" {certificate.number.lower()} ") == certificate.pk
