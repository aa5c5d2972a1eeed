"""A rubric in a browser: it counts as it is ticked, keeps itself, stays in reach beside a long text, and goes in."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from config.story.cast import Cast
from tests.journeys.story.troupe import Troupe
from tests.journeys.story.walker import Walker

TEXT = "\n\n".join(["先问清楚这一段动态图能回答什么，再写结论；写不出来的，说明还需要补哪些切面。"] * 40)
REASON = "第二段的剂量没有出处。"
SUMMARY = "可以用；请补一处出处。"


@dataclass(frozen=True, slots=True)
class Tale:
    """Who scores what, in the rubric's order, what it comes to and how it ends."""

    language: str
    width: int
    reviewer: str
    scores: tuple[int, ...]
    weighted: str
    verdict: tuple[str, str]


#: Weights are 30, 25, 20, 15 and 10 per cent.
TALES = (
    Tale("zh-hans", 1280, "reviewer", (5, 4, 4, 3, 5), "4.25", ("Send back for changes", "")),
    Tale("en", 360, "reviewer2", (4, 5, 3, 4, 5), "4.15", ("Approve", "review")),
)


@pytest.fixture(params=TALES, ids=lambda tale: f"{tale.language}-{tale.width}")
def tale(request: pytest.FixtureRequest) -> Tale:
    return request.param


@pytest.fixture
def title(cast: Cast, tale: Tale) -> str:
    """A course of one long text that its author has handed in to both reviewers."""
    author, code = cast["author"], f"RUBRIC-{int(time.time())}"
    page = author.get("/courses/desk/new/")
    values: dict[str, object] = {
        "code": code,
        "title": f"图像能答什么 {code}",
        "summary": "一节短课。",
        "objectives": "写出结论的界限",
        "first_unit": "先想清楚问题",
        "first_unit_minutes": 30,
        "pass_percent": 60,
        "attempts_allowed": 3,
        "subject": "cardiovascular",
        "level": "basic",
    }
    course = author.submit(page, page.form(having="code"), values)
    unit = course.link("/units/")
    page = author.get(f"{unit}blocks/add/text/")
    author.submit(page, page.form(having="heading"), {"heading": "界限", "text": TEXT})
    page = author.get(f"{unit}blocks/add/quiz/")
    author.submit(page, page.form(having="reference"), {"reference": page.choice("reference", "(v1)")})
    page = author.get(f"{course.url}submit/")
    chosen = [page.choice("reviewers", name) for name in ("沈知行", "罗映真")]
    author.submit(page, page.form(having="reviewers"), {"reviewers": chosen})
    return str(values["title"])


def test_a_rubric_counts_keeps_itself_stays_in_reach_and_goes_in(demo, chromium, tmp_path, tale, title):
    troupe = Troupe(chromium, demo, language=tale.language, width=tale.width, sessions={}, pictures=tmp_path)
    # Given a reviewer at a course of one long text
    with troupe.window(tale.reviewer) as reviewer:
        if not reviewer.is_phone:
            reviewer.page.set_viewport_size({"width": tale.width, "height": 900})
        reviewer.open("/reviews/")
        reviewer.turn(reviewer.part("For me to do").get_by_role("link", name=title))
        shows(reviewer, scored=0, weighted="–")
        reviewer.examine()
        # When three of five items are ticked
        for number, score in enumerate(tale.scores[:3], start=1):
            tick(reviewer, number, score)
            # Then each is counted at once, and nothing is weighed yet
            shows(reviewer, scored=number, weighted="–")
        # And they are still there after the page is loaded again, as the server counts them
        kept(reviewer)
        reviewer.page.reload()
        shows(reviewer, scored=3, weighted="–")
        assert ticked(reviewer) == [str(score) for score in tale.scores[:3]]
        assert (
            reviewer.words("%(n)s of %(total)s scored", n=3, total=5)
            in reviewer.page.request.get(reviewer.page.url).text()
        )
        # When the rest is filled in, which lies in reach wherever the text stands
        if not reviewer.is_phone:
            lies_in_reach(reviewer)
        fill_the_rest(reviewer, tale)
        kept(reviewer)
        # Then all of it is counted, weighed and kept
        shows(reviewer, scored=5, weighted=tale.weighted)
        reviewer.page.reload()
        shows(reviewer, scored=5, weighted=tale.weighted)
        assert ticked(reviewer) == [str(score) for score in tale.scores]
        expect(reviewer.field("Summary for the author")).to_have_value(SUMMARY)
        reviewer.examine()
        # And it goes in once, and stands there as it was given
        verdict, context = tale.verdict
        address = reviewer.page.url
        reviewer.send(verdict, context)
        expect(reviewer.part("For me to do").get_by_role("link", name=title)).to_have_count(0)
        reviewer.open(address)
        shows(reviewer, scored=5, weighted=tale.weighted)
        assert ticked(reviewer) == [str(score) for score in tale.scores]
        expect(reviewer.main.locator("fieldset[data-weight]:disabled")).to_have_count(5)
        expect(reviewer.button(verdict, context)).to_have_count(0)
        reviewer.examine()


