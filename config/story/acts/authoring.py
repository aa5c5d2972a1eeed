"""An author makes a course on the case; two peers review it side by side; the edition is published."""

from __future__ import annotations

from urllib.parse import quote

from config.story.acts.reviewing import review
from config.story.browser import Browser, Page
from config.story.telling import Telling, expect

POINTS = 2


def write_questions(telling: Telling) -> None:
    """One question of each type at least, into a pool of the bank."""
    author, tale = telling.person("author"), telling.tale
    for question in tale.questions:
        page = author.get(f"/questions/new/{question.kind}/")
        common = {
            "stem": question.stem,
            "explanation": question.explanation,
            "points": POINTS,
            "pool": tale.question_pool,
        }
        author.submit(page, page.form(having="stem"), common | question.fields())
    listed = author.get(f"/questions/?pool={quote(tale.question_pool)}")
    for question in tale.questions:
        expect(listed, question.stem[:20])
    telling.say("questions", count=len(tale.questions), types=len({question.kind for question in tale.questions}))


def write_course(telling: Telling) -> None:
    """A course with one unit: text, the case, the video of its images, the questions."""
    tale, author = telling.tale, telling.person("author")
    page = author.get("/courses/desk/new/")
    page = author.submit(
        page,
        page.form(having="code"),
        {
            "code": tale.course_code,
            "title": tale.course_title,
            "summary": tale.course_summary,
            "objectives": tale.course_objectives,
            "first_unit_minutes": tale.unit_minutes,
            "pass_percent": 60,
            "attempts_allowed": 3,
            "first_unit": tale.unit_title,
            "subject": tale.course_subject,
            "level": tale.course_level,
        },
    )
    telling.known["course"] = page.url
    telling.known["unit"] = page.link("/units/")
    _add_block(telling, "text", {"heading": "先想清楚问题", "text": tale.unit_text})
    _add_reference(telling, "case", tale.case_title)
    has_video = "video" in telling.known
    if has_video:
        _add_reference(telling, "video", tale.video_title)
    for question in tale.questions:
        _add_reference(telling, "quiz", question.stem[:20])
    unit = author.get(telling.known["unit"])
    blocks = 2 + has_video + len(tale.questions)
    telling.say("course", code=tale.course_code, blocks=blocks)
    expect(unit, tale.unit_title)


def _add_block(telling: Telling, kind: str, values: dict[str, object]) -> None:
    author = telling.person("author")
    page = author.get(f"{telling.known['unit']}blocks/add/{kind}/")
    author.submit(page, page.form(having=next(iter(values))), values)


def _add_reference(telling: Telling, kind: str, words: str) -> None:
    author = telling.person("author")
    page = author.get(f"{telling.known['unit']}blocks/add/{kind}/")
    author.submit(page, page.form(having="reference"), {"reference": page.choice("reference", words)})


def submit_course(telling: Telling) -> None:
    author = telling.person("author")
    page = author.get(f"{telling.known['course']}submit/")
    chosen = [page.choice("reviewers", name) for name in ("沈知行", "罗映真")]
    page = author.submit(page, page.form(having="reviewers"), {"reviewers": chosen})
    telling.say("submit", reviewers=len(chosen))


def peer_review(telling: Telling) -> None:
    """One reviewer sends it back, the author answers in a new round, then both approve."""
    tale = telling.tale
    review(telling, "reviewer", tale.course_title, verdict="approve", score=5)
    review(telling, "reviewer2", tale.course_title, verdict="changes", score=3)
    author = telling.person("author")
    author.wait_for(telling.known["course"], lambda page: page.has_link("submit/"), "the decision to reach the author")
    _add_block(telling, "text", {"heading": "小结", "text": tale.points})
    submit_course(telling)
    review(telling, "reviewer", tale.course_title, verdict="approve", score=5)
    review(telling, "reviewer2", tale.course_title, verdict="approve", score=4)
    telling.say("review", rounds=2, reports=4)


def publish_course(telling: Telling) -> None:
    """The desk's lead publishes; the edition stands in the public catalogue."""
    tale, editor = telling.tale, telling.person("editor")
    page = editor.wait_for(telling.known["course"], lambda page: _has_form(page, "publish/"), "the approval")
    editor.submit(page, page.form("publish/"))
    visitor = telling.cast.anonymous()
    listed = visitor.wait_for("/courses/", lambda page: tale.course_title in page.text, "the catalogue to show it")
    telling.known["landing"] = _landing(visitor, listed, tale.course_title)
    page = visitor.get(telling.known["landing"])
    expect(page, tale.course_title)
    expect(page, f"约 {tale.unit_minutes} 分钟")
    telling.say("publish", minutes=tale.unit_minutes)


def _has_form(page: Page, action: str) -> bool:
    return any(action in str(node.get("action", "")) for node in page.soup.find_all("form"))


def _landing(visitor: Browser, listed: Page, title: str) -> str:
    for anchor in listed.soup.find_all("a", href=True):
        if title in anchor.get_text():
            return str(anchor["href"])
    raise listed.fault(f"no link to {title!r}")
