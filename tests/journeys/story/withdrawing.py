"""The patient withdraws: the case and every picture of it are gone, what was earned stays."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from config.story.tales import Tale
from tests.journeys.story.learning import open_unit
from tests.journeys.story.stage import Stage
from tests.journeys.story.teaching import open_closed_consult, state_purpose, unfold
from tests.journeys.story.walker import Walker

REASON = "患者撤回教学用同意。"


def look_before(stage: Stage) -> None:
    """What a learner can open of the case and of its video, and that search finds it."""
    tale = stage.tale
    with stage.troupe.window(tale.learner) as learner:
        learner.open("/home/")
        learner.go_to("Cases")
        learner.turn(learner.link(tale.case_title))
        if learner.button("Open the case").count():  # midnight has passed since it was read
            state_purpose(learner, "My own further training")
        unfold(learner)
        pictures = _addresses(learner.main.get_by_role("img"), "src")
        open_unit(learner, tale)
        videos = [*_addresses(_video(learner, tale), "poster"), *_addresses(_video(learner, tale), "data-hls")]
        assert (len(pictures) > 0, len(videos)) == (True, 2)
        addresses = [*pictures, *videos]
        assert [_status(learner, address) for address in addresses] == [200] * len(addresses)
        stage.known["material"] = " ".join(addresses)
        _search(learner, tale.case_title)
        expect(learner.main.get_by_role("link", name=tale.case_title).first).to_be_visible()
        learner.examine()


def _addresses(found: Locator, attribute: str) -> list[str]:
    """Where what was found comes from, without what is drawn in the page itself."""
    return [value for each in found.all() if (value := each.get_attribute(attribute) or "").startswith("/")]


def _video(learner: Walker, tale: Tale) -> Locator:
    return learner.main.get_by_label(tale.video_title)


def _status(person: Walker, address: str) -> int:
    """How the address answers this person."""
    return person.page.request.get(address).status


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
        doctor.send("Withdraw the consent", within=dialog)
        expect(doctor.main.get_by_text(REASON)).to_have_count(1)
        expect(doctor.main.get_by_text(doctor.words("A valid consent is recorded"))).to_have_count(0)
        doctor.examine()


def all_is_gone(stage: Stage) -> None:
    """For a learner the case, its pictures, its video, its place in list, search and course. What was earned stays."""
    tale = stage.tale
    with stage.troupe.window(tale.learner) as learner:
        with learner.refused_with(404):
            learner.open(stage.known["case"])
        learner.examine()
        material = stage.known["material"].split()
        assert [_status(learner, address) for address in material] == [404] * len(material)
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
        expect(_video(learner, tale)).to_have_count(0)
        learner.examine()
        learner.go_to("Credits")
        expect(learner.main.get_by_role("row").filter(has_text=tale.course_title)).to_have_count(1)
        learner.turn(learner.link(tale.course_title))
        assert learner.download("Download PDF").startswith(b"%PDF")
    with stage.troupe.window() as visitor:
        visitor.open(stage.known["verify"])
        visitor.sees_heading("证书有效")
