"""Every subject area is shown by a picture of its own."""

from __future__ import annotations

from pathlib import Path

from cms.states import Subject
from cms.web.public import SUBJECT_ICONS

ROOT = Path(__file__).resolve().parents[2]


def test_every_subject_area_has_an_icon_of_its_own():
    # given the icons that the front end is built with
    drawn = set((ROOT / "frontend" / "icons.txt").read_text().split())
    # then each area has one, and no two share it
    assert set(SUBJECT_ICONS) == set(Subject)
    assert len(set(SUBJECT_ICONS.values())) == len(Subject)
    assert set(SUBJECT_ICONS.values()) <= drawn
