"""Whoever sent a file that is refused reads why and what to do about that very reason, wherever it is told."""

from __future__ import annotations

import io
import tempfile
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from core.ids import uuid7
from media_pipeline import api
from media_pipeline.cage.errors import ADVICE, REASONS, BadFile
from media_pipeline.contracts import IMAGE_LIMITS, RefusedFile
from media_pipeline.uploads import archive, limits
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_impossible_numbers import slice_with

AGAIN = "Export the file again from the device or the archive and send it once more."
NAME, DESCRIPTION = 0x00100010, 0x00081030
SENT_AGAIN = {"truncated", "element_too_long", "fewer_pixels", "unreadable", "empty"}


def test_each_reason_has_an_advice_and_only_what_another_export_mends_is_exported_again():
    assert set(ADVICE) == set(REASONS)
    with override("en"):
        assert {reason for reason in REASONS if str(ADVICE[reason]) == AGAIN} == SENT_AGAIN


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("reason", REASONS)
def test_sentence_and_advice_name_the_limits(reason, language):
    with override(language):
        refused, error = RefusedFile(uuid7(), "a.dcm", 1, reason), BadFile(reason)
        said = f"{refused.sentence} {refused.advice}"
        assert (refused.sentence, refused.advice) == (error.sentence(), error.advice())
    assert "{" not in said
    assert "Nothing of it was stored" not in said


def zip_of(members: int) -> SimpleUploadedFile:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for number in range(members):
            packed.writestr(f"{number}.dcm", b"")
    return SimpleUploadedFile("study.zip", written.getvalue())


def test_the_page_of_the_upload_says_what_to_do(place, run_jobs):
    # given an image of a stored study for another patient, one with other content, and a zip file of 2,001 images
    files = [
        slice_with(1),
        slice_with(2, (NAME, "PN", b"LI^MEI")),
        slice_with(1, (DESCRIPTION, "LO", b"another")),
        zip_of(limits.MOST_MEMBERS + 1),
    ]
    place.requester.language = "en"
    place.requester.save()
    client = sign_in(Client(), place.requester)
    form = {"form_key": str(uuid7()), "organisation": place.county.pk, "files": files}
    address = client.post("/imaging/upload/", form)["Location"]
    run_jobs()

    page = client.get(address).content.decode()

    for words in (
        "The file belongs to a study that is already stored for another patient.",
        "Compare name and number in the PACS with those of the stored study.",
        "An image with this identifier is already stored with different content.",
        "Compare it with the stored image.",
        "The zip file holds more than 2,000 files.",
        "Send the study in several zip files of at most 2,000 images.",
    ):
        assert words in page, words
    assert AGAIN not in page


def test_a_zip_file_that_grows_too_big_is_sent_in_several(monkeypatch):
    assert (limits.LARGEST_FILE, limits.MOST_MEMBERS) == (2 * 2**30, 2_000)
    monkeypatch.setattr(archive, "LARGEST_SUM", -1)

    with tempfile.TemporaryFile() as file, pytest.raises(archive.BadInput) as caught:
        file.write(zip_of(1).read())
        file.flush()
        archive.list_members([file.fileno()], [])

    assert str(caught.value) == "archive_too_large"
    with override("en"):
        assert str(ADVICE["archive_too_large"]) == (
            "Send the study in several zip files of at most 4 GB unpacked, each image at most 1 GB."
        )


def test_both_forms_say_the_same_limits(place):
    place.requester.language = "en"
    place.requester.save()
    page = sign_in(Client(), place.requester).get("/imaging/upload/").content.decode()

    with override("en"):
        assert str(IMAGE_LIMITS) == "DICOM files or zip files, up to 2 GB each; a zip file may hold up to 2,000 files."
        assert str(IMAGE_LIMITS) in page


def test_whoever_chooses_too_large_a_zip_file_learns_it_at_once():
    assert api.judge_file(zip_of(limits.MOST_MEMBERS + 1)) == "too_many_members"
