"""Whatever shows a patient's data leaves one entry per reader, thing and quarter of an hour."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from consult_bridge import api
from consult_bridge.errors import ConsultNotFound
from consult_bridge.models import RecordAttachment, TeachingConsent
from consult_bridge.selectors.consent import get_consent
from consult_bridge.selectors.consults import get_consult
from consult_bridge.selectors.opinions import get_document
from consult_bridge.selectors.reports import get_report_document
from consult_bridge.selectors.studies import get_attachment
from core.audit.models import AuditEntry
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import PDF, consult_in, report_in, signed_form


@pytest.fixture(autouse=True)
def _nothing_was_read_before():
    cache.clear()


def reads_of(consult_id) -> list[tuple[str, dict]]:
    """Only what reading leaves, oldest first."""
    rows = AuditEntry.objects.filter(subject_id=str(consult_id)).order_by("pk")
    return [(row.action, row.details) for row in rows if row.action.endswith(("viewed", "_read"))]


@pytest.mark.parametrize(
    ("name", "state", "who"),
    [
        ("consult", "submitted", "requester"),
        ("triage", "submitted", "coordinator"),
        ("cancel", "submitted", "requester"),
        ("images", "submitted", "requester"),
        ("supply", "submitted", "requester"),
        ("consent", "signed", "requester"),
        ("close", "signed", "requester"),
        ("ask_information", "assigned", "expert"),
        ("hand_back", "assigned", "expert"),
    ],
)
def test_every_page_of_a_consult_says_who_read_it_once(bridge, now, name, state, who):
    consult = consult_in(bridge, state, now)
    actor = getattr(bridge, who)
    browser, page = client_of(actor), reverse(f"consult_bridge:{name}", args=[consult.pk])

    assert browser.get(page).status_code == 200
    assert browser.get(page).status_code == 200

    assert reads_of(consult.pk) == [("consult.viewed", {})]
    entry = AuditEntry.objects.get(action="consult.viewed")
    assert (entry.actor_id, entry.organisation_path) == (actor.person_id, bridge.hospital.path)


def test_a_scanned_page_says_who_read_it(bridge, now):
    pages = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(2)]
    consult = consult_in(bridge, "submitted", now, attachments=pages)
    first, second = RecordAttachment.unscoped.filter(consult=consult)
    browser = client_of(bridge.coordinator)

    for row in (first, first, second):
        assert browser.get(reverse("consult_bridge:attachment", args=[consult.pk, row.pk])).status_code == 200

    assert reads_of(consult.pk) == [
        ("consult.attachment_read", {"attachment": str(first.pk)}),
        ("consult.attachment_read", {"attachment": str(second.pk)}),
    ]


def test_the_consent_form_says_who_read_it(bridge, now):
    consult = consult_in(bridge, "closed", now)
    api.record_consent(
        actor=bridge.requester,
        consult_id=consult.pk,
        given_by="patient",
        signed_on=date(2026, 11, 22),
        form=signed_form(),
        now=now,
    )
    consent = TeachingConsent.unscoped.get()

    page = reverse("consult_bridge:consent_form", args=[consult.pk, consent.pk])
    assert client_of(bridge.requester).get(page).status_code == 200

    assert reads_of(consult.pk) == [("consult.consent_read", {"consent": str(consent.pk)})]


def test_the_opinions_and_the_reports_pdf_say_who_read_them(bridge, now, run_jobs):
    signed = consult_in(bridge, "signed", now)
    report = report_in(bridge, "signed", now)
    run_jobs(now + timedelta(hours=1))
    browser = client_of(bridge.requester)

    assert browser.get(reverse("consult_bridge:opinion_document", args=[signed.pk])).status_code == 200
    page = reverse("consult_bridge:report_document", args=[report.consult_id, report.pk])
    assert browser.get(page).status_code == 200

    assert reads_of(signed.pk) == [("consult.opinion_read", {"opinion": str(signed.opinions.get().pk)})]
    assert reads_of(report.consult_id) == [("consult.report_read", {"report": str(report.pk)})]


def test_what_is_refused_or_foreign_leaves_no_reading(bridge, now):
    consult = consult_in(bridge, "submitted", now, attachments=[SimpleUploadedFile("a.pdf", PDF)])
    row = RecordAttachment.unscoped.get()
    at = timezone.now()

    for read in (
        lambda: get_consult(bridge.outsider, consult.pk, now=at),
        lambda: get_attachment(bridge.outsider, consult.pk, row.pk, now=at),
        lambda: get_consent(bridge.outsider, consult.pk, row.pk, now=at),
        lambda: get_document(bridge.requester, consult.pk, now=at),
        lambda: get_report_document(bridge.requester, consult.pk, row.pk, now=at),
    ):
        with pytest.raises(ConsultNotFound):
            read()

    assert reads_of(consult.pk) == []


def test_a_reading_whose_entry_failed_is_tried_again(bridge, now, monkeypatch):
    consult = consult_in(bridge, "submitted", now)
    with monkeypatch.context() as patch:
        patch.setattr("consult_bridge.trail.record", lambda **_values: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            get_consult(bridge.requester, consult.pk, now=now)

    get_consult(bridge.requester, consult.pk, now=now)

    assert reads_of(consult.pk) == [("consult.viewed", {})]
