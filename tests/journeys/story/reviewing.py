"""A peer finds the frozen text at their desk, scores it by its rubric, comments on a block and gives a verdict."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.journeys.story.stage import Stage
from tests.journeys.story.walker import Walker

REVIEWERS = ("沈知行", "罗映真")
REASON = "结论的界限写得不够清楚，请在小结里说明。"
VERDICTS = {"Approve": "review"}  # contexts of words that are said elsewhere, too
PRAISE = "内容与证据相符。"


def review(stage: Stage, username: str, title: str, verdict: str, *, score: int, comment: str = "") -> None:
    """Every item of the rubric gets `score`; 3 and less are given a reason; the report goes in once."""
    with stage.troupe.window(username) as reviewer:
        reviewer.open("/home/")
        reviewer.go_to("Reviews")
        waiting = reviewer.wait_for(lambda: _waiting(reviewer, title), f"the review of {title}")
        reviewer.examine()
        reviewer.turn(waiting)
        reviewer.sees_heading(title)
        if comment:
            _comment(reviewer, comment)
        _score(reviewer, score)
        reviewer.write("Summary for the author", PRAISE if verdict == "Approve" else REASON)
        reviewer.mark("My name on the published page", reviewer.words("Name me"))
        reviewer.examine()
        reviewer.send(verdict, VERDICTS.get(verdict, ""))
        expect(_waiting(reviewer, title)).to_have_count(0)
        expect(reviewer.button(verdict, VERDICTS.get(verdict, ""))).to_have_count(0)
        reviewer.examine()


def _waiting(reviewer: Walker, title: str) -> Locator:
    """A case carries its number before its title."""
    return reviewer.part("For me to do").get_by_role("link", name=title)


def _comment(reviewer: Walker, text: str) -> None:
    """On the first block, by a double click: it stands there once."""
    reviewer.disclose("Comment on this block")
    reviewer.write("Comment", text, "review")
    reviewer.send("Save comment")
    expect(reviewer.main.get_by_text(text)).to_have_count(1)


def _score(reviewer: Walker, score: int) -> None:
    groups = reviewer.part("Scores").or_(reviewer.main.get_by_role("complementary")).get_by_role("group")
    scored = [group for group in groups.all() if group.get_by_role("radio", name=str(score), exact=True).count()]
    assert scored
    for group in scored:
        reviewer.mark_in(group, str(score))
        if score <= 3:
            reviewer.disclose("Reason", within=group)
            group.get_by_role("textbox").fill(REASON)
