"""Where a face may show, both readers say the same: it was defaced, or there is no head. The header claims no more."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pydicom import dcmread

from core.audit.models import AuditEntry
from media_pipeline.access.objects import opened_teaching
from media_pipeline.errors import FaceAnswersDiffer, FaceVisible
from media_pipeline.models import TeachingInstance, TeachingRelease
from media_pipeline.release import reading, reviewing
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_release_line import confirm_all
from tests.media_pipeline.test_second_thoughts import start

NO_HEAD = {"face": "no_head", "face_reason": "Liver and kidneys on every slice."}
DEFACED = {"face": "defaced", "face_reason": "Every slice was checked."}


@pytest.fixture
def release(place, head_slices, now, run_jobs) -> TeachingRelease:
    """Two slices that may show a face, in review; both readers have looked at everything and speak English."""
    started = start(place, head_slices[:2], now, run_jobs)
    run_jobs()
    started.refresh_from_db()
    for person in (place.officer, place.officer2):
        call = {"actor": place.actor(person), "release_id": started.pk, "now": now}
        reviewing.confirm_frames(**call, frames=[(candidate.pk, 1) for candidate in started.candidates.all()])
        reading.confirm_texts(**call)
        person.language = "en"
        person.save()
    return started


def confirm(person, release, values) -> BeautifulSoup:
    address = reverse("media_pipeline:deid_confirm", args=[release.pk])
    return BeautifulSoup(sign_in(Client(), person).post(address, values, follow=True).content, "html.parser")


def stated() -> list[str]:
    rows = AuditEntry.objects.filter(action__startswith="release.stated_").order_by("pk")
    return list(rows.values_list("action", flat=True))


def visible_features() -> list[object]:
    found = []
    for instance in TeachingInstance.objects.all():
        with opened_teaching(instance, instance.series.study.release) as file:
            found.append(dcmread(file).get("RecognizableVisualFeatures"))
    return found


def test_images_without_a_head_are_not_called_defaced(place, release, head_slices, now, run_jobs):
    before = dcmread(head_slices[0]).get("RecognizableVisualFeatures")
    assert (release.shows_face, before == "NO") == (True, False)

    page = confirm(place.officer, release, NO_HEAD)
    assert "You have confirmed this release." in page.get_text()
    assert place.officer.name in confirm(place.officer2, release, {}).select_one("form[action$='/confirm/']").get_text()
    confirm(place.officer2, release, NO_HEAD)
    run_jobs()

    release.refresh_from_db()
    assert (release.state, release.defaced_reason) == ("open", "")
    assert stated() == ["release.stated_no_head"] * 2
    assert visible_features() == [before] * 2
    record = sign_in(Client(), place.officer).get(reverse("media_pipeline:deid_release", args=[release.pk]))
    text = BeautifulSoup(record.content, "html.parser").get_text()
    assert text.count("The images show no head; I checked it") == text.count(NO_HEAD["face_reason"]) == 2
    assert "It was defaced" not in text


def test_a_defaced_head_says_so(place, release, run_jobs):
    for person in (place.officer, place.officer2):
        confirm(person, release, DEFACED)
    run_jobs()

    assert stated() == ["release.stated_defaced"] * 2
    assert visible_features() == ["NO", "NO"]


@pytest.mark.parametrize(("first", "second"), [(NO_HEAD, DEFACED), (DEFACED, NO_HEAD)])
def test_two_answers_that_differ_open_nothing(place, release, now, first, second):
    confirm(place.officer, release, first)

    with pytest.raises(FaceAnswersDiffer):
        reviewing.confirm_release(actor=place.actor(place.officer2), release_id=release.pk, now=now, **second)
    page = confirm(place.officer2, release, second)

    words = {"no_head": "The images show no head; I checked it", "defaced": "It was defaced; I checked it"}
    assert f"{place.officer.name} has answered otherwise: “{words[first['face']]}”." in page.get_text()
    other = release.reviews.get(reader=place.officer2)
    assert (other.confirmed_at, other.face_answer) == (None, "")
    assert len(stated()) == 1


def test_who_takes_the_confirmation_back_may_answer_anew(place, release, now, run_jobs):
    confirm(place.officer, release, DEFACED)
    reviewing.take_confirmation_back(actor=place.actor(place.officer), release_id=release.pk, now=now)

    assert confirm_all(place, place.officer2, release, now, **NO_HEAD) is False
    assert confirm_all(place, place.officer, release, now, **NO_HEAD) is True
    run_jobs()

    assert visible_features() != ["NO", "NO"]


@pytest.mark.parametrize("values", [{}, {"face": "no_head"}, {"face": "other", "face_reason": "x"}])
def test_without_an_answer_and_how_it_was_checked_nothing_is_confirmed(place, release, now, values):
    with pytest.raises(FaceVisible):
        reviewing.confirm_release(actor=place.actor(place.officer), release_id=release.pk, now=now, **values)

    assert not release.reviews.filter(confirmed_at__isnull=False).exists()
    assert stated() == []


def test_an_answer_of_older_code_stands(place, release, now, run_jobs):
    confirm(place.officer, release, DEFACED)
    release.reviews.filter(reader=place.officer).update(face_answer="", face_reason="")
    TeachingRelease.objects.filter(pk=release.pk).update(defaced_reason="By hand.", defaced_by=place.officer)

    with pytest.raises(FaceAnswersDiffer):
        confirm_all(place, place.officer2, release, now, **NO_HEAD)
    confirm_all(place, place.officer2, release, now, **DEFACED)
    run_jobs()

    assert visible_features() == ["NO", "NO"]
