"""An author writes questions, has a video made, builds a course of blocks; two peers review it; it is published."""

from __future__ import annotations

from django.utils.text import capfirst
from playwright.sync_api import expect

from cms.states import CourseLevel, Subject
from config.story.acts.authoring import POINTS
from config.story.tales import Tale
from tests.journeys.story.asking import answer, kind_of, write
from tests.journeys.story.reviewing import REASON, REVIEWERS, review
from tests.journeys.story.stage import Stage
from tests.journeys.story.teaching import open_case, unfold
from tests.journeys.story.walker import Walker

OBJECTIVES = "说出一个切面或一个序列能回答什么\n写出结论的界限"
HEADING = "先想清楚问题"
SUMMARY_HEADING = "小结"
COMMENT = "这一段请说明依据的指南。"
REPLY = "已在小结里写明。"
SECONDS = """async (label) => {
  const video = document.querySelector(`video[aria-label="${label}"]`);
  if (!video.duration) await new Promise((done) => video.addEventListener("loadedmetadata", done, { once: true }));
  return video.duration.toFixed(1);
}"""


def write_questions(stage: Stage) -> None:
    """One of each type at least; each is tried as a learner would answer it."""
    tale = stage.tale
    with stage.troupe.window("author") as author:
        author.open("/home/")
        author.go_to("Question bank")
        author.examine()
        for question in tale.questions:
            author.disclose("New question")
            author.turn(author.link(kind_of(author, question)))
            write(author, question, tale.course_code)
            author.examine()
            author.send("Save the question")
            author.reads("Version %(n)s, as learners see it", n=1)
            answer(question, author, is_right=True)
            author.send("Check my trial answer")
            author.sees(f"{POINTS} / {POINTS}")
            author.examine()
            author.go_to("Question bank")
        author.filter_by("Pool", tale.course_code)
        stems = author.main.get_by_role("table").get_by_role("link")
        expect(stems).to_have_count(len(tale.questions))
        stage.figures["questions"] = str(stems.count())
        author.examine()


def make_video(stage: Stage) -> None:
    """From the case to its images, and a loop of them made by a worker, once."""
    tale = stage.tale
    with stage.troupe.window("author") as author:
        open_case(author, tale, "To prepare teaching or supervision")
        unfold(author)
        author.turn(author.link(author.words("Open all images")))
        author.write("Title of the video", tale.video_title)
        author.examine()
        author.send("Make a teaching video of this series")
        author.sees_heading(tale.video_title)
        stage.known["video"] = author.page.url
        author.wait_for(lambda: author.main.get_by_label(tale.video_title), "the video")
        stage.figures["video seconds"] = str(author.page.evaluate(SECONDS, tale.video_title))
        author.examine()
        author.turn(author.main.get_by_role("navigation", name=author.words("Breadcrumb")).get_by_role("link"))
        listed = author.main.get_by_role("navigation", name=author.words("Teaching videos of these images"))
        expect(listed.get_by_role("link", name=tale.video_title)).to_have_count(1)


def write_course(stage: Stage) -> None:
    """A course of one unit: a text, the case, its video and the questions."""
    tale = stage.tale
    with stage.troupe.window("author") as author:
        author.open("/home/")
        author.go_to("Course desk")
        author.examine()
        author.follow("New course")
        _write_facts(author, tale)
        author.examine()
        author.send("Create the course")
        author.sees_heading(tale.course_title)
        author.reads("Missing before it can be submitted")
        author.examine()
        author.turn(author.link(tale.unit_title))
        author.reads("%(n)s minutes", n=tale.unit_minutes)
        _add_text(author, HEADING, tale.unit_text)
        _add_reference(author, "Teaching case", tale.case_title)
        _add_reference(author, "Teaching video", tale.video_title)
        for question in tale.questions:
            _add_reference(author, "Question", question.stem[:30])
        blocks = 3 + len(tale.questions)
        expect(author.button("Take block %(n)s out", n=blocks)).to_be_visible()
        expect(author.button("Take block %(n)s out", n=blocks + 1)).to_have_count(0)
        author.examine()
        _back_to_course(author, tale)
        author.reads("Nothing is missing: the course can be submitted.")
        author.examine()


def _write_facts(author: Walker, tale: Tale) -> None:
    words = author.words
    author.write("Course code", tale.course_code)
    for source, text in (
        ("title", tale.course_title),
        ("summary", tale.course_summary),
        ("aims, one per line", OBJECTIVES),
        ("pass mark in per cent", "60"),
    ):
        author.labelled(capfirst(words(source))).fill(text)
    subject, level = Subject(tale.course_subject), CourseLevel(tale.course_level)
    author.labelled(capfirst(words("subject area"))).select_option(label=words.label(subject.label))
    author.labelled(capfirst(words("written for"))).select_option(label=words.label(level.label))
    author.write("Title of the first unit", tale.unit_title)
    author.write("Learning time of the first unit, in minutes", str(tale.unit_minutes))


