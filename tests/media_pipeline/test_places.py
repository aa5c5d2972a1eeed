"""The places of a picture: picked one by one, covered, left visible, moved; the page goes on to what still waits."""

from __future__ import annotations

from itertools import starmap
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from core.audit.models import AuditEntry
from core.audit.words import fact_words
from core.jobs.models import Job
from media_pipeline.errors import FramesMissing, PlacesUndecided
from media_pipeline.models import RedactionBox
from media_pipeline.release import marking, reading, reviewing
from media_pipeline.release.desk import review_page
from media_pipeline.release.places import NEW, places_of
from media_pipeline.words import age_words, modality_words, sex_word
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_release_line import confirm_all
from tests.media_pipeline.test_second_thoughts import release, url  # noqa: F401

CORNERS = {"left": 0, "top": 0, "width": 80, "height": 22}


@pytest.fixture
def candidate(release):  # noqa: F811
    return release.candidates.get()


@pytest.fixture
def reader(place) -> Client:
    place.officer.language = "en"
    place.officer.save()
    return sign_in(Client(), place.officer)


def draw_and_confirm(place, release, candidate, now) -> UUID:  # noqa: F811
    """A rectangle; the first reader has confirmed all, the second has looked at every frame."""
    box_id = reviewing.draw_box(
        actor=place.actor(place.officer),
        release_id=release.pk,
        candidate_id=candidate.pk,
        reason="name",
        now=now,
        **CORNERS,
    )
    confirm_all(place, place.officer, release, now)
    frames = [(candidate.pk, number) for number in range(1, 121)]
    reviewing.confirm_frames(actor=place.actor(place.officer2), release_id=release.pk, frames=frames, now=now)
    return box_id


def page_of(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "html.parser")


def test_a_picked_place_is_a_link_and_has_the_one_bar(reader, release, candidate):  # noqa: F811
    page = page_of(reader, url("deid_release", release))

    links = page.select("[data-board] a")
    assert [link["aria-label"] for link in links][:2] == ["Place A, to decide", "Place B, to decide"]
    assert [link.get("aria-current") for link in links] == ["true", *[None] * 9]
    assert len(page.select("[data-place-form]")) == 1
    third = page_of(reader, url("deid_release", release) + links[2]["href"].partition("#")[0])
    assert third.select_one("[data-place-form] h3").get_text() == "Place C to decide"
    assert third.select_one('[data-place-form] details input[name="left"]')["value"] == str(
        places_of(candidate, None, "").items[2].left
    )
    assert third.select_one("[data-box-form]").has_attr("hidden")
    drawing = page_of(reader, url("deid_release", release) + f"?pick={NEW}")
    assert drawing.select("[data-place-form]") == []
    assert drawing.select_one("[data-box-form] details").has_attr("open")


def test_a_mark_left_visible_is_one_readers_own_and_can_be_decided_again(place, reader, release, candidate, now):  # noqa: F811
    first = places_of(candidate, None, "").items[0]
    form = {"candidate": candidate.pk, "mark": first.mark, "shown": f"{candidate.pk}:5"}

    answer = reader.post(url("deid_mark", release), {**form, "left_visible": "on"})

    assert answer["Location"] == f"{url('deid_release', release)}?frame={candidate.pk}:5#picture"
    review = release.reviews.get()
    assert (review.reader, review.left_visible) == (place.officer, {str(candidate.pk): [first.mark]})
    mine, other = places_of(candidate, review, ""), places_of(candidate, None, "")
    assert ([len(mine.open), len(mine.left)], mine.picked.sign) == ([9, 1], "B")
    assert [len(other.open), len(other.left)] == [10, 0]
    assert AuditEntry.objects.filter(action="release.mark_left").get().details["mark"] == first.mark

    reader.post(url("deid_mark", release), form)
    review.refresh_from_db()
    assert review.left_visible == {str(candidate.pk): []}
    assert AuditEntry.objects.filter(action="release.mark_reopened").count() == 1


