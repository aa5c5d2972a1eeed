"""Two officers, one after the other, look at every frame and every text before anything leaves the patient's side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from config.story.acts.releasing import secrets_of
from tests.journeys.story.stage import Stage
from tests.journeys.story.viewing import drag_over
from tests.journeys.story.walker import Walker
from tests.journeys.story.words import beginning

CHECKED = "已核对每一层，面部已去除。"
LOGO = {("Left", "position"): "0", ("Top", ""): "0", ("Width", ""): "80", ("Height", "region"): "22"}


def remember(stage: Stage) -> None:
    """Which releases the officers' desk shows before this one is there."""
    with stage.troupe.window("deid_officer") as officer:
        officer.open("/home/")
        officer.go_to("Pixel review")
        officer.examine()
        stage.known["releases"] = " ".join(_listed(officer).all_inner_texts())


def confirm(stage: Stage) -> None:
    """The first reader covers what is burnt in and confirms; only a second person opens the release."""
    with stage.troupe.window("deid_officer") as first:
        first.open("/home/")
        first.go_to("Pixel review")
        known = stage.known["releases"].split()
        waiting = first.wait_for(lambda: _listed(first, without=known), "the release")
        stage.known["release"] = waiting.inner_text().strip()
        first.turn(waiting)
        first.wait_for(lambda: first.main.get_by_role("heading", name=first.words("De-identification report")), "it")
        _leaves_no_secret(first, stage)
        first.examine()
        if stage.tale.modality == "US":
            _cover(first)
        _confirm_too_early(first)
        stage.figures["frames"] = str(_look_at_all(first))
        _decide_all(first)
        stage.known["texts"] = str(_read_all_texts(first))
        _confirm(first, stage, "Confirm as first reader")
        first.reads("You have confirmed this release.")
        expect(first.button("Confirm as second reader")).to_have_count(0)
        first.examine()
    with stage.troupe.window("deid_officer2") as second:
        second.open("/home/")
        second.go_to("Pixel review")
        second.turn(second.link(stage.known["release"]))
        assert str(_look_at_all(second)) == stage.figures["frames"]
        _decide_all(second)
        assert str(_read_all_texts(second)) == stage.known["texts"]
        _confirm(second, stage, "Confirm as second reader")
        opened = "Two readers confirmed every frame and every text. The images and texts are released for teaching."
        second.wait_for(lambda: second.main.get_by_text(second.words(opened)), "the release to open")
        second.examine()


def _listed(officer: Walker, without: Sequence[str] = ()) -> Locator:
    """The releases on the desk by their labels, those of `without` left out."""
    links = officer.main.get_by_role("list", name=officer.words("Releases")).get_by_role("link")
    return links.filter(has_not_text=re.compile("|".join(map(re.escape, without)))) if without else links


def _leaves_no_secret(officer: Walker, stage: Stage) -> None:
    """The texts as they will be, which is without what is struck out."""
    part = officer.part("Texts as they will be released")
    text = str(
        part.evaluate("""part => {
      const copy = part.cloneNode(true);
      copy.querySelectorAll("del").forEach((struck) => struck.remove());
      return copy.textContent;
    }""")
    )
    assert len(text) > 100
    assert [secret for secret in secrets_of(stage.tale) if secret in text] == []


def _cover(first: Walker) -> None:
    """One place is left visible, then a rectangle is drawn over another, and its exact position typed."""
    first.reads("to decide", "place")
    first.send("Leave it visible")
    first.examine()
    if not first.is_phone:
        _next_by_key(first)
    first.press_link("Draw a rectangle")
    drag_over(first, first.main.locator("[data-board]"), right=60, down=20)
    first.disclose("Exact position")
    assert int(first.field("Width").input_value()) > 0
    first.examine()
    for (source, context), value in LOGO.items():
        first.write(source, value, context)
    first.write("What is covered", "姓名")
    first.send("Cover this rectangle on every frame")
    expect(first.button("Take rectangle %(n)s away", n=1)).to_be_visible()
    expect(first.button("Take rectangle %(n)s away", n=2)).to_have_count(0)
    first.examine()
    if not first.is_phone:
        _leave_drawing_by_key(first)
        for key, left in (("Shift+ArrowRight", "4"), ("Shift+ArrowLeft", "0")):
            _move_by_key(first, key, left)


