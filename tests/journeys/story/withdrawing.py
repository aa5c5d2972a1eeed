"""The patient withdraws: the case and every picture of it are gone, what was earned stays."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.story.learning import open_unit
from tests.journeys.story.stage import Stage
from tests.journeys.story.teaching import open_closed_consult
from tests.journeys.story.walker import Walker

REASON = "患者撤回教学用同意。"


def look_before(stage: Stage) -> None:
    """Which pictures a learner sees, and that search finds the case."""
    tale = stage.tale
    with stage.troupe.window(tale.learner) as learner:
        learner.open(stage.known["case"])
        pictures = [str(image.get_attribute("src")) for image in learner.main.get_by_role("img").all()]
        shown = [picture for picture in pictures if picture.startswith("/")]
        assert shown
        stage.known["pictures"] = " ".join(shown)
        _search(learner, tale.case_title)
        expect(learner.main.get_by_role("link", name=tale.case_title).first).to_be_visible()
        learner.examine()


def _search(person: Walker, text: str) -> None:
    person.turn(
        person.page.get_by_role("banner").get_by_role("link", name=person.words("Search courses, cases and people"))
    )
    person.page.get_by_role("searchbox").first.fill(text)
    with person.page.expect_navigation(wait_until="load"):
        person.page.keyboard.press("Enter")


def withdraw(stage: Stage) -> None:
    """The doctor records it; asked once more, and only then it is done."""
    with stage.troupe.window(stage.tale.requester) as doctor:
        open_closed_consult(doctor, stage.tale)
        doctor.follow("Consent to teaching use")
        doctor.labelled(doctor.words("Reason")).fill(REASON)
        doctor.press_button("Withdraw the consent")
        dialog = doctor.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        doctor.examine()
        doctor.press_button("Keep the consent", within=dialog)
        doctor.reads("A valid consent is recorded")
        doctor.press_button("Withdraw the consent")
        doctor.send("Withdraw the consent", within=dialog, twice=True)
        doctor.sees(REASON)
        expect(doctor.main.get_by_text(doctor.words("A valid consent is recorded"))).to_have_count(0)
        doctor.examine()


def all_is_gone(stage: Stage) -> None:
    """For a learner: case, pictures, list, search, the case and the video in the unit. Credits and certificate stay."""
    tale = stage.tale
    with stage.troupe.window(tale.learner) as learner:
        with learner.refused_with(404):
            learner.open(stage.known["case"])
        learner.examine()
        for picture in stage.known["pictures"].split():
            assert learner.page.request.get(picture).status == 404
        learner.open("/home/")
        learner.go_to("Cases")
        learner.wait_until_gone(lambda: learner.main.get_by_text(tale.case_title), "the list to forget the case")
        _search(learner, tale.case_title)
        found = learner.main.get_by_role("link", name=tale.case_title)
        learner.wait_until_gone(lambda: found, "search to forget the case")
        learner.examine()
        open_unit(learner, tale)
        learner.reads("This teaching case was withdrawn. Your progress and your credits are kept.")
        expect(learner.main.get_by_text(tale.case_summary)).to_have_count(0)
        expect(learner.main.get_by_label(tale.video_title)).to_have_count(0)
        learner.examine()
        learner.go_to("Credits")
        expect(learner.main.get_by_role("row").filter(has_text=tale.course_title)).to_have_count(1)
    with stage.troupe.window() as visitor:
        visitor.open(stage.known["verify"])
        visitor.sees_heading(visitor.words("This certificate is valid"))
