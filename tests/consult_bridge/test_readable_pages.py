"""A scanned page counts when a person can read it: cut off, damaged, locked or monstrous ones are refused in words."""

from __future__ import annotations

import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image
from pypdf import PdfWriter

from consult_bridge import files as papers
from consult_bridge.errors import AttachmentRefused
from consult_bridge.models import Consult, DraftFile, RecordAttachment, TeachingConsent
from media_pipeline import api as media
from media_pipeline import cage
from media_pipeline.cage import CageFailed, CageUnavailable
from tests.consult_bridge.test_drafts import NEW, begin
from tests.consult_bridge.test_orphans import stored
from tests.consult_bridge.test_pages import client_of, request_fields
from tests.factories.consults import consult_in
from tests.factories.pages import paper, photo

AGAIN = "was cut off on the way or damaged: photograph or scan it again. It was not stored."


def monster() -> bytes:
    """900 million pixels in some 100 KB."""
    written = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(written, "PNG")
    return written.getvalue()


def locked(password: str) -> bytes:
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.encrypt(password, owner_password="owner", algorithm="AES-256")
    writer.write(written)
    return written.getvalue()


def without_page() -> bytes:
    written = io.BytesIO()
    PdfWriter().write(written)
    return written.getvalue()


def page(content: bytes, name: str = "page") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: photo("PNG")[:50], "damaged"),
        (lambda: photo("PNG")[:-2_000], "damaged"),
        (lambda: photo("JPEG")[:400], "damaged"),
        (lambda: photo("JPEG")[:-2_000], "damaged"),
        (lambda: b"%PDF-1.4\n<html><body>404</body></html>", "damaged"),
        (lambda: b"%PDF-1.4\n<html><body>404</body></html>\n%%EOF", "damaged"),
        (lambda: paper()[: len(paper()) // 2], "damaged"),
        (lambda: paper()[:40] + paper()[-60:], "damaged"),
        (without_page, "damaged"),
        (monster, "too_many_pixels"),
        (lambda: locked("1234"), "locked"),
        (lambda: locked(""), ""),
        (lambda: photo("PNG"), ""),
        (lambda: photo("JPEG"), ""),
        (lambda: paper(), ""),
        (lambda: paper() + b"\r\n" * 400, ""),
    ],
)
def test_a_page_is_opened_before_it_counts(make, fault):
    upload = page(make())

    assert media.judge_page(upload) == fault
    assert upload.tell() == 0


@pytest.mark.parametrize("lost", [CageFailed("took_too_long"), CageUnavailable()])
def test_a_judgement_that_was_lost_is_no_reason_to_take_it(monkeypatch, lost):
    def fails(*_arguments, **_options):
        raise lost

    monkeypatch.setattr(cage, "call", fails)

    with pytest.raises(AttachmentRefused) as caught:
        papers.store_pages([page(paper(), "form.pdf")], folder="records")

    with override("en"):
        said = caught.value.sentence()
    assert said == "“form.pdf” could not be looked at just now: send it once more. It was not stored."
    assert stored("records") == 0


def test_the_request_refuses_it_and_it_is_no_record(bridge):
    # given a request that lacks nothing but something to judge by
    requester = client_of(bridge.requester)
    key = begin(requester)
    # when a cut page is chosen with the form
    fields = request_fields(bridge, form_key=key, step="files", action="upload")
    answer = requester.post(NEW, fields | {"attachments": page(photo("PNG")[:50], "exam.png")})
    # then it is said in words and nothing of it is kept
    assert (answer.status_code, f"“exam.png” {AGAIN}" in answer.content.decode()) == (422, True)
    assert DraftFile.objects.count() == 0
    assert stored("drafts") == 0
    # and the page's own script gets the same sentence
    draft_files = reverse("consult_bridge:draft_files")
    answer = requester.post(
        draft_files,
        {"form_key": key, "step": "files", "attachments": page(b"%PDF-1.4\n<html>", "exam.pdf")},
        headers={"accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["title"]) == (422, f"“exam.pdf” {AGAIN}")
    assert DraftFile.objects.count() == 0
    assert not Consult.unscoped.exists()


def test_a_damaged_form_is_no_consent(bridge):
    consult = consult_in(bridge, "closed", timezone.now())
    requester, url = client_of(bridge.requester), reverse("consult_bridge:consent", args=[consult.pk])
    fields = {"given_by": "patient", "signed_on": timezone.localdate().isoformat()}

    for content, words in ((photo("JPEG")[:-2_000], AGAIN), (monster(), "has too many pixels")):
        answer = requester.post(url, fields | {"form": page(content, "form.jpg")})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert TeachingConsent.unscoped.count() == 0
    assert stored("consents") == 0

    assert requester.post(url, fields | {"form": page(photo("JPEG"), "form.jpg")}).status_code == 302
    assert TeachingConsent.unscoped.get().form_content_type == "image/jpeg"


def test_of_two_supplied_pages_a_damaged_one_keeps_both_out(bridge):
    from consult_bridge import api

    now = timezone.now()
    consult = consult_in(bridge, "assigned", now)
    api.request_information(actor=bridge.expert, consult_id=consult.pk, reason="请补心电图。", now=now)
    requester, url = client_of(bridge.requester), f"/consults/{consult.pk}/supply/"
    sent = [page(paper(), "one.pdf"), page(paper()[:-200], "two.pdf")]

    answer = requester.post(url, {"text": "见附件。", "attachments": sent})

    shown = answer.content.decode()
    assert (answer.status_code, f"“two.pdf” {AGAIN}" in shown, "见附件。" in shown) == (422, True, True)
    assert (RecordAttachment.unscoped.count(), stored("records")) == (0, 0)
    consult.refresh_from_db()
    assert consult.state == "awaiting_information"


def test_a_page_of_five_megabytes_is_opened_quickly():
    upload = page(photo("JPEG", 3_600, 2_600), "page.jpg")
    assert (upload.size or 0) > 5 * 10**6
    media.judge_page(page(paper()))  # a cage stands ready
    begun = time.process_time(), time.monotonic()

    assert media.judge_page(upload) == ""

    assert time.process_time() - begun[0] < 1  # our own part: the copy
    assert time.monotonic() - begun[1] < 10  # with the cage, on a busy machine
