"""The officers' desk: decided releases with who read them, why they ended, and a picture only of what was released."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from core.actor import organisation_token
from media_pipeline import api
from media_pipeline.models import PixelReview, TeachingInstance, TeachingRelease, TeachingSeries
from tests.factories.people import make_person
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_audience import open_release

pytestmark = pytest.mark.django_db


def pictured(place, now, label: str) -> TeachingRelease:
    """An open release of nine frames; nothing of it is rendered."""
    release = open_release(place, now, label)
    series = TeachingSeries.objects.create(study=release.teaching_studies.get(), series_uid=f"1.3.{release.pk.int}")
    TeachingInstance.objects.create(series=series, sop_uid=f"1.4.{release.pk.int}", frames=9, size=1)
    return release


def decided(place, label: str, state: str, at, reason: str = "") -> TeachingRelease:
    return TeachingRelease.objects.create(
        organisation=place.province, label=label, state=state, created_at=at, closed_at=at, reason=reason
    )


def rows(person, query: str) -> list[Tag]:
    client = sign_in(Client(), person)
    page = client.get(reverse("media_pipeline:deid_list") + query, headers={"accept-language": "en"})
    return list(BeautifulSoup(page.content, "html.parser").select(".x-rl__row"))


def labels(person, query: str) -> list[str]:
    return [row.select_one("a").get_text() for row in rows(person, query)]


def test_a_released_row_shows_its_middle_frame_to_the_audience_only(place, now):
    # given two released studies, of which the officers may see one
    seen, unseen = pictured(place, now, "T-SEEN01"), pictured(place, now, "T-UNSEEN")
    holders = [organisation_token(place.province.pk)]
    api.admit(release_ids=[seen.pk], holders=holders, purpose="deidentification", now=now)

    shown = {row.select_one("a").get_text(): row.select_one("img") for row in rows(place.officer, "?tab=open")}

    # then that one has its fifth frame of nine beside it, the other none
    frame = reverse("media_pipeline:teaching_frame", args=[seen.teaching_studies.get().pk, 1, 5])
    assert shown[seen.label]["src"] == f"{frame}?side=160"
    assert shown[unseen.label] is None


def test_the_latest_decision_stands_first_with_who_read_it_and_why_it_ended(place, now):
    # given one that was refused late though begun early, by a reader who had confirmed it
    early = decided(place, "T-EARLY1", "refused", now - timedelta(days=9), "姓氏罕见。")
    late = decided(place, "T-LATE01", "refused", now - timedelta(days=20), "左上角仍可辨认。")
    TeachingRelease.objects.filter(pk=late.pk).update(closed_at=now)
    PixelReview.objects.create(release=late, reader_id=place.officer.pk, confirmed_at=now)

    first, second = rows(place.officer, "?tab=refused")

    assert [row.select_one("a").get_text() for row in (first, second)] == ["T-LATE01", "T-EARLY1"]
    assert first.select_one(".x-rl__why").get_text() == "左上角仍可辨认。"
    assert [item.get_text() for item in first.select(".x-rl__who li")] == [place.officer.name]
    assert "Decided before anybody confirmed it" in second.get_text()
    assert early.label in second.get_text()


def test_a_reader_finds_what_they_confirmed(place, now):
    mine = decided(place, "T-MINE01", "closed", now, "rejected")
    decided(place, "T-OTHER1", "closed", now, "rejected")
    PixelReview.objects.create(release=mine, reader_id=place.officer.pk, confirmed_at=now)

    assert labels(place.officer, "?tab=closed&read=mine") == ["T-MINE01"]
    assert labels(place.officer2, "?tab=closed&read=mine") == []
    assert labels(place.officer2, "?tab=closed&q=other1") == ["T-OTHER1"]


def test_another_province_sees_none_of_it(place, now):
    decided(place, "T-MINE01", "closed", now, "rejected")

    assert labels(make_person(None, "deid_officer"), "?tab=closed") == []


def test_the_list_costs_the_same_for_one_and_for_many(place, now, django_assert_max_num_queries):
    client, address = sign_in(Client(), place.officer), reverse("media_pipeline:deid_list") + "?tab=open"
    pictured(place, now, "T-000001")
    client.get(address)
    with django_assert_max_num_queries(14):
        client.get(address)
    for number in range(2, 9):
        pictured(place, now, f"T-00000{number}")
    with django_assert_max_num_queries(14):
        assert client.get(address).content.count(b"x-rl__row") == 8