def _add_text(author: Walker, heading: str, text: str) -> None:
    author.follow("Text", "course block", within=author.part("Add a block"))
    author.write("Heading", heading)
    author.write("Text", text, "course block")
    author.examine()
    author.send("Save the block")
    expect(author.main.get_by_role("heading", name=heading, exact=True)).to_have_count(1)
    expect(author.main.get_by_text(heading, exact=True)).to_have_count(1)


def _add_reference(author: Walker, source: str, text: str) -> None:
    """A block that refers to what its owner keeps; chosen by what its line says."""
    author.follow(source, within=author.part("Add a block"))
    chooser = author.field(source)
    line = chooser.get_by_role("option").filter(has_text=text).first
    chooser.select_option(value=line.get_attribute("value"))
    author.examine()
    author.send("Save the block")


def submit_course(stage: Stage) -> None:
    with stage.troupe.window("author") as author:
        _open_course(author, stage.tale)
        _submit(author, stage.tale)


def _open_course(person: Walker, tale: Tale) -> None:
    person.open("/home/")
    person.go_to("Course desk")
    expect(person.main.get_by_role("link", name=tale.course_title)).to_have_count(1)
    person.turn(person.link(tale.course_title))
    person.sees_heading(tale.course_title)


def _back_to_course(author: Walker, tale: Tale) -> None:
    crumbs = author.main.get_by_role("navigation", name=author.words("Where you are"))
    author.turn(author.link(tale.course_code, crumbs))


def _submit(author: Walker, tale: Tale) -> None:
    """Frozen once, however often it is clicked, and read by two peers."""
    author.follow("Submit for review")
    for reviewer in REVIEWERS:
        author.mark("Reviewers", reviewer)
    author.examine()
    author.send("Submit for review")
    author.sees_heading(tale.course_title)
    author.sees("0 / 2")
    expect(author.link(author.words("Submit for review"))).to_have_count(0)
    author.examine()


def review_course(stage: Stage) -> None:
    """Two peers at once. In the second tale one asks for changes; what was asked for is answered, and approved."""
    tale = stage.tale
    needs_changes = tale.wrong_answers > 0
    review(stage, "reviewer", tale.course_title, "Approve", score=5, comment=COMMENT)
    if needs_changes:
        review(stage, "reviewer2", tale.course_title, "Send back for changes", score=3)
        _answer_reviewers(stage)
        review(stage, "reviewer", tale.course_title, "Approve", score=5)
    review(stage, "reviewer2", tale.course_title, "Approve", score=4)


def _answer_reviewers(stage: Stage) -> None:
    """From the task on the first screen to the reports; the author answers the comment, adds a text, submits again."""
    tale = stage.tale
    with stage.troupe.window("author") as author:
        author.open("/home/")
        author.wait_for(lambda: author.main.get_by_role("link", name=tale.course_title).first, "the task")
        author.examine()
        author.turn(author.main.get_by_role("link", name=tale.course_title).first)
        author.follow("Reports and comments")
        author.sees(REASON)
        author.sees(COMMENT)
        author.examine()
        author.write("Reply", REPLY)
        author.send("Save the reply")
        expect(author.main.get_by_text(REPLY)).to_have_count(1)
        author.examine()
        _back_to_course(author, tale)
        author.turn(author.link(tale.unit_title))
        _add_text(author, SUMMARY_HEADING, tale.points)
        _back_to_course(author, tale)
        author.follow("See what changed")
        author.sees(SUMMARY_HEADING)
        author.examine()
        _back_to_course(author, tale)
        _submit(author, tale)


def publish_course(stage: Stage) -> None:
    """The desk's lead publishes; a visitor finds it in the catalogue."""
    tale = stage.tale
    with stage.troupe.window("editor") as editor:
        _open_course(editor, tale)
        editor.wait_for(lambda: editor.button("Publish the edition"), "the approval")
        stage.figures["rounds"] = editor.definition("Round", editor.part("Review")).inner_text()
        editor.send("Publish the edition")
        editor.sees_heading(tale.course_title)
        expect(editor.main.get_by_text(editor.words("Edition %(n)s", n=2))).to_have_count(0)
        editor.reads("Edition %(n)s", n=1)
        editor.examine()
    with stage.troupe.window() as visitor:
        visitor.open("/")
        find_course(visitor, tale)
        minutes = visitor.words("about %(n)s minutes", n=tale.unit_minutes)
        expect(visitor.main.get_by_text(minutes).first).to_be_visible()
        stage.figures["minutes"] = str(tale.unit_minutes)
        visitor.reads("Sign in and enrol")
        visitor.examine()


def find_course(person: Walker, tale: Tale) -> None:
    person.go_to("Courses")
    person.write("Search title, summary or code", tale.course_title)
    person.send("Filter", "filter")
    person.examine()
    person.turn(person.link(tale.course_title))
    person.sees_heading(tale.course_title)
