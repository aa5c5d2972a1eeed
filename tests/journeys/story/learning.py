"""A learner enrols, reads, watches, answers every type of question, and passes."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from config.story.acts.authoring import POINTS
from config.story.tales import Tale
from tests.journeys.story.asking import answer
from tests.journeys.story.authoring import find_course
from tests.journeys.story.stage import Stage
from tests.journeys.story.walker import Walker
from tests.journeys.story.words import named

MOVED = '([label, start]) => document.querySelector(`video[aria-label="${label}"]`).currentTime > start'
TIME = '(label) => document.querySelector(`video[aria-label="${label}"]`).currentTime'
READY = '(label) => document.querySelector(`video[aria-label="${label}"]`).readyState >= 2'
WATCHED = 1.5
"""Seconds of the video that are watched."""


def enrol(stage: Stage) -> None:
    """From the catalogue, by a double click: the course stands once in the learner's list."""
    tale = stage.tale
    with stage.troupe.window(tale.learner, by_message=stage.signs_in_by_message) as learner:
        learner.open("/home/")
        find_course(learner, tale)
        stage.known["landing"] = learner.page.url
        enrol_now = learner.button("Enrol in this course")
        expect(enrol_now).to_be_visible()
        learner.examine()
        learner.turn(enrol_now, twice=True)
        learner.sees_heading(tale.course_title)
        learner.reads("Begin the course")
        learner.examine()
        stage.known["enrolment"] = learner.page.url
        learner.go_to("Learning")
        expect(learner.main.get_by_role("link", name=tale.course_title)).to_have_count(1)
        learner.examine()


def open_unit(learner: Walker, tale: Tale) -> None:
    """By the list of one's courses."""
    learner.open("/home/")
    learner.go_to("Learning")
    learner.turn(learner.link(tale.course_title))
    learner.turn(learner.main.get_by_role("link", name=tale.unit_title).last)
    learner.sees_heading(tale.unit_title)


def read_and_watch(stage: Stage) -> None:
    """The case stands in the unit; the video moves, and goes on where it was left."""
    tale = stage.tale
    with stage.troupe.window(tale.learner) as learner:
        open_unit(learner, tale)
        learner.sees(tale.case_title)
        video = learner.main.get_by_label(tale.video_title)
        video.scroll_into_view_if_needed()
        learner.page.wait_for_function(READY, arg=tale.video_title)
        learner.examine()
        video.focus()
        learner.page.keyboard.press("Space")
        learner.page.wait_for_function(MOVED, arg=[tale.video_title, WATCHED])
        with learner.page.expect_response(lambda answer: "/positions/" in answer.url) as reported:
            learner.page.keyboard.press("Space")
        assert reported.value.status == 204
        stopped = float(learner.page.evaluate(TIME, tale.video_title))
        learner.page.reload()
        learner.page.wait_for_function(MOVED, arg=[tale.video_title, stopped - 0.2])
        learner.sees(learner.words("Continues at {time}, where you stopped.").split("{time}")[0].strip())
        learner.examine()
        learner.send("Mark as read")
        expect(learner.button("Mark as read")).to_have_count(0)
        learner.examine()


def take_test(stage: Stage) -> None:
    """In one tale too many answers are wrong at first: that fails, says why, and the second attempt passes."""
    tale = stage.tale
    most = POINTS * len(tale.questions)
    with stage.troupe.window(tale.learner) as learner:
        open_unit(learner, tale)
        if tale.wrong_answers:
            _attempt(learner, tale, "Answer the questions", tale.wrong_answers)
            learner.reads("%(points)s of %(most)s points", points=most - POINTS * tale.wrong_answers, most=most)
            expect(learner.main.get_by_text(learner.words("You passed this course."))).to_have_count(0)
            learner.examine()
            learner.follow("Back to the unit")
        _attempt(learner, tale, "Try the questions again" if tale.wrong_answers else "Answer the questions", 0)
        learner.reads("%(points)s of %(most)s points", points=most, most=most)
        learner.reads("You passed this course.")
        learner.examine()
        learner.follow("Back to the unit")
        attempts = learner.main.get_by_role("link", name=_attempts(learner))
        stage.figures["attempts"] = str(attempts.count())
        learner.follow("Back to the course")
        learner.reads("You passed this course.")
        learner.examine()


def _attempt(learner: Walker, tale: Tale, source: str, wrong: int) -> None:
    """Open the test and answer with the last `wrong` questions wrong; a double click hands it in once."""
    learner.send(source)
    learner.examine()
    right = len(tale.questions) - wrong
    for number, question in enumerate(tale.questions):
        answer(question, learner, is_right=number < right)
    learner.send("Submit my answers")


def _attempts(learner: Walker) -> re.Pattern[str]:
    """What the link to any attempt says, whatever its numbers are."""
    source = "Attempt %(n)s: %(points)s of %(most)s points"
    text = learner.words(source, n="|", points="|", most="|")
    return re.compile(named(text).pattern.replace(re.escape("|"), r"\d+"))