def test_an_unknown_mark_and_a_form_without_numbers_change_nothing(place, reader, release, candidate):  # noqa: F811
    for values in ({"candidate": candidate.pk, "mark": 99}, {"candidate": candidate.pk, "mark": "x"}, {}):
        assert reader.post(url("deid_mark", release), {**values, "left_visible": "on"}).status_code == 302

    assert not release.reviews.exclude(left_visible={}).exists()
    assert not AuditEntry.objects.filter(action="release.mark_left").exists()


def test_a_drawn_rectangle_is_picked_a_covered_suggestion_leads_on(reader, release, candidate):  # noqa: F811
    form = {"candidate": candidate.pk, "shown": f"{candidate.pk}:1", "reason": "name", **CORNERS}

    drawn = reader.post(url("deid_box", release), {**form, "stay": ""})
    covered = reader.post(url("deid_box", release), form)

    box = RedactionBox.objects.order_by("drawn_at").first()
    assert parse_qs(urlsplit(drawn["Location"]).query) == {"frame": [f"{candidate.pk}:1"], "pick": [f"box-{box.pk}"]}
    assert parse_qs(urlsplit(covered["Location"]).query) == {"frame": [f"{candidate.pk}:1"]}
    page = page_of(reader, drawn["Location"].partition("#")[0])
    assert page.select_one("[data-place-form] h3").get_text() == "Rectangle 1 covered"
    assert "Take rectangle 1 away" in page.select_one("[data-place-form]").get_text()


def test_a_moved_rectangle_keeps_its_reason_and_voids_what_was_confirmed(place, reader, release, candidate, now):  # noqa: F811
    call = {"actor": place.actor(place.officer2), "release_id": release.pk, "now": now}
    box_id = reviewing.draw_box(**call, candidate_id=candidate.pk, reason="name", **CORNERS)
    confirm_all(place, place.officer2, release, now)
    moved = {"left": 4, "top": 6, "width": 70, "height": 30}

    address = reverse("media_pipeline:deid_box_move", args=[release.pk, box_id])
    answer = reader.post(address, {**moved, "shown": f"{candidate.pk}:1"})

    box = RedactionBox.objects.get()
    assert (box.pk, box.corners(), box.reason) == (box_id, moved, "name")
    assert f"pick=box-{box_id}" in answer["Location"]
    assert release.reviews.get(reader=place.officer2).confirmed_at is None
    entry = AuditEntry.objects.get(action="release.box_moved")
    before = {"left_before": 0, "top_before": 0, "width_before": 80, "height_before": 22}
    assert entry.details == {"candidate": str(candidate.pk), **moved, **before}


def test_an_auditor_reads_in_words_what_was_done_to_a_place(place, reader, release, candidate, now):  # noqa: F811
    call = {"actor": place.actor(place.officer), "release_id": release.pk, "now": now}
    box_id = reviewing.draw_box(**call, candidate_id=candidate.pk, reason="name", **CORNERS)
    marking.leave_mark(**call, candidate_id=candidate.pk, number=1, is_left=True)
    marking.move_box(**call, box_id=box_id, left=4, top=6, width=70, height=30)
    reviewing.remove_box(**call, box_id=box_id)

    actions = ("release.mark_left", "release.box_moved", "release.box_removed")
    with override("en"):
        left, moved, removed = (
            {words: said.words for words, said in starmap(fact_words, entry.details.items())}
            for entry in (AuditEntry.objects.get(action=action) for action in actions)
        )

    image = {"Image object": f"…{str(candidate.pk)[-8:]}"}
    after = {"Left": "4", "Top": "6", "Width": "70", "Height": "30"}
    before = {"Left before": "0", "Top before": "0", "Width before": "80", "Height before": "22"}
    assert left == {**image, "Suspected mark": "1"}
    assert moved == {**image, **after, **before}
    assert removed == {**image, **after}
    with override("zh-hans"):
        assert fact_words("left_before", 0)[0] == "原左"
        assert fact_words("mark", 1)[0] == "疑似文字"


