"""The image viewer by hand: step, scroll, slide, window, zoom, cine and key image. The picture shown really changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.journeys.story.walker import Walker
from tests.journeys.story.words import named

FRAMES = {"US": 120, "MR": 40}
"""How many pictures the sample study of each modality has."""
WORDS = {"US": "Ultrasound", "MR": "MRI"}
"""What a person reads for each modality."""
PIXELS = """async (image) => {
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL();
}"""


@dataclass
class Viewing:
    """The viewer in a page. `shown` is the address of the picture seen last, `seen` the digest of its pixels."""

    person: Walker
    modality: str
    frames: int
    shown: str = ""
    seen: str = ""

    @property
    def kind(self) -> str:
        return self.person.words(WORDS[self.modality], "modality")

    def picture(self, number: int) -> Locator:
        """The picture by the name that it has while this frame is shown."""
        text = "%(modality)s image %(n)s of %(total)s"
        name = self.person.words(text, modality=self.kind, n=number, total=self.frames)
        return self.person.main.get_by_role("img", name=named(name))

    def changes_to(self, number: int) -> None:
        """This frame is shown by another address, and its decoded pixels are others than those seen before."""
        picture = self.picture(number)
        expect(picture).to_be_visible()
        expect(picture).not_to_have_attribute("src", self.shown)
        seen = hashlib.sha256(str(picture.evaluate(PIXELS)).encode()).hexdigest()
        assert seen != self.seen, f"frame {number} shows the same pixels as before"
        self.shown, self.seen = str(picture.get_attribute("src")), seen

    def drag(self, number: int, right: int, down: int) -> None:
        """With the mouse, from the middle of the picture."""
        drag_over(self.person, self.picture(number), right, down)

    def swipe(self, number: int, down: int) -> None:
        """With one finger, from the middle of the picture."""
        box = self.picture(number).bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        devtools = self.person.page.context.new_cdp_session(self.person.page)
        for kind, points in (
            ("touchStart", [{"x": x, "y": y}]),
            ("touchMove", [{"x": x, "y": y + down / 2}]),
            ("touchMove", [{"x": x, "y": y + down}]),
            ("touchEnd", []),
        ):
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        devtools.detach()


def drag_over(person: Walker, picture: Locator, right: int = 40, down: int = 12) -> None:
    """With the mouse, from the middle of what is shown, so many pixels of the screen."""
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    mouse, (x, y) = person.page.mouse, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + right, y + down, steps=4)
    mouse.up()


def look_through(person: Walker, modality: str, frames: int, *, has_window: bool) -> None:
    """Use every control of the viewer; it ends on the frame that was marked as key image."""
    viewing = Viewing(person, modality, frames)
    expect(person.button("Play the loop")).to_be_visible()  # shown as soon as the viewer listens
    viewing.changes_to(1)
    person.press_link("Next image")
    viewing.changes_to(2)
    person.press_link("Previous image")
    viewing.changes_to(1)
    _scroll(viewing)
    slider = person.field("Image number")
    slider.fill(str(frames // 2))
    viewing.changes_to(frames // 2)
    person.examine()
    if has_window:
        _window(viewing, frames // 2)
    _zoom(viewing, frames // 2)
    _cine(viewing)
    _mark(viewing, frames // 2)


def leaf_through(person: Walker, modality: str, frames: int) -> None:
    """The de-identified images, from whichever frame is shown: further, back and to another by the slider."""
    viewing = Viewing(person, modality, frames)
    expect(person.button("Play the loop")).to_be_visible()
    slider = person.field("Image number")
    number = int(slider.input_value())
    viewing.changes_to(number)
    person.press_link("Next image")
    viewing.changes_to(number + 1)
    person.press_link("Previous image")
    viewing.changes_to(number)
    slider.fill(str(frames - 1))
    viewing.changes_to(frames - 1)


def _scroll(viewing: Viewing) -> None:
    """The wheel goes one frame further at each notch; a finger goes one frame for every few millimetres."""
    picture = viewing.picture(1)
    picture.scroll_into_view_if_needed()
    if viewing.person.is_phone:
        viewing.swipe(1, 42)
        viewing.changes_to(4)
        return
    picture.hover()
    viewing.person.page.mouse.wheel(0, 120)
    viewing.changes_to(2)
    viewing.person.page.mouse.wheel(0, 120)
    viewing.changes_to(3)


def _window(viewing: Viewing, number: int) -> None:
    """The window by dragging, and back to the one of a preset: each draws the frame anew."""
    person = viewing.person
    viewing.drag(number, 60, 20)
    viewing.changes_to(number)
    preset = person.part("Window").get_by_role("link").first
    person.press(preset)
    expect(preset).to_have_attribute("aria-current", "true")
    viewing.changes_to(number)


def _zoom(viewing: Viewing, number: int) -> None:
    person = viewing.person
    before = viewing.picture(number).bounding_box()
    person.press_button("Larger")
    person.press_button("Larger")
    person.sees(f"{person.words('Zoom')} 1.6×")
    after = viewing.picture(number).bounding_box()
    assert before is not None and after is not None
    assert round(after["width"] / before["width"], 2) == 1.56
    person.press_button("Smaller")
    person.press_button("Smaller")
    expect(person.main.get_by_text(f"{person.words('Zoom')} 1.6×")).to_have_count(0)


def _cine(viewing: Viewing) -> None:
    """Playing, the picture changes by itself; pressed again, it stands."""
    person = viewing.person
    play = person.button("Play the loop")
    person.press(play)
    expect(play).to_have_attribute("aria-pressed", "true")
    picture = person.main.get_by_role("img", name=named_any(person, viewing))
    expect(picture).not_to_have_attribute("src", viewing.shown)
    person.press(play)
    expect(play).to_have_attribute("aria-pressed", "false")


def named_any(person: Walker, viewing: Viewing) -> str:
    """What every picture of the series is called, without its number."""
    text = person.words("%(modality)s image %(n)s of %(total)s", modality=viewing.kind, n="|", total=viewing.frames)
    return text.split("|")[0].strip()


def _mark(viewing: Viewing, number: int) -> None:
    """The middle frame becomes a key image, and is one as often as it is shown."""
    person = viewing.person
    slider, key = person.field("Image number"), person.button("Key image")
    slider.fill(str(number))
    expect(viewing.picture(number)).to_be_visible()
    expect(key).to_have_attribute("aria-pressed", "false")
    person.press(key)
    expect(key).to_have_attribute("aria-pressed", "true")
    person.press_link("Next image")
    expect(key).to_have_attribute("aria-pressed", "false")
    person.press_link("Previous image")
    expect(key).to_have_attribute("aria-pressed", "true")
