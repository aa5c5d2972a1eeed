"""The story has titles of its own only where it was begun before on the same data folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup

from config.story.own import Own
from config.story.play import _renewed
from config.story.tales import BREATHLESS, HEADACHE
from config.story.trial import tale_for

CONSULT = "549110a4-4b2b-4e37-9124-217b86ee328c"
AT = datetime(2026, 11, 27, 2, 52, tzinfo=UTC)


@dataclass
class Found:
    """A list of consults in which was searched for a title: the words come back in the filter."""

    rows: str
    title: str = BREATHLESS.case_title
    requester: str = "requester"

    def __getitem__(self, person: str) -> Found:
        assert person == self.requester
        return self

    def get(self, address: str) -> Any:
        assert address == f"/consults/?tab=all&q={self.title}"
        echo = f'<a href="?tab=all">搜索 {self.title}</a><a href="/consults/new/">申请会诊</a>'
        self.soup = BeautifulSoup(echo + self.rows, "html.parser")
        return self


@pytest.mark.parametrize(
    ("rows", "title", "code"),
    [
        ("", BREATHLESS.case_title, BREATHLESS.course_code),
        (
            f'<a href="/consults/{CONSULT}/">{BREATHLESS.case_title}</a>',
            f"{BREATHLESS.case_title}（11-27 02:52）",
            f"{BREATHLESS.course_code}-2611270252",
        ),
    ],
)
def test_titles_are_marked_only_when_the_story_is_told_again(rows: str, title: str, code: str) -> None:
    tale = _renewed(BREATHLESS, Found(rows), AT)  # type: ignore[arg-type]
    assert (tale.case_title, tale.course_code) == (title, code)


def test_other_images_of_the_visitor_are_the_same_tale_told_again() -> None:
    # given a folder on which the story was told on somebody's CT
    rows = f'<a href="/consults/{CONSULT}/">试用病例：自带影像（CT）</a>'
    # when it is told on an MR
    tale = _renewed(tale_for(Own((), ("MR",), 3)), Found(rows, "试用病例：自带影像"), AT)  # type: ignore[arg-type]
    # then nothing has the first one's code
    assert tale.course_code == "OWN-TRIAL-2611270252"


def test_the_second_tale_is_looked_for_where_its_own_county_sees_it() -> None:
    rows = f'<a href="/consults/{CONSULT}/">{HEADACHE.case_title}</a>'
    tale = _renewed(HEADACHE, Found(rows, HEADACHE.case_title, "requester2"), AT)  # type: ignore[arg-type]
    assert tale.course_code == "HEAD-RED-2611270252"
