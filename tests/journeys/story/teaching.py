"""A closed consult becomes a teaching case: proposed, consented to, curated, read by two peers, published."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from casebook.content import SEXES, STEP_KINDS
from config.story.acts.releasing import secrets_of
from config.story.tales import Tale
from consult_bridge.models import ConsentGiver
from consult_bridge.vocabulary import SPECIALTIES
from tests.journeys.story.consulting import turn_to
from tests.journeys.story.reviewing import REVIEWERS, review
from tests.journeys.story.stage import Stage
from tests.journeys.story.viewing import FRAMES, leaf_through
from tests.journeys.story.walker import Walker
from tests.journeys.story.words import beginning, named

WAITS_FOR_CONSENT = "The patient’s consent to teaching is not recorded yet. The release starts by itself when it is."
PLAIN_WORDS = {"[姓名]": "患者", "[地点]": "当地"}
"""What an editor writes where de-identification left its marks."""


def propose(stage: Stage) -> None:
    """The doctor says what others can learn; by a double click it is proposed once, and waits for the consent."""
    tale = stage.tale
    waiting = _proposals_without_consent(stage)
    with stage.troupe.window(tale.requester) as doctor:
        open_closed_consult(doctor, tale)
        doctor.follow("Propose for teaching")
        doctor.examine()
        doctor.write("What can others learn from it?", tale.reason)
        doctor.send("Propose the case")
        doctor.sees_heading(tale.patient_name)
        if doctor.is_phone:
            turn_to(doctor, "Record")
        doctor.follow("Proposal for teaching")
        doctor.sees(tale.reason)
        doctor.reads(WAITS_FOR_CONSENT)
        doctor.examine()
    assert _proposals_without_consent(stage) == waiting + 1


def _proposals_without_consent(stage: Stage) -> int:
    """What the editors' desk shows of them: that they are there, and not a word of the doctor's."""
    with stage.troupe.window("editor") as editor:
        editor.open("/home/")
        editor.go_to("Case desk")
        expect(editor.main.get_by_text(stage.tale.reason)).to_have_count(0)
        editor.examine()
        return editor.main.get_by_text(editor.words(WAITS_FOR_CONSENT)).count()


def open_closed_consult(doctor: Walker, tale: Tale) -> None:
    doctor.open("/home/")
    doctor.go_to("Consults")
    doctor.follow("Ended")
    doctor.turn(doctor.main.get_by_role("link", name=tale.case_title).first)
    doctor.sees_heading(tale.patient_name)
    if doctor.is_phone:
        turn_to(doctor, "Record")


LIKE_REASON = "病例未写地点、机构和日期，仅凭性别和年龄段认不出本人。"
"""Why a case may be taught although fewer than five patients are like this one."""


def consent(stage: Stage) -> None:
    """Without its signed form nothing is recorded; with it, once, and the form can be opened again."""
    tale = stage.tale
    with stage.troupe.window(tale.requester) as doctor:
        open_closed_consult(doctor, tale)
        doctor.follow("Consent to teaching use")
        doctor.mark("Signed by", doctor.words.label(ConsentGiver.PATIENT.label), "consent")
        doctor.write("Signed on", stage.today)
        with doctor.refused_with(422):
            doctor.send("Record the consent")
            expect(doctor.main.get_by_role("alert")).to_be_visible()
        doctor.examine()
        doctor.attach("The signed form", [stage.signed_form()])
        doctor.send("Record the consent")
        doctor.reads("A valid consent is recorded")
        expect(doctor.main.get_by_role("link", name=named(doctor.words("Signed form")))).to_have_count(1)
        assert doctor.download("Signed form") == stage.signed_form().read_bytes()
        doctor.examine()


def curate(stage: Stage) -> None:
    """The editor starts the case from the opened proposal and writes it part by part, up to the check."""
    tale = stage.tale
    with stage.troupe.window("editor") as editor:
        editor.open("/home/")
        editor.go_to("Case desk")
        editor.wait_for(lambda: editor.main.get_by_text(tale.reason_released).last, "the release to open")
        entry = editor.item(tale.reason_released)
        holds_no_secret(editor, tale)
        editor.examine()
        drafts = _drafts(editor).count()
        specialty = editor.words.label(SPECIALTIES[tale.specialty])
        editor.field("Specialty", within=entry).select_option(label=specialty)
        editor.send("Start the case", within=entry)
        _write_head(editor, tale)
        _write_steps(editor, tale)
        _preview(editor, tale)
        editor.send("Check and submit")
        editor.reads("Everything a reviewer needs is there.")
        editor.examine()
        for reviewer in REVIEWERS:
            editor.mark("Two reviewers", reviewer)
        if editor.field("Why so few do no harm").count():
            editor.write("Why so few do no harm", LIKE_REASON)
        editor.send("Freeze and send to review")
        entries = editor.main.get_by_role("listitem").filter(has_text=tale.case_title)
        expect(entries).to_have_count(1)
        expect(entries).to_contain_text(editor.words("%(done)s of %(needed)s reports", done=0, needed=2))
        expect(_drafts(editor)).to_have_count(drafts)
        editor.examine()


def _drafts(editor: Walker) -> Locator:
    """Cases on the desk that are being written; the one that was frozen is none of them."""
    return editor.main.get_by_role("link", name=named(editor.words("Edit")))


def holds_no_secret(person: Walker, tale: Tale) -> None:
    text = person.page.content()
    assert [secret for secret in secrets_of(tale) if secret in text] == []


def _write_head(editor: Walker, tale: Tale) -> None:
    holds_no_secret(editor, tale)
    editor.write("Title", tale.case_title)
    editor.write("In one or two sentences", tale.case_summary)
    editor.choose("Age band", tale.age_band)
    editor.choose("Sex", editor.words.label(SEXES[tale.patient_sex]))
    editor.examine()
    editor.send("Save and go on")
    editor.write("After this case a reader can", tale.case_objectives)
    editor.write("References", tale.case_references)
    editor.examine()
    editor.send("Save and go on")


def _write_steps(editor: Walker, tale: Tale) -> None:
    """The drafted steps in plain words, the images under a caption, then a question and the teaching points."""
    captions = 0
    while editor.button("Save and go on").count() and editor.field("Text", "case").count():
        holds_no_secret(editor, tale)
        _in_plain_words(editor)
        caption = editor.field("What the image shows")
        if caption.count():
            caption.fill(tale.caption)
            captions += 1
            _choose_key_image(editor)
            editor.examine()
        editor.send("Save and go on")
    assert captions == 1
    _add_step(editor, "question")
    _write_question(editor, tale)
    editor.examine()
    editor.send("Save")
    _add_step(editor, "points")
    editor.write("Text", tale.points, "case")
    editor.send("Save")


def _choose_key_image(editor: Walker) -> None:
    """Another frame stands big beside the caption as soon as it is chosen; then the first one again."""
    big = editor.main.get_by_role("img", name=editor.words("The key image"))
    for number in (2, 1):
        frame = editor.words("Image %(n)s is the key image", n=number)
        editor.press(editor.main.get_by_role("radio", name=frame, exact=True))
        expect(big).to_have_attribute("src", re.compile(rf"/frames/{number}\D"))


def _in_plain_words(editor: Walker) -> None:
    body = editor.field("Text", "case")
    text = body.input_value()
    for mark, plain in PLAIN_WORDS.items():
        text = text.replace(mark, plain)
    body.fill(text)


def _add_step(editor: Walker, kind: str) -> None:
    editor.disclose("Add a step")
    name = named(editor.words.label(STEP_KINDS[kind]))
    editor.turn(editor.main.get_by_role("button", name=name).filter(visible=True).last)
    expect(editor.field("Kind of step")).to_have_value(kind)


def _write_question(editor: Walker, tale: Tale) -> None:
    quiz = tale.case_question
    editor.write("Question", quiz.stem, "case")
    editor.write("Answers to choose from", "\n".join(quiz.options))
    editor.write("Number of the right answer", str(quiz.right + 1))
    editor.write("Explanation", quiz.explanation)


def _preview(editor: Walker, tale: Tale) -> None:
    """As readers will see it, in a tab beside."""
    with editor.beside(editor.link(editor.words("Preview"))) as preview:
        preview.sees_heading(tale.case_title)
        preview.reads("Preview: this is how a reader will see it.")
        preview.examine()


def review_case(stage: Stage) -> None:
    """Two peers, each at their own desk, read the frozen case and approve."""
    review(stage, "reviewer", stage.tale.case_title, "Approve", score=5)
    review(stage, "reviewer2", stage.tale.case_title, "Approve", score=4)


def publish_case(stage: Stage) -> None:
    """Both have approved: the editor publishes, once."""
    tale = stage.tale
    with stage.troupe.window("editor") as editor:
        editor.open("/home/")
        editor.go_to("Case desk")
        editor.wait_for(lambda: editor.button("Publish", within=editor.item(tale.case_title)), "the approval")
        editor.send("Publish", within=editor.item(tale.case_title))
        editor.wait_for(lambda: editor.link(editor.words("Open"), editor.item(tale.case_title)), "the published case")
        editor.examine()


def read_case(stage: Stage) -> None:
    """A learner finds it in the list, says why, answers its question, opens its images."""
    tale = stage.tale
    with stage.troupe.window(tale.learner, by_message=stage.signs_in_by_message) as learner:
        open_case(learner, tale, "My own further training")
        stage.known["case"] = learner.page.url.split("?")[0]
        holds_no_secret(learner, tale)
        learner.examine()
        _answer_case(learner, tale)
        learner.press(learner.link(learner.words("Open all images")))
        leaf_through(learner, tale.modality, FRAMES[tale.modality])
        learner.examine()


def open_case(person: Walker, tale: Tale, purpose: str) -> None:
    """From the list by its title; it opens for a stated purpose."""
    person.open("/home/")
    person.go_to("Cases")
    expect(person.main.get_by_role("link", name=tale.case_title)).to_have_count(1)
    person.examine()
    person.turn(person.link(tale.case_title))
    person.examine()
    state_purpose(person, purpose)
    person.sees_heading(tale.case_title)


def state_purpose(person: Walker, purpose: str) -> None:
    """What a case asks once a day."""
    person.mark("What do you read it for?", person.words(purpose))
    person.send("Open the case")


def _answer_case(learner: Walker, tale: Tale) -> None:
    """Step by step down to the question, answered wrong and then right."""
    quiz = tale.case_question
    unfold(learner)
    learner.sees(quiz.stem)
    learner.turn(learner.link(quiz.options[(quiz.right + 1) % len(quiz.options)]))
    learner.reads("Not quite")
    learner.turn(learner.main.get_by_role("link", name=beginning(quiz.options[quiz.right])))
    learner.reads("Right")
    learner.sees(quiz.explanation)
    learner.examine()


def unfold(person: Walker) -> None:
    """Every step of the case, one after the other: each opens the way to the next."""
    number = 2
    while _folded(person, number).count():
        person.press(_folded(person, number))
        number += 1


def _folded(learner: Walker, number: int) -> Locator:
    """What unfolds this step of the case."""
    name = learner.words("Show step %(n)s: %(label)s", n=number, label="").strip()
    return learner.main.locator("summary").filter(has_text=name).filter(visible=True)