def _leave_drawing_by_key(first: Walker) -> None:
    """Escape takes back what was drawn and not saved; nothing of it asks when the page is left."""
    shapes = first.main.locator("[data-board] .x-rbox")
    before = shapes.count()
    first.press_link("Draw a rectangle")
    drag_over(first, first.main.locator("[data-board]"))
    expect(shapes).to_have_count(before + 1)
    first.main.locator("[data-board]").focus()
    first.page.keyboard.press("Escape")
    expect(shapes).to_have_count(before)
    _stay_with_what_is_unsaved(first)
    expect(first.button("Take rectangle %(n)s away", n=1)).to_be_visible()


def _stay_with_what_is_unsaved(first: Walker) -> None:
    """The browser asks before a moved place is left; who stays can still save it. Then it is moved back, and saved."""
    _pick_rectangle(first)
    first.page.keyboard.press("Shift+ArrowRight")
    with first.page.expect_event("dialog") as asked:
        first.page.once("dialog", lambda dialog: dialog.dismiss())
        first.press_button("Confirm this frame")
    assert asked.value.type == "beforeunload"
    first.page.locator("[data-board]").blur()
    first.page.keyboard.press("Shift+ArrowLeft")
    first.send("Save the position")
    first.reads("%(done)s of %(total)s looked at", done=0, total=120)
    _pick_rectangle(first)


def _move_by_key(first: Walker, key: str, left: str) -> None:
    """Enter saves what was moved, and confirms no frame by the way."""
    _pick_rectangle(first)
    first.page.keyboard.press(key)
    with first.page.expect_navigation(wait_until="load"):
        first.page.keyboard.press("Enter")
    _pick_rectangle(first)
    first.disclose("Exact position")
    expect(first.field("Left", "position")).to_have_value(left)
    first.reads("%(done)s of %(total)s looked at", done=0, total=120)


def _next_by_key(first: Walker) -> None:
    """The key shown for the next place picks it, as its link does."""
    picked = first.main.locator("[data-board] [aria-current]")
    before = picked.get_attribute("aria-label")
    with first.page.expect_navigation(wait_until="load"):
        first.page.keyboard.press("n")
    expect(picked).not_to_have_attribute("aria-label", str(before))


def _pick_rectangle(first: Walker) -> None:
    """The rectangle on the picture, picked by the keyboard: a place may lie over it."""
    name = first.words("Rectangle %(sign)s: %(reason)s", sign=1, reason="姓名")
    first.main.get_by_role("link", name=beginning(name)).focus()
    with first.page.expect_navigation(wait_until="load"):
        first.page.keyboard.press("Enter")


def _confirm_too_early(first: Walker) -> None:
    """Before every frame was looked at nobody can confirm."""
    first.send("Confirm as first reader")
    expect(first.button("Confirm as first reader")).to_be_visible()
    first.reads("Not yet")


def _look_at_all(officer: Walker) -> int:
    """Page by page; how many frames there were."""
    looked = 0
    while True:
        button = officer.main.get_by_role("button", name=beginning(_looked(officer))).first
        number = int("".join(filter(str.isdigit, button.inner_text())) or "1")
        officer.turn(button)
        looked += number
        later = officer.link(officer.words("Later"))
        if not later.count():
            return looked
        officer.turn(later)


def _decide_all(officer: Walker) -> None:
    """Every place that the machine noticed is decided: what no rectangle covers is left visible, from the first on."""
    if not _undecided(officer).count():
        return
    officer.turn(_undecided(officer))
    while officer.button("Leave it visible").count():
        officer.send("Leave it visible")
    expect(_undecided(officer)).to_have_count(0)
    officer.examine()


def _undecided(officer: Walker) -> Locator:
    """The link of the bar that says how many places wait, and leads to the first."""
    one, many = "%(n)s place is not decided.", "%(n)s places are not decided."
    words = officer.words.counted(one, many, 2, n="|").split("|")[-1].strip()
    return officer.main.get_by_role("link").filter(has_text=words).filter(visible=True)


def _read_all_texts(officer: Walker) -> int:
    """Each text is confirmed by its own button; how many there were."""
    read = 0
    while officer.button("Confirm the text").count():
        officer.turn(officer.button("Confirm the text"))
        read += 1
    assert read > 0
    officer.examine()
    return read


def _looked(officer: Walker) -> str:
    """What the button that confirms a page begins with, up to its number."""
    one, many = "I looked at this frame: confirm it", "I looked at these %(n)s frames: confirm them"
    return officer.words.counted(one, many, 2, n="|").split("|")[0].strip()


def _confirm(officer: Walker, stage: Stage, source: str) -> None:
    if stage.tale.modality == "MR":
        officer.main.get_by_role("radio", name=officer.words("It was defaced; I checked it")).check()
        officer.write("How you checked", CHECKED)
    officer.examine()
    officer.send(source)
