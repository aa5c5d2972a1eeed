"""The same mark in several loops: looked at on one sheet, decided together, by each of two readers."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect
from pydicom import dcmread
from pydicom.encaps import encapsulate, generate_fragmented_frames
from pydicom.uid import generate_uid

from config.story.play import leave_a_release_waiting
from config.story.tales import BREATHLESS
from tests.journeys.story.stage import told_of
from tests.journeys.story.troupe import Troupe
from tests.journeys.story.walker import Walker

ECHO = Path(__file__).resolve().parents[1] / "data" / "dicom" / "us_cine" / "color3d_jpeg_baseline.dcm"
RECORDINGS, FRAMES = 3, 12


@pytest.fixture
def loops(tmp_path) -> Path:
    """Three short loops of one machine."""
    folder = tmp_path / "loops"
    folder.mkdir()
    dataset = dcmread(ECHO)
    parts = generate_fragmented_frames(dataset.PixelData, number_of_frames=int(dataset.NumberOfFrames))
    dataset.PixelData = encapsulate([b"".join(frame) for frame in parts][:FRAMES])
    dataset["PixelData"].is_undefined_length = True
    dataset.NumberOfFrames = FRAMES
    for number in range(1, RECORDINGS + 1):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.InstanceNumber = number
        dataset.save_as(folder / f"{number}.dcm")
    return folder


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 360)])
def test_one_place_is_decided_then_the_same_in_the_other_loops(demo, chromium, tmp_path, loops, language, width):
    # Given a release of three loops, and its first reader
    release = leave_a_release_waiting(demo.base_url, timezone.now(), loops, told_of("sheet", BREATHLESS))
    troupe = Troupe(chromium, demo, language=language, width=width, sessions={}, pictures=tmp_path)
    with troupe.window("deid_officer") as first:
        first.open(release)
        marks = first.main.locator("[aria-labelledby=waiting] li").count()
        waiting = marks * RECORDINGS
        _waits(first, waiting)
        first.examine()
        # When one place is left visible, the same in the other two is offered
        first.turn(first.main.locator("a[data-undecided]"))
        first.send("Leave it visible")
        first.turn(first.main.locator(".x-al__offer a").first)
        ticks = first.main.locator("input[name=place]")
        expect(ticks).to_have_count(RECORDINGS - 1)
        _all_seen(first)
        first.examine()
        # And one of them is ticked by the keyboard and left visible with a double click
        ticks.first.focus()
        first.page.keyboard.press("Space")
        first.press(_looked(first))
        first.send("Leave the ticked ones visible")
        _waits(first, waiting - 2)
        # And the rest is covered with Enter in what it is
        first.turn(first.main.locator(".x-al__offer a").first)
        first.follow("Tick all")
        first.press(_looked(first))
        reason = first.main.locator("input[name=reason]")
        reason.fill("hospital name")
        with first.page.expect_navigation():
            reason.press("Enter")
        covered = first.words.counted("%(number)d place covered.", "%(number)d places covered.", 1, number=1)
        expect(first.page.get_by_text(covered, exact=True)).to_be_visible()
        _waits(first, waiting - 3)
        first.examine()
    # Then the second reader's sheet has every loop that is not covered, and no tick of the first
    with troupe.window("deid_officer2") as second:
        second.open(release)
        _waits(second, waiting - 1)
        pair = second.words.counted("Look at %(n)s recording", "Look at %(n)s recordings together", 2, n=2)
        second.turn(second.link(pair))
        expect(second.main.locator("input[name=place]")).to_have_count(2)
        expect(second.main.locator("input[name=place]:checked")).to_have_count(0)
        _all_seen(second)
        second.examine()


def _waits(reader: Walker, number: int) -> None:
    expect(reader.main.locator("[aria-labelledby=waiting] .x-count")).to_have_text(str(number))


def _looked(reader: Walker) -> Locator:
    return reader.main.locator("input[name=looked]")


def _all_seen(reader: Walker) -> None:
    """Every crop of the sheet is a picture when one has come to it."""
    for crop in reader.main.locator(".x-al__crop img").all():
        crop.scroll_into_view_if_needed()
        reader.page.wait_for_function(
            "picture => picture.complete && picture.naturalWidth > 0", arg=crop.element_handle()
        )
