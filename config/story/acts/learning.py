"""A learner takes the edition, answers, and passes; what was wrong the first time is right the second."""

from __future__ import annotations

import re

from config.story.acts.authoring import POINTS
from config.story.browser import Browser, Page
from config.story.questions import Values, key_of
from config.story.telling import Telling, expect


def enrol(telling: Telling) -> None:
    learner = telling.person(telling.tale.learner)
    landing = learner.get(telling.known["landing"])
    course_id = telling.known["course"].rstrip("/").rsplit("/", 1)[-1]
    fragment = learner.get(f"/learn/courses/{course_id}/enrol/fragment/")
    page = learner.submit(fragment, fragment.form("/enrol/"))
    telling.known["enrolment"] = _enrolment(page)
    expect(landing, telling.tale.course_title)
    telling.say("enrol", course=telling.tale.course_code)


def _enrolment(page: Page) -> str:
    found = re.search(r"/learn/[0-9a-f-]{36}/", page.url)
    if found is None:
        raise page.fault("enrolling did not open the course")
    return found.group(0)


def read_unit(telling: Telling) -> None:
    learner = telling.person(telling.tale.learner)
    page = learner.get(f"{telling.known['enrolment']}units/1/")
    expect(page, telling.tale.case_title)
    learner.submit(page, page.form("/done/"))
    telling.say("read", units=1)


def take_test(telling: Telling) -> None:
    """Answer every type; with wrong answers in the tale the first attempt falls short and a second is made."""
    learner, tale = telling.person(telling.tale.learner), telling.tale
    most = POINTS * len(tale.questions)
    attempts = 1
    if tale.wrong_answers:
        attempts = 2
        page = _attempt(telling, learner, wrong=tale.wrong_answers)
        expect(page, f"得 {most - POINTS * tale.wrong_answers} 分，满分 {most} 分")
    page = _attempt(telling, learner, wrong=0)
    expect(page, f"得 {most} 分，满分 {most} 分")
    telling.say("attempt", attempts=attempts, points=f"{most}/{most}")


def _attempt(telling: Telling, learner: Browser, *, wrong: int) -> Page:
    """Answer with the last `wrong` questions wrong, and send."""
    unit = learner.get(f"{telling.known['enrolment']}units/1/")
    test = learner.submit(unit, unit.form("/attempts/"))
    questions = telling.tale.questions
    answers: Values = {}
    for position, question in enumerate(questions):
        key = key_of(test, question.stem)
        answers |= question.answer(test, key, is_right=position < len(questions) - wrong)
    return learner.submit(test, test.form(having=next(iter(answers))), answers)


def passed(telling: Telling) -> None:
    learner = telling.person(telling.tale.learner)
    page = learner.get(telling.known["enrolment"])
    expect(page, telling.tale.course_title)
    expect(page, "您已通过")
    telling.say("pass", state="passed")
