"""What we print, read by others: veraPDF judges PDF/A-3a and PDF/UA-1, ZXing reads the code on the certificate."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
import typst
import zxingcpp
from django.test import Client
from django.urls import reverse
from PIL import Image

from config.setup.folders import ROOT
from config.setup.servers import verapdf
from consult_bridge.models import Report
from consult_bridge.selectors.opinions import get_document
from consult_bridge.selectors.reports import get_report_document
from core import documents
from credits.models import Certificate, CertificateDocument
from credits.services import certifying
from tests.factories.consults import consult_in, report_in

pytestmark = pytest.mark.django_db
STANDARDS = ("3a", "ua1")


@pytest.fixture
def certificate(entry, run_jobs) -> Certificate:
    run_jobs()
    return Certificate.unscoped.get()


@pytest.fixture
def printed(certificate, bridge, now, run_jobs) -> dict[str, bytes]:
    """Every document we print, as its service makes it, by its template; the report also as a correction."""
    consult = consult_in(bridge, "signed", now)
    first = report_in(bridge, "signed", now)
    corrected = report_in(bridge, "amended", now)
    second = Report.unscoped.get(consult=corrected.consult_id, study_id=corrected.study_id, version=2)
    run_jobs(now + timedelta(hours=1))
    reports = [get_report_document(bridge.requester, row.consult_id, row.pk, now=now) for row in (first, second)]
    return {
        "certificate": bytes(CertificateDocument.objects.get(certificate=certificate).content),
        "opinion": get_document(bridge.requester, consult.pk, now=now).file.open("rb").read(),
        "report": reports[0].file.open("rb").read(),
        "report-corrected": reports[1].file.open("rb").read(),
    }


def test_what_we_print_conforms_to_archiving_and_accessibility(printed, tmp_path):
    for name, content in printed.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)

    for standard in STANDARDS:
        broken = verapdf.judge(standard, [tmp_path / f"{name}.pdf" for name in printed])
        assert broken == {f"{name}.pdf": [] for name in printed}, standard


def test_every_template_is_judged(printed):
    templates = {path.stem: path.read_text() for path in ROOT.glob("*/documents/*.typ")}
    pieces = {name for name in templates if any(f'"{name}.typ"' in text for text in templates.values())}

    assert set(templates) - pieces == {name.partition("-")[0] for name in printed}


def test_the_judge_finds_what_does_not_conform(tmp_path):
    (tmp_path / "plain.typ").write_text("#set page(width: 90mm, height: 40mm)\nA page without a title")
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(typst.compile(str(tmp_path / "plain.typ"), font_paths=list(documents.font_folders())))

    assert any(fault.startswith("6.") for fault in verapdf.judge("3a", [plain])["plain.pdf"])


def test_the_printed_code_leads_to_the_page_that_verifies(certificate, monkeypatch):
    def as_picture(template, *, data, now, **_standards):
        return typst.compile(
            str(template), root=str(template.parent), font_paths=list(documents.font_folders()),
            ignore_system_fonts=True, format="png", ppi=120.0, sys_inputs={"data": json.dumps(data)},
        )  # fmt: skip

    monkeypatch.setattr(certifying.documents, "render", as_picture)
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(certifying.render(certificate))))

    assert [code.text for code in found] == [certifying.verify_url(certificate.pk)]
    address = reverse("credits:verify", args=[certificate.pk])
    assert found[0].text.endswith(address)
    assert certificate.number in Client().get(address).content.decode()
