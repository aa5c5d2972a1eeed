"""A PDF whose job gave up is told as such, and made when the page's button is pressed."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from consult_bridge.models import Consult, OpinionDocument, ReportDocument
from consult_bridge.services import documents, report_documents
from core.jobs.models import Job
from directory.models import Person
from tests.factories.consults import consult_in, report_in
from tests.factories.signing_in import sign_in


def broken(**_arguments):
    raise OSError("the store is away")


def outage(monkeypatch, run_jobs, module, name: str) -> Job:
    """All attempts of the ordered job fail."""
    with monkeypatch.context() as patch:
        patch.setattr(module, name, broken)
        Job.objects.filter(name__startswith="consult_bridge.make_").update(max_attempts=1)
        run_jobs()
    job = Job.objects.get(name__startswith="consult_bridge.make_")
    assert job.state == "dead"
    return job


def test_the_opinions_pdf_comes_back_after_an_outage(bridge, now, run_jobs, monkeypatch):
    consult = consult_in(bridge, "signed", now)
    client = sign_in(Client(), Person.objects.get(pk=bridge.requester.person_id))
    address = reverse("consult_bridge:consult", args=[consult.pk])
    assert "PDF 正在生成" in client.get(address).content.decode()
    assert "data-poll" in client.get(address, {"fragment": "opinion-pdf"}).content.decode()
    outage(monkeypatch, run_jobs, documents, "keep_opinion_document")

    page = client.get(address).content.decode()
    assert "PDF 生成失败。" in page and "再试一次" in page
    for _click in range(2):
        assert client.post(reverse("consult_bridge:make_document", args=[consult.pk])).status_code == 302
    assert "PDF 生成失败。" not in client.get(address).content.decode()
    run_jobs()

    assert OpinionDocument.objects.count() == 1
    assert client.get(reverse("consult_bridge:opinion_document", args=[consult.pk])).status_code == 200
    line = client.get(address, {"fragment": "opinion-pdf"}).content.decode()
    assert ("data-poll" in line, reverse("consult_bridge:opinion_document", args=[consult.pk]) in line) == (False, True)


def test_a_reports_pdf_comes_back_after_an_outage(bridge, now, run_jobs, monkeypatch):
    report = report_in(bridge, "signed", now)
    client = sign_in(Client(), Person.objects.get(pk=bridge.requester.person_id))
    address = reverse("consult_bridge:consult", args=[report.consult_id])
    assert "PDF 正在生成" in client.get(address, {"tab": "report"}).content.decode()
    outage(monkeypatch, run_jobs, report_documents, "keep_report_document")

    address = reverse("consult_bridge:consult", args=[report.consult_id])
    page = client.get(address, {"tab": "report"}).content.decode()
    assert "PDF 生成失败。" in page and "再试一次" in page
    make = reverse("consult_bridge:make_report_document", args=[report.consult_id, report.pk])
    assert client.post(make).status_code == 302
    run_jobs()

    assert ReportDocument.objects.count() == 1
    assert Consult.unscoped.get(pk=report.consult_id).state == "accepted"
