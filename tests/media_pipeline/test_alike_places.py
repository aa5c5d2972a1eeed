"""The same rectangle in many recordings: seen on one sheet, decided together, each decision a row of its own."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from PIL import Image
from pydicom import dcmread
from pydicom.encaps import encapsulate, generate_fragmented_frames
from pydicom.uid import generate_uid

from core.audit.models import AuditEntry
from core.audit.words import fact_words
from media_pipeline.deid import marks
from media_pipeline.errors import BothConfirmed, PlacesUndecided, SheetChanged
from media_pipeline.models import RedactionBox
from media_pipeline.release import marking, reviewing, together
from media_pipeline.release.alike import groups_of
from media_pipeline.release.desk import review_page
from media_pipeline.release.places import places_of, undecided_in
from media_pipeline.release.rectangles import NEAR, Rectangle, rectangle_of, screen_of
from media_pipeline.release.sheets import sheet_for
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_release_line import confirm_all
from tests.media_pipeline.test_second_thoughts import start, url

RECORDINGS = 3
FRAMES = 12
LOGO = Rectangle(0, 0, 80, 22)


def short_copy(source: Path, folder: Path, number: int, *, machine: str = "A") -> Path:
    """Another recording of the same machine: the first frames of the loop under a name of its own."""
    dataset = dcmread(source)
    frames = [b"".join(parts) for parts in generate_fragmented_frames(dataset.PixelData, number_of_frames=120)]
    dataset.PixelData = encapsulate(frames[:FRAMES])
    dataset.NumberOfFrames = FRAMES
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid(
        entropy_srcs=[f"alike{number}"]
    )
    dataset.InstanceNumber = number
    dataset.StationName = machine
    dataset["PixelData"].is_undefined_length = True
    path = folder / f"{number}.dcm"
    dataset.save_as(path)
    return path


@pytest.fixture
def release(place, echo, tmp_path, now, run_jobs):
    """Three recordings of one machine and one of another, in pixel review."""
    files = [short_copy(echo, tmp_path, number) for number in range(1, RECORDINGS + 1)]
    files.append(short_copy(echo, tmp_path, 9, machine="B"))
    started = start(place, files, now, run_jobs)
    run_jobs()
    return started


@pytest.fixture
def candidates(release):
    return list(release.candidates.all())


@pytest.fixture
def mark(candidates):
    """The first place of the first recording."""
    return places_of(candidates[0], None, "").items[0]


@pytest.fixture
def reader(place) -> Client:
    return client_of(place.officer)


def client_of(person) -> Client:
    person.language = "en"
    person.save()
    return sign_in(Client(), person)


def address(name: str, candidate, rectangle: Rectangle) -> str:
    corners = rectangle.corners()
    return reverse(f"media_pipeline:{name}", args=[candidate.release_id, candidate.pk, *corners.values()])


def page_of(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def keys_of(page: BeautifulSoup) -> list[str]:
    return [str(node["value"]) for node in page.select("input[name=place]")]


def same_marks(candidates, mark) -> list[str]:
    """The keys of this mark in the recordings of its machine."""
    return [f"{candidate.pk}:{mark.key}" for candidate in candidates[:RECORDINGS]]


def decide(client: Client, candidate, rectangle, act: str, places, **more):
    form = {"act": act, "place": places, "looked": "on", "show": "suggested", **more}
    return client.post(address("deid_alike_decide", candidate, rectangle), form)


def state_of(release) -> tuple[object, ...]:
    """Everything that a decision could change."""
    reviews = [
        (review.reader_id, review.left_visible, review.confirmed_at) for review in release.reviews.order_by("pk")
    ]
    boxes = sorted((box.candidate_id, *box.corners().values()) for box in RedactionBox.objects.all())
    return reviews, boxes, AuditEntry.objects.filter(action__startswith="release.").count()


def test_a_rectangle_is_the_same_within_a_cell_and_half_its_area():
    wide = Rectangle(100, 50, 80, 30)

    assert NEAR == marks.CELL
    assert wide.is_same(Rectangle(108, 50, 72, 30)) and wide.is_same(Rectangle(100, 50, 88, 30))
    assert not wide.is_same(Rectangle(100, 50, 89, 30))
    assert not wide.is_same(Rectangle(109, 50, 71, 30))
    low = Rectangle(100, 50, 80, 12)
    assert low.is_same(Rectangle(100, 54, 80, 12)) and not low.is_same(Rectangle(100, 55, 80, 12))
    assert low.with_(Rectangle(96, 54, 80, 12)) == Rectangle(96, 50, 84, 16)


def test_recordings_of_another_machine_have_another_screen(candidates):
    assert [screen_of(candidate)[:4] for candidate in candidates] == [(640, 480, "US", "YBR_FULL_422")] * 4
    machines = [candidate.findings["machine"] for candidate in candidates]
    assert (len(set(machines[:3])), len(set(machines)), [len(name) for name in machines]) == (1, 2, [16] * 4)


def test_the_desk_says_how_many_wait_and_groups_equal_ones(reader, release, candidates):
    groups = groups_of(undecided_in(candidates, None))

    number = len(candidates[0].findings["marks"])
    assert sorted(group.number for group in groups) == [1] * number + [3] * number
    page = page_of(reader.get(url("deid_release", release)))
    card = page.select_one("[aria-labelledby=waiting]")
    assert f"{4 * number} places wait for you. They are {2 * number} different rectangles." in card.get_text()
    links = [link.get_text() for link in card.select("li a")]
    assert links == ["Look at 3 recordings together"] * number + ["Decide this place"] * number


def test_after_one_is_decided_the_others_are_offered_and_seen_together(place, reader, release, candidates, mark, now):
    call = {"actor": place.actor(place.officer), "release_id": release.pk, "now": now}
    marking.leave_mark(**call, candidate_id=candidates[0].pk, number=mark.mark, is_left=True)

    page = page_of(reader.get(url("deid_release", release)))
    offer = page.select_one(".x-al__offer a")
    sheet = page_of(reader.get(offer["href"]))

    assert offer.get_text() == f"Place {mark.sign}: look at 2 recordings"
    assert keys_of(sheet) == same_marks(candidates, mark)[1:]
    assert sheet.select("input[name=place][checked]") == []
    assert [tab.get_text() for tab in sheet.select(".x-tabs a")] == [
        "To decide 2", "Left visible 1", "Covered 0", "Nothing noticed there 0",
    ]  # fmt: skip
    all_ticked = next(link["href"] for link in sheet.select(".x-al a") if "ticks=all" in link["href"])
    every = page_of(reader.get(all_ticked))
    assert len(every.select("input[name=place][checked]")) == 2


def test_the_ticked_are_left_visible_by_this_reader_each_with_its_entry(
    place, reader, release, candidates, mark, settings, tmp_path
):
    settings.XINGLIN_AUDIT_HEADS = tmp_path / "heads.jsonl"  # those of other tests stay out of it
    keys = same_marks(candidates, mark)

    answer = decide(reader, candidates[0], rectangle_of(mark), "leave", keys[:2])

    assert answer.status_code == 302
    review = release.reviews.get()
    assert review.reader == place.officer
    assert review.left_visible == {str(candidate.pk): [mark.mark] for candidate in candidates[:2]}
    left = [entry.details for entry in AuditEntry.objects.filter(action="release.mark_left").order_by("pk")]
    assert left == [{"candidate": str(candidate.pk), "mark": mark.mark} for candidate in candidates[:2]]
    act = AuditEntry.objects.get(action="release.decided_together")
    assert act.details == {"act": "leave", "places": 2, **rectangle_of(mark).corners()}
    with override("en"):
        words, said = fact_words("act", "leave")
    assert (words, said.words) == ("Decision", "Left visible")
    call_command("verify_audit", stdout=io.StringIO())
    other = page_of(client_of(place.officer2).get(address("deid_alike", candidates[0], rectangle_of(mark))))
    assert keys_of(other) == keys
    assert other.select("input[name=place][checked]") == []
    assert sheet_for(
        actor=place.actor(place.officer), release_id=release.pk, candidate_id=candidates[0].pk,
        rectangle=rectangle_of(mark),
    ).counts == {"suggested": 1, "left": 2, "covered": 0, "bare": 0}  # fmt: skip


def test_what_was_left_together_is_decided_again_one_by_one_and_as_a_whole(place, reader, release, candidates, mark):
    keys = same_marks(candidates, mark)
    decide(reader, candidates[0], rectangle_of(mark), "leave", keys)

    reader.post(url("deid_mark", release), {"candidate": candidates[1].pk, "mark": mark.mark})
    one = release.reviews.get().left_visible
    decide(reader, candidates[0], rectangle_of(mark), "again", [keys[0], keys[2]])

    assert one == {str(candidates[0].pk): [mark.mark], str(candidates[1].pk): [], str(candidates[2].pk): [mark.mark]}
    assert release.reviews.get().left_visible == {str(candidate.pk): [] for candidate in candidates[:3]}
    assert AuditEntry.objects.filter(action="release.mark_reopened").count() == 3


def test_covering_together_draws_one_rectangle_each_and_voids_confirmations(place, reader, release, candidates, now):
    confirm_all(place, place.officer2, release, now)
    sheet = page_of(reader.get(address("deid_alike", candidates[0], LOGO)))
    bare = [f"{candidate.pk}:bare" for candidate in candidates[:3]]
    assert keys_of(sheet) == bare

    decide(reader, candidates[0], LOGO, "cover", bare, reason="hospital")

    boxes = list(RedactionBox.objects.order_by("candidate__position"))
    assert [(box.candidate_id, box.corners(), box.reason, box.drawn_by) for box in boxes] == [
        (candidate.pk, LOGO.corners(), "hospital", place.officer) for candidate in candidates[:3]
    ]
    assert release.reviews.get(reader=place.officer2).confirmed_at is None
    assert AuditEntry.objects.filter(action="release.box_drawn").count() == 3
    keys = [f"{box.candidate_id}:box-{box.pk}" for box in boxes]
    decide(reader, candidates[0], LOGO, "remove", keys[1:])
    assert RedactionBox.objects.get() == boxes[0]
    looked = release.reviews.get(reader=place.officer2).frames
    assert sorted(looked) == sorted(str(candidates[at].pk) for at in (0, 3))
    assert AuditEntry.objects.filter(action="release.box_removed").count() == 2


def test_a_cover_reaches_around_the_mark_of_each_recording(reader, release, candidates, mark):
    wider = Rectangle(max(0, mark.left - 3), mark.top, mark.width, mark.height)

    decide(reader, candidates[0], wider, "cover", same_marks(candidates, mark))

    assert [box.corners() for box in RedactionBox.objects.all()] == [
        wider.with_(rectangle_of(mark)).corners() for _each in range(3)
    ]
    for candidate in release.candidates.prefetch_related("boxes")[:3]:
        assert mark.key not in [place.key for place in places_of(candidate, None, "").items]


UNSEEN = "you have not said that you looked at every picture"
CHANGED = "were decided or changed since you opened it"
TOO_LITTLE = [
    ({"looked": ""}, 422, UNSEEN),
    ({"place": []}, 422, "no picture of this sheet is ticked"),
    ({"act": "none"}, 409, CHANGED),
    ({"act": "remove"}, 409, CHANGED),
    ({"place": ["x"]}, 409, CHANGED),
]


def test_a_form_that_says_too_little_decides_nothing_and_keeps_its_ticks(reader, release, candidates, mark):
    keys = same_marks(candidates, mark)
    before = state_of(release)
    for change, status, sentence in TOO_LITTLE:
        form = {"act": "leave", "place": keys[:2], "looked": "on", "show": "suggested"} | change

        answer = reader.post(address("deid_alike_decide", candidates[0], rectangle_of(mark)), form)

        page = page_of(answer)
        assert (answer.status_code, sentence in page.get_text()) == (status, True)
        ticked = [node["value"] for node in page.select("input[name=place][checked]")]
        assert ticked == [key for key in keys if key in form["place"]]
        assert state_of(release) == before


def test_a_stale_sheet_saves_nothing_of_it(place, reader, release, candidates, mark, now):
    """Given a sheet of three, when the other officer covers one meanwhile, then none of the three is left visible."""
    keys = same_marks(candidates, mark)
    reviewing.draw_box(
        actor=place.actor(place.officer2), release_id=release.pk, candidate_id=candidates[1].pk, reason="", now=now,
        **rectangle_of(mark).corners(),
    )  # fmt: skip
    before = state_of(release)

    answer = decide(reader, candidates[0], rectangle_of(mark), "leave", keys)

    assert (answer.status_code, state_of(release)) == (409, before)
    assert keys_of(page_of(answer)) == [keys[0], keys[2]]


@pytest.mark.parametrize("act", ["leave", "cover"])
def test_a_second_click_says_so_and_changes_nothing(reader, release, candidates, mark, act):
    keys = same_marks(candidates, mark)
    decide(reader, candidates[0], rectangle_of(mark), act, keys)
    before = state_of(release)

    answer = decide(reader, candidates[0], rectangle_of(mark), act, keys)

    assert (answer.status_code, state_of(release)) == (302, before)
    assert "These places are decided already. Nothing was changed." in reader.get(answer["Location"]).content.decode()


def test_more_than_one_sheet_holds_is_not_decided_at_once(place, release, candidates, mark, now, monkeypatch):
    monkeypatch.setattr(together, "CROPS_PER_SHEET", 2)

    with pytest.raises(SheetChanged):
        together.decide_together(
            actor=place.actor(place.officer), release_id=release.pk, candidate_id=candidates[0].pk, now=now,
            act="leave", rectangle=rectangle_of(mark), places=same_marks(candidates, mark), has_looked=True,
        )  # fmt: skip

    assert not release.reviews.exists()


def test_a_crop_shows_three_frames_and_is_kept_nowhere(reader, release, candidates, mark):
    answer = reader.get(address("deid_strip", candidates[0], rectangle_of(mark)))

    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/jpeg", "no-store")
    sheet = page_of(reader.get(address("deid_alike", candidates[0], rectangle_of(mark))))
    shown = sheet.select_one(".x-al__crop img")
    assert shown["src"] == address("deid_strip", candidates[0], rectangle_of(mark))
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size == (int(shown["width"]), int(shown["height"]))


def test_a_rectangle_outside_of_the_picture_has_no_sheet(reader, candidates):
    for outside in (Rectangle(600, 0, 80, 20), Rectangle(0, 0, 0, 20), Rectangle(0, 0, 80, 10**30)):
        for name in ("deid_strip", "deid_alike"):
            assert reader.get(address(name, candidates[0], outside)).status_code == 422


def test_sheet_and_crops_end_with_the_reading_and_open_to_nobody_else(place, reader, release, candidates, mark, now):
    rectangle = rectangle_of(mark)
    crop = address("deid_strip", candidates[0], rectangle)
    outsider = sign_in(Client(), place.requester)
    refused = decide(outsider, candidates[0], rectangle, "leave", same_marks(candidates, mark))
    assert [outsider.get(crop).status_code, refused.status_code] == [403, 403]

    reviewing.refuse_release(actor=place.actor(place.officer2), release_id=release.pk, reason="face", now=now)

    before = state_of(release)
    assert reader.get(crop).status_code == 404
    assert reader.get(address("deid_alike", candidates[0], rectangle)).status_code == 404
    answer = decide(reader, candidates[0], rectangle, "leave", same_marks(candidates, mark))
    assert (answer.status_code, answer["Location"], state_of(release)) == (302, url("deid_release", release), before)
    said = page_of(reader.get(answer["Location"])).get_text()
    assert "This step is not possible now: it is already " in said


def test_nothing_is_decided_together_after_both_have_confirmed(place, release, candidates, mark, now):
    for person in (place.officer, place.officer2):
        confirm_all(place, person, release, now)
    before = state_of(release)

    with pytest.raises(BothConfirmed):
        together.decide_together(
            actor=place.actor(place.officer), release_id=release.pk, candidate_id=candidates[0].pk, now=now,
            act="again", rectangle=rectangle_of(mark), places=same_marks(candidates, mark), has_looked=True,
        )  # fmt: skip

    assert state_of(release) == before


def test_the_first_readers_sheet_does_not_decide_for_the_second(place, reader, release, candidates, now):
    for waiting in places_of(candidates[0], None, "").items:
        decide(reader, candidates[0], rectangle_of(waiting), "leave", same_marks(candidates, waiting))
    number = len(candidates[0].findings["marks"])

    mine = review_page(actor=place.actor(place.officer), release_id=release.pk, page=0, frame="")
    other = review_page(actor=place.actor(place.officer2), release_id=release.pk, page=0, frame="")

    assert (len(mine.undecided), len(other.undecided)) == (number, 4 * number)
    frames = [(one.pk, n) for one in candidates for n in range(1, FRAMES + 1)]
    call = {"actor": place.actor(place.officer2), "release_id": release.pk, "now": now}
    reviewing.confirm_frames(**call, frames=frames)
    with pytest.raises(PlacesUndecided) as refused:
        reviewing._check_all_seen(release, release.reviews.get(reader=place.officer2))
    assert refused.value.params == {"places": 4 * number}
