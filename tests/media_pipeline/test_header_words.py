"""Words that stay in image headers are read like texts; what is struck from them is gone from the released files."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pydicom import Dataset, Sequence, dcmread
from pydicom.uid import generate_uid

from media_pipeline import api
from media_pipeline.access.objects import opened_teaching
from media_pipeline.contracts import PatientIdentifiers
from media_pipeline.deid.headers import descriptors_of, strike_descriptors
from media_pipeline.deid.striking import strike_value
from media_pipeline.errors import NothingStruck, TextsMissing
from media_pipeline.models import IdentifiedStudy, TeachingInstance, TeachingRelease, TeachingStudy
from media_pipeline.release import reading, reviewing
from media_pipeline.release.confirming import confirmations, is_confirmed
from media_pipeline.release.desk import review_page, waiting_for
from media_pipeline.release.texts import HEADERS, reading_of
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_release_line import confirm_all

SHOWN = {
    "CodeMeaning": ["Head SHIYAN"],
    "CodeValue": ["SHIYAN"],
    "ProtocolName": ["Shiyan protocol"],
    "SeriesDescription": ["T1 SHIYAN", "T2 Shiyan"],
    "StudyDescription": ["Head of SHIYAN"],
}


def code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


@pytest.fixture
def release(place, head_slices, tmp_path: Path, now, run_jobs) -> TeachingRelease:
    """Two slices in two series, with a nickname that no record knows in their headers, in review."""
    paths = []
    for number, source in enumerate(head_slices[:2]):
        dataset = dcmread(source)
        dataset.SeriesDescription = ("T1 SHIYAN", "T2 Shiyan")[number]
        dataset.SeriesInstanceUID = generate_uid()
        dataset.StudyDescription, dataset.ProtocolName = "Head of SHIYAN", "Shiyan protocol"
        dataset.ProcedureCodeSequence = Sequence([code("SHIYAN", "99HOUSE", "Head SHIYAN")])
        dataset.ImageType, dataset.ScanOptions = ["ORIGINAL", "PRIMARY", "AXIAL", "SHIYAN"], ["SHIYAN", "AX"]
        dataset.BodyPartExamined = ""
        dataset.save_as(tmp_path / source.name)
        paths.append(tmp_path / source.name)
    api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=paths, now=now
    )
    run_jobs()
    release_id = api.start_release(
        study_ids=[IdentifiedStudy.unscoped.get().pk],
        texts={"question": "Is it Shi?"},
        identifiers=PatientIdentifiers(),
        organisation_id=place.province.pk,
        now=now,
    )
    run_jobs()
    return TeachingRelease.objects.get(pk=release_id)


def shown(release: TeachingRelease) -> dict[str, list[str]]:
    headers = reading_of(release).headers
    return {keyword: headers[keyword] for keyword in SHOWN if keyword in headers}


def open_it(place, release: TeachingRelease, now, run_jobs) -> None:
    stated = {"face": "defaced", "face_reason": "looked"} if release.shows_face else {}
    confirm_all(place, place.officer, release, now, **stated)
    assert confirm_all(place, place.officer2, release, now, **stated) is True
    run_jobs()
    assert api.get_release_state(release.pk) == "open"


def released(release: TeachingRelease) -> list[tuple[bytes, Dataset]]:
    found: list[tuple[bytes, Dataset]] = []
    for instance in TeachingInstance.objects.order_by("series__number", "series__id"):
        with opened_teaching(instance, release) as file:
            content = file.read()
            found.append((content, dcmread(BytesIO(content))))
    return found


def test_header_words_are_one_more_text_that_each_reader_confirms(place, release, now):
    actor = place.actor(place.officer)
    texts = [name for name in reading_of(release).all_texts if name != HEADERS]
    reading.confirm_texts(actor=actor, release_id=release.pk, now=now)
    reading.take_texts_back(actor=actor, release_id=release.pk, names=[HEADERS], now=now)
    frames = [(candidate.pk, 1) for candidate in release.candidates.all()]
    reviewing.confirm_frames(actor=actor, release_id=release.pk, frames=frames, now=now)

    with translation.override("en"), pytest.raises(TextsMissing) as refused:
        reviewing.confirm_release(actor=actor, release_id=release.pk, now=now)

    assert texts == ["question"]
    assert shown(release) == SHOWN
    with translation.override("en"):
        assert str(refused.value.sentence()) == (
            "These texts have not been confirmed yet: Words that stay in the headers."
        )


def test_a_word_struck_from_headers_is_gone_from_the_released_files(place, release, now, run_jobs):
    reading.strike_words(actor=place.actor(place.officer), release_id=release.pk, words="Shiyan", now=now)
    expected = {
        "CodeMeaning": ["Head"],
        "ProtocolName": ["protocol"],
        "SeriesDescription": ["T1", "T2"],
        "StudyDescription": ["Head of"],
    }
    assert (shown(release), reading_of(release).strikes[0].places) == (expected, 6)

    open_it(place, release, now, run_jobs)

    files = released(release)
    assert [b"SHIYAN" in content.upper() for content, _dataset in files] == [False, False]
    assert sorted(dataset.SeriesDescription for _content, dataset in files) == ["T1", "T2"]
    assert {(dataset.StudyDescription, dataset.ProtocolName) for _content, dataset in files} == {
        ("Head of", "protocol")
    }
    assert {dataset["StudyDescription"].VR for _content, dataset in files} == {"LO"}
    (procedure,) = {str(dataset.ProcedureCodeSequence[0]) for _content, dataset in files}
    assert procedure == str(code("REMOVED", "99HOUSE", "Head"))
    assert {(*dataset.ImageType, *dataset.ScanOptions) for _content, dataset in files} == {
        ("ORIGINAL", "PRIMARY", "AXIAL", "REMOVED", "REMOVED", "AX")
    }
    assert all(len(dataset.pixel_array) == dataset.Rows for _content, dataset in files)
    study = TeachingStudy.objects.get()
    assert (study.description, sorted(study.series.values_list("description", flat=True))) == ("Head of", ["T1", "T2"])
    assert "shiyan" not in str([*TeachingInstance.objects.values_list("facts", flat=True)]).lower()
    reader = sign_in(Client(), place.officer)
    metadata = f"/teaching/dicomweb/studies/{study.study_uid}/metadata"
    for address in (metadata, "/teaching/dicomweb/studies", f"/teaching/studies/{study.pk}/"):
        answer = reader.get(address)
        assert (answer.status_code, b"shiyan" in answer.content.lower()) == (200, False)
    assert b"Head of" in reader.get(metadata).content
    assert api.get_release(release.pk).texts == {"question": "Is it Shi?"}


def test_a_strike_that_is_taken_back_leaves_the_headers_as_they_were(place, release, now, run_jobs):
    actor = place.actor(place.officer)
    strike_id = reading.strike_words(actor=actor, release_id=release.pk, words="SHIYAN", now=now)
    reading.remove_strike(actor=actor, release_id=release.pk, strike_id=strike_id, now=now)
    with pytest.raises(NothingStruck):
        reading.strike_words(actor=actor, release_id=release.pk, words="SERIESDESCRIPTION", now=now)
    assert shown(release) == SHOWN

    open_it(place, release, now, run_jobs)

    assert {dataset.StudyDescription for _content, dataset in released(release)} == {"Head of SHIYAN"}


def test_a_confirmation_is_bound_to_the_header_words(place, release, now):
    """A confirmation given before the words were other ones, or were read at all, does not count."""
    stated = {"face": "defaced", "face_reason": "looked"} if release.shows_face else {}
    confirm_all(place, place.officer, release, now, **stated)
    assert confirmations(release) == 1
    candidate = release.candidates.first()

    candidate.facts["descriptors"]["SeriesDescription"] = ["Another"]
    candidate.save()

    assert confirmations(release) == 0


def test_who_confirmed_other_header_words_is_asked_again(place, release, now, run_jobs):
    # given two confirmations and, before the job runs, other words than those confirmed
    stated = {"face": "defaced", "face_reason": "looked"} if release.shows_face else {}
    confirm_all(place, place.officer, release, now, **stated)
    confirm_all(place, place.officer2, release, now, **stated)
    actor = place.actor(place.officer)
    for candidate in release.candidates.all():
        candidate.facts["descriptors"]["SeriesDescription"] = ["Another"]
        candidate.save()
    page = review_page(actor=actor, release_id=release.pk, page=1, frame="")
    assert (page.has_confirmed, page.readers, page.confirmed, len(page.unread)) == (False, [], 2, 1)
    # when the job finds no confirmation that counts
    run_jobs()
    # then both are asked again, and it opens when both have read the words that are there
    assert list(release.reviews.values_list("confirmed_at", "boxes_digest")) == [(None, "")] * 2
    assert [one.pk for one in waiting_for(actor)] == [release.pk]
    open_it(place, release, now, run_jobs)


def test_a_second_confirmation_of_other_words_asks_the_first_reader_again(place, release, now):
    stated = {"face": "defaced", "face_reason": "looked"} if release.shows_face else {}
    confirm_all(place, place.officer, release, now, **stated)
    release.reviews.update(boxes_digest="of older code")

    assert confirm_all(place, place.officer2, release, now, **stated) is False
    assert [one.pk for one in waiting_for(place.actor(place.officer))] == [release.pk]
    assert confirm_all(place, place.officer, release, now, **stated) is True


def test_the_words_of_all_headers_are_read_for_a_frame_only_where_two_have_confirmed(
    place, release, now, django_assert_num_queries
):
    stated = {"face": "defaced", "face_reason": "looked"} if release.shows_face else {}
    confirm_all(place, place.officer, release, now, **stated)

    with django_assert_num_queries(1) as asked:
        assert is_confirmed(release) is False
    assert "descriptors" not in asked.captured_queries[0]["sql"]

    assert confirm_all(place, place.officer2, release, now, **stated) is True
    with django_assert_num_queries(5):
        assert is_confirmed(release) is True


def test_the_page_marks_and_strikes_header_words(place, release, now):
    client = sign_in(Client(headers={"accept-language": "en"}), place.officer)

    page = client.get(reverse("media_pipeline:deid_release", args=[release.pk])).content.decode()
    assert page.count("Confirm the text</button>") == 2
    assert "<mark>Head</mark> of <mark>SHIYAN</mark>" in page
    struck = client.post(reverse("media_pipeline:deid_strike", args=[release.pk]), {"words": "shiyan"}, follow=True)

    assert "<del>shiyan</del>" in struck.content.decode()
    assert "SHIYAN" not in struck.content.decode()


@pytest.mark.parametrize(
    ("value", "words", "is_whole", "expected"),
    [
        ("A4C DUANMU", "duanmu", True, "A4C"),
        ("DUANMU", "DUANMU", True, ""),
        ("US_DUANMU_A4C", "DUANMU", True, "US__A4C"),
        ("LIVER of Li", "Li", True, "LIVER of"),
        ("A4CDUANMU", "DUANMU", False, "A4C"),
        ("A4CDUANMU", "DUANMU", True, "A4CDUANMU"),
        ("胸部 小岚", "小岚", True, "胸部"),
        ("two  blanks", "word", True, "two  blanks"),
    ],
)
def test_a_value_of_a_header_loses_exact_words(value, words, is_whole, expected):
    assert strike_value(value, words, is_whole=is_whole)[0] == expected


def test_a_word_goes_from_inside_of_longer_ones_only_where_it_stands_nowhere_by_itself(place, release, now):
    actor = place.actor(place.officer)

    reading.strike_words(actor=actor, release_id=release.pk, words="shi", now=now)
    assert (shown(release), reading_of(release).texts) == (SHOWN, {"question": "Is it [struck out]?"})
    reading.strike_words(actor=actor, release_id=release.pk, words="iyan", now=now)

    assert shown(release)["StudyDescription"] == ["Head of SH"]


def test_nested_and_several_values_are_struck_and_a_machines_word_gets_its_stand_in():
    dataset, item = Dataset(), Dataset()
    item.SeriesDescription, item.CodeMeaning = "Shiyan", "Shiyan"
    dataset.ReferencedSeriesSequence = Sequence([item])
    dataset.ConvolutionKernel, dataset.RescaleType = ["B30 SHIYAN", "STD"], "Shiyan"
    dataset.PatientID, dataset.PixelSpacing = "Shiyan", [1, 1]

    strike_descriptors(dataset, [{"words": "shiyan", "is_whole": True}])

    assert (item.SeriesDescription, item.CodeMeaning, dataset.PatientID) == ("", "REMOVED", "Shiyan")
    assert ([*dataset.ConvolutionKernel], dataset.RescaleType) == (["B30", "STD"], "REMOVED")


def test_codes_lose_struck_words_and_stay_valid():
    """Of a registered vocabulary only whole words, of codes by which a file is read nothing."""
    dataset = Dataset()
    dataset.ProcedureCodeSequence = Sequence([code("SHIYAN", "99HOUSE", "A4C Shiyan"), code("X1", "", "A4CSHIYAN")])
    dataset.ViewCodeSequence = Sequence([code("SHIYAN", "SCT", "A4C Shiyan"), code("399214001", "SCT", "ShiyanX view")])
    dataset.ImageType, dataset.ScanOptions = ["ORIGINAL", "PRIMARY", "SHIYAN"], "A_SHIYAN"
    dataset.Modality, dataset.PhotometricInterpretation, dataset.ImageLaterality = "MR", "MONOCHROME2", "L"

    assert descriptors_of(dataset) == {
        "CodeMeaning": ["A4C Shiyan", "A4CSHIYAN"],
        "CodeValue": ["SHIYAN", "X1"],
        "CodingSchemeDesignator": ["99HOUSE"],
    }
    strike_descriptors(dataset, [{"words": words, "is_whole": False} for words in ("shiyan", "L", "MR", "MONOCHROME2")])

    codes = [
        (item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning)
        for item in (*dataset.ProcedureCodeSequence, *dataset.ViewCodeSequence)
    ]
    assert codes == [
        ("REMOVED", "99HOUSE", "A4C"),
        ("X1", "", "A4C"),
        ("REMOVED", "SCT", "A4C"),
        ("399214001", "SCT", "ShiyanX view"),
    ]
    assert ([*dataset.ImageType], dataset.ScanOptions) == (["ORIGINAL", "PRIMARY", "REMOVED"], "REMOVED")
    assert (dataset.Modality, dataset.PhotometricInterpretation, dataset.ImageLaterality) == ("MR", "MONOCHROME2", "L")