@pytest.mark.parametrize(
    ("moved", "looked"),
    [
        ({"left": 0, "top": 0, "width": 90, "height": 22}, 120),
        ({**CORNERS}, 120),
        ({**CORNERS, "left": 1}, 0),
        ({**CORNERS, "width": 79}, 0),
        ({**CORNERS, "top": 40}, 0),
        ({**CORNERS, "height": 21}, 0),
    ],
)
def test_frames_are_looked_at_again_where_a_moved_rectangle_uncovers_pixels(
    place,
    reader,
    release,  # noqa: F811
    candidate,
    now,
    moved,
    looked,
):
    box_id = draw_and_confirm(place, release, candidate, now)
    other = {str(UUID(int=7)): [1, 2]}
    review = release.reviews.get(reader=place.officer)
    review.frames |= other
    review.save()

    reader.post(reverse("media_pipeline:deid_box_move", args=[release.pk, box_id]), moved)

    for person in (place.officer, place.officer2):
        review = release.reviews.get(reader=person)
        assert (len(review.confirmed_frames(candidate.pk)), review.confirmed_at) == (looked, None)
    assert other.items() <= release.reviews.get(reader=place.officer).frames.items()


def test_frames_are_looked_at_again_where_a_rectangle_was_taken_away(place, reader, release, candidate, now):  # noqa: F811
    box_id = draw_and_confirm(place, release, candidate, now)

    reader.post(reverse("media_pipeline:deid_box_remove", args=[release.pk, box_id]))

    assert not RedactionBox.objects.exists()
    assert [review.frames for review in release.reviews.all()] == [{}, {}]
    for person in (place.officer, place.officer2):
        with pytest.raises(FramesMissing) as refused:
            reviewing.confirm_release(actor=place.actor(person), release_id=release.pk, now=now)
        assert refused.value.params == {"missing": 120}
    assert page_of(reader, url("deid_release", release)).select_one(".x-di__done").get_text().strip() == (
        "0 of 120 looked at"
    )


def test_a_rectangle_that_is_not_moved_for_good_keeps_what_was_looked_at(place, reader, release, candidate, now):  # noqa: F811
    box_id = draw_and_confirm(place, release, candidate, now)

    reader.post(reverse("media_pipeline:deid_box_move", args=[release.pk, box_id]), {**CORNERS, "left": 9_999})

    assert [len(review.confirmed_frames(candidate.pk)) for review in release.reviews.all()] == [120, 120]
    assert [review.confirmed_at for review in release.reviews.order_by("pk")] == [now, None]


@pytest.mark.parametrize("values", [{"left": 600}, {"width": 0}, {"height": 9_999}, {"left": "-1"}, {"top": ""}])
def test_a_rectangle_is_not_moved_out_of_the_picture(place, reader, release, candidate, now, values):  # noqa: F811
    call = {"actor": place.actor(place.officer), "release_id": release.pk, "now": now}
    box_id = reviewing.draw_box(**call, candidate_id=candidate.pk, reason="name", **CORNERS)

    address = reverse("media_pipeline:deid_box_move", args=[release.pk, box_id])
    answer = reader.post(address, {**CORNERS, **values}, follow=True)

    assert len(BeautifulSoup(answer.content, "html.parser").select(".x-note--danger, .x-toast, [role=alert]")) >= 1
    assert RedactionBox.objects.get().corners() == CORNERS
    assert not AuditEntry.objects.filter(action="release.box_moved").exists()


def test_the_page_opens_where_this_reader_left_off_and_goes_on(place, reader, release, candidate, now):  # noqa: F811
    actor = place.actor(place.officer)
    frames = [(candidate.pk, number) for number in (*range(1, 46), 47)]
    reviewing.confirm_frames(actor=actor, release_id=release.pk, frames=frames, now=now)

    page = review_page(actor=actor, release_id=release.pk, page=0, frame="")

    assert (page.page, page.current.index, page.before.index, page.after.index) == (2, 46, 45, 47)
    assert (page.next_open.index, page.confirmed) == (48, 46)
    last = review_page(actor=actor, release_id=release.pk, page=1, frame=f"{candidate.pk}:120")
    assert (last.page, last.after, last.next_open.index) == (3, None, 46)
    shown = page_of(reader, url("deid_release", release))
    assert shown.select_one(".x-di__done").get_text().strip() == "46 of 120 looked at"
    confirm = shown.select_one("[data-press=Enter]").find_parent("form")
    assert confirm.select_one("[name=shown]")["value"] == f"{candidate.pk}:48"


