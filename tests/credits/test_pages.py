"""Credits over HTTP: transcript, certificate, PDF, verification, the office."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core.ids import uuid7
from credits.models import Certificate, CreditEntry
from credits.services import certifying, crediting
from credits.web import limits
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(entry) -> Certificate:
    return Certificate.unscoped.get()


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


def _key(response) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', response.content.decode()).group(1)


def test_the_transcript_adds_up_and_links_its_certificate(browser, entry, certificate):
    page = browser.get(reverse("credits:transcript"), {"year": entry.earned_on.year}).content.decode()

    assert reverse("credits:certificate", args=[certificate.pk]) in page
    assert "胸痛分诊" in page
    csv = browser.get(reverse("credits:export"), {"year": entry.earned_on.year})
    lines = csv.content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("1,胸痛分诊,2026-11-22,2026-11-22,")
    assert ",0.60,1.00," in lines[1]
    assert ",0.60,1.00," in lines[-1]


def test_the_transcript_for_paper_has_no_number_of_its_own_and_each_line_can_be_verified(
    browser, client, entry, certificate, learner
):
    page = browser.get(reverse("credits:print"), {"year": entry.earned_on.year}).content.decode()

    assert certificate.number in page
    assert settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("credits:verify_ask") in page
    assert "没有编号" in page
    assert str(learner.pk)[:8].upper() not in page
    # and the number leads whoever is handed the paper to the certificate
    answer = client.get(reverse("credits:verify_ask"), {"number": certificate.number})
    assert answer["Location"] == reverse("credits:verify", args=[certificate.pk])


def test_on_paper_a_reversed_line_says_that_its_certificate_is_revoked(browser, entry, certificate, officer, now):
    crediting.reverse_entry(actor=officer, entry_id=entry.pk, reason="误计", now=now)

    page = browser.get(reverse("credits:print"), {"year": entry.earned_on.year}).content.decode()

    assert f"{certificate.number}</span></span><span>已撤销</span>" in page


def test_a_passed_course_shows_its_certificate(browser, completion, certificate):
    page = browser.get(reverse("lms:course", args=[completion.enrolment_id])).content.decode()

    assert reverse("credits:certificate", args=[certificate.pk]) in page


def test_the_pdf_is_there_once_its_job_ran(browser, certificate, now, run_jobs):
    pdf, page = reverse("credits:pdf", args=[certificate.pk]), reverse("credits:certificate", args=[certificate.pk])
    assert browser.get(pdf).status_code == 503
    assert "data-poll" in browser.get(page).content.decode()

    run_jobs()

    response = browser.get(pdf)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert certificate.number in response["Content-Disposition"]
    assert "data-poll" not in browser.get(page).content.decode()


def test_the_seal_breaks_the_name_of_the_authority_between_words(certificate):
    certificate.snapshot["authority"] = "清江省继续医学教育委员会"

    text = PdfReader(BytesIO(certifying.render(certificate))).pages[0].extract_text()

    lines = [line.strip() for line in text.splitlines()]
    assert "委员会" in lines
    assert "清江省继续医学教育" in lines


def test_a_revoked_certificate_is_not_handed_out_again(browser, certificate, officer, now):
    certifying.store_document(certificate_id=certificate.pk, now=now)
    certifying.revoke_certificate(actor=officer, certificate_id=certificate.pk, reason="误发", now=now)

    assert browser.get(reverse("credits:pdf", args=[certificate.pk])).status_code == 409
    assert "误发" in browser.get(reverse("credits:certificate", args=[certificate.pk])).content.decode()


def test_others_cannot_open_a_certificate(certificate, world, officer_browser):
    stranger = Client()
    stranger.force_login(make_person(world.hospital), backend="directory.backends.GrantBackend")
    pages = [reverse(f"credits:{name}", args=[certificate.pk]) for name in ("certificate", "pdf", "document")]

    assert [stranger.get(p).status_code for p in pages] == [404] * 3
    assert [Client().get(p).status_code for p in pages] == [302] * 3
    assert officer_browser.get(pages[0]).status_code == 200
    assert stranger.get(reverse("credits:office")).status_code == 403


def test_anybody_may_verify_and_learns_nothing_more(certificate, entry):
    page = Client().get(reverse("credits:verify", args=[certificate.pk]))
    text = page.content.decode()

    assert certificate.snapshot["holder"] in text
    assert certificate.snapshot["organisation"] in text
    assert "胸痛分诊" not in text
    assert certificate.snapshot["score"] not in text
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Cache-Control"] == "no-store"
    assert Client().get(reverse("credits:verify", args=[uuid7()])).status_code == 404


def test_verification_says_that_a_reversed_credit_took_its_certificate_along(certificate, entry, officer, now):
    page = reverse("credits:verify", args=[certificate.pk])
    assert "is-revoked" not in Client().get(page).content.decode()

    crediting.reverse_entry(actor=officer, entry_id=entry.pk, reason="重复入账", reversal_id=uuid7(), now=now)

    shown = Client().get(page).content.decode()
    assert "is-revoked" in shown
    assert certificate.number in shown
    assert "重复入账" not in shown


def test_an_id_that_was_tampered_with_verifies_nothing(certificate):
    text = str(certificate.pk)
    changed = text[:-1] + ("0" if text[-1] != "0" else "1")
    answers = [Client().get(reverse("credits:verify", args=[changed])), Client().get(f"/verify/{text}x/")]

    assert [answer.status_code for answer in answers] == [404, 404]
    for answer in answers:
        assert certificate.number not in answer.content.decode()
        assert certificate.snapshot["holder"] not in answer.content.decode()


def test_a_number_leads_to_its_certificate(certificate):
    ask = reverse("credits:verify_ask")

    assert Client().get(ask).status_code == 200
    found = Client().get(ask, {"number": certificate.number.lower()})
    assert found.url == reverse("credits:verify", args=[certificate.pk])
    for typed in (
        certificate.number.lower().replace("-", " "),
        certificate.number.replace("-", "－"),
        f" {certificate.number}",
    ):
        assert Client().get(ask, {"number": typed}).url == found.url
    for unknown in ("XL-2026-0000-0000", certificate.number[:12], certificate.number + "2"):
        assert Client().get(ask, {"number": unknown}).status_code == 404


def test_the_office_finds_a_line_by_a_part_of_its_number(officer_browser, entry, certificate):
    office = reverse("credits:office")
    rows = {
        text: entry.activity.title in officer_browser.get(office, {"q": text}).content.decode()
        for text in (certificate.number[8:12], certificate.number.lower().replace("-", " "), "0000")
    }

    assert list(rows.values()) == [True, True, False]


def test_guessing_is_limited_by_address(certificate, monkeypatch):
    monkeypatch.setattr(limits, "PER_MINUTE", 2)
    page = reverse("credits:verify", args=[certificate.pk])

    codes = [Client().get(page).status_code for _n in range(5)]

    assert codes[:2] == [200, 200]
    assert 429 in codes


def test_the_office_reverses_by_a_plain_form_once(officer_browser, entry, certificate):
    assert entry.activity.title in officer_browser.get(reverse("credits:office")).content.decode()
    page = reverse("credits:reverse", args=[entry.pk])
    form = {"form_key": _key(officer_browser.get(page)), "reason": ""}
    assert officer_browser.post(page, form).status_code == 422
    assert CreditEntry.unscoped.count() == 1

    form["reason"] = "重复入账"
    assert [officer_browser.post(page, form).status_code for _n in range(2)] == [302, 302]

    assert CreditEntry.unscoped.count() == 2
    assert "revoked" in Certificate.unscoped.values_list("state", flat=True)


def test_the_office_revokes_by_a_plain_form(officer_browser, certificate):
    page = reverse("credits:revoke", args=[certificate.pk])
    form = {"form_key": _key(officer_browser.get(page)), "reason": "姓名有误"}
    responses = [officer_browser.post(page, form) for _click in range(2)]

    assert [response.url for response in responses] == [reverse("credits:certificate", args=[certificate.pk])] * 2
    assert Client().get(reverse("credits:verify", args=[certificate.pk])).status_code == 200
    certificate.refresh_from_db()
    assert certificate.state == "revoked"