def fill_the_rest(reviewer: Walker, tale: Tale) -> None:
    """Items four and five, a reason for each low score, the summary and the name."""
    for number, score in enumerate(tale.scores[3:], start=4):
        tick(reviewer, number, score)
    for number, score in enumerate(tale.scores, start=1):
        if score <= 3:
            reviewer.disclose("Reason", within=item(reviewer, number))
            item(reviewer, number).get_by_role("textbox").fill(REASON)
    reviewer.write("Summary for the author", SUMMARY)
    reviewer.mark("My name on the published page", reviewer.words("Do not name me"))


def item(reviewer: Walker, number: int) -> Locator:
    return reviewer.main.locator("fieldset[data-weight]").nth(number - 1)


def tick(reviewer: Walker, number: int, score: int) -> None:
    reviewer.mark_in(item(reviewer, number), str(score))


def ticked(reviewer: Walker) -> list[str]:
    return reviewer.main.locator("fieldset[data-weight] :checked").evaluate_all("all => all.map(one => one.value)")


def shows(reviewer: Walker, *, scored: int, weighted: str) -> None:
    """The figures of the rubric, in words: how many are scored, how many are not, what it comes to."""
    one, many = "%(n)s item is not scored yet", "%(n)s items are not scored yet"
    missing = 5 - scored
    words = reviewer.words.counted(one, many, missing) if missing else ""
    expect(reviewer.main.locator("[data-scored]")).to_have_text(
        reviewer.words("%(n)s of %(total)s scored", n=scored, total=5)
    )
    expect(reviewer.main.locator("[data-missing]")).to_have_text(words)
    expect(reviewer.main.locator("[data-weighted]")).to_have_text(weighted)


def kept(reviewer: Walker) -> None:
    """The line under the rubric says that it is kept, and when."""
    saved = reviewer.words("Saved", "autosave")
    expect(reviewer.main.locator("[data-autosave-status]")).to_have_text(re.compile(rf"^{saved} \d\d:\d\d$"))


def lies_in_reach(reviewer: Walker) -> None:
    """With the end of the text in the window, first and last control of the rubric come into view beside it, between
    the bar on top and the verdict, without the text moving."""
    page = reviewer.page
    page.locator(".x-blk").last.evaluate("block => block.scrollIntoView({ block: 'end', behavior: 'instant' })")
    before = page.evaluate("scrollY")
    assert before > 900
    top = bottom_of(page.get_by_role("banner"))
    end = top_of(page.get_by_role("region", name=reviewer.words("Verdict")))
    for control in (item(reviewer, 1).get_by_role("radio").first, reviewer.button("Save draft")):
        control.scroll_into_view_if_needed()
        assert top <= top_of(control) < bottom_of(control) <= end
        assert page.evaluate("scrollY") == before


def top_of(target: Locator) -> float:
    box = target.bounding_box()
    assert box is not None
    return box["y"]


def bottom_of(target: Locator) -> float:
    box = target.bounding_box()
    assert box is not None
    return box["y"] + box["height"]