def test_nobody_confirms_while_a_place_waits_for_that_reader(place, reader, release, candidate, now):  # noqa: F811
    confirm_all(place, place.officer2, release, now)  # the other one has decided all ten
    call = {"actor": place.actor(place.officer), "release_id": release.pk, "now": now}
    reviewing.confirm_frames(**call, frames=[(candidate.pk, number) for number in range(1, 121)])
    reading.confirm_texts(**call)

    with pytest.raises(PlacesUndecided) as refused:
        reviewing.confirm_release(**call)
    answer = reader.post(url("deid_confirm", release), follow=True)

    assert refused.value.params == {"places": 10}
    page = BeautifulSoup(answer.content, "html.parser")
    assert "Places in the pictures that may be writing are not decided yet: 10." in page.get_text()
    link = page.select_one("a[data-undecided]")
    first = places_of(candidate, None, "").items[0]
    assert link.get_text() == "10 places are not decided."
    assert link["href"] == f"?frame={candidate.pk}:1&pick={first.key}#picture"
    assert [review.confirmed_at for review in release.reviews.order_by("pk")] == [now, None]
    assert AuditEntry.objects.filter(action="release.confirmed").count() == 1
    assert not Job.objects.filter(name="media_pipeline.open_release").exists()


def test_a_covered_place_is_decided_for_both_and_the_others_by_each(place, reader, release, candidate, now):  # noqa: F811
    first, *others = places_of(candidate, None, "").items
    corners = {name: getattr(first, name) for name in CORNERS}
    reviewing.draw_box(
        actor=place.actor(place.officer2),
        release_id=release.pk,
        candidate_id=candidate.pk,
        reason="name",
        now=now,
        **corners,
    )
    call = {"actor": place.actor(place.officer), "release_id": release.pk, "now": now}
    for waiting in others[1:]:
        marking.leave_mark(**call, candidate_id=candidate.pk, number=waiting.mark, is_left=True)

    link = page_of(reader, url("deid_release", release)).select_one("a[data-undecided]")

    assert (link.get_text(), f"pick={others[0].key}#" in link["href"]) == ("1 place is not decided.", True)
    assert confirm_all(place, place.officer, release, now) is False
    assert page_of(reader, url("deid_release", release)).select_one("a[data-undecided]") is None


def test_who_decides_again_has_not_confirmed_any_longer(place, reader, release, candidate, now):  # noqa: F811
    confirm_all(place, place.officer, release, now)
    again = {"candidate": candidate.pk, "mark": 3}

    reader.post(url("deid_mark", release), again)

    assert release.reviews.get().confirmed_at is None
    assert page_of(reader, url("deid_release", release)).select_one("a[data-undecided]").get_text() == (
        "1 place is not decided."
    )
    confirm_all(place, place.officer, release, now)
    confirm_all(place, place.officer2, release, now)
    reader.post(url("deid_mark", release), again)
    assert [review.confirmed_at for review in release.reviews.all()] == [now, now]
    assert AuditEntry.objects.filter(action="release.mark_reopened").count() == 1


def test_marks_of_a_row_that_older_code_wrote_are_all_open(place, release, candidate, now):  # noqa: F811
    review = release.reviews.create(reader=place.officer, left_visible=None)

    assert len(places_of(candidate, review, "").open) == 10
    call = {"actor": place.actor(place.officer), "release_id": release.pk, "now": now}
    marking.leave_mark(**call, candidate_id=candidate.pk, number=1, is_left=True)
    review.refresh_from_db()
    assert review.left_visible == {str(candidate.pk): [1]}


@pytest.mark.parametrize(
    ("words", "code", "chinese", "english"),
    [
        (modality_words, "US", "超声 US", "Ultrasound"),
        (modality_words, "CT\\PT", "CT · PET", "CT · PET"),
        (modality_words, "ZZ", "ZZ", "ZZ"),
        (sex_word, "F", "女", "Female"),
        (sex_word, "x", "x", "x"),
        (age_words, "048Y", "48 岁", "48 years"),
        (age_words, "Y", "Y", "Y"),
    ],
)
def test_codes_of_a_header_are_words(words, code, chinese, english):
    with override("zh-hans"):
        assert words(code) == chinese
    with override("en"):
        assert words(code) == english
