"""One person at a window: reads names, presses what carries them, and is bothered by whatever goes wrong on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

from tests.journeys.chromium import axe_violations, overflow
from tests.journeys.story.words import Words, beginning, named

JOB_SECONDS = 120
"""How long a person waits for what a worker makes, on a loaded machine."""
LOOK_MILLISECONDS = 1_000
"""How long a page is looked at before it is loaded again."""


class Walker:
    """`width` 360 is a phone: what is pressed is tapped, areas are found in the bar at the bottom or under More."""

    def __init__(self, page: Page, words: Words, *, is_phone: bool) -> None:
        self.page = page
        self.words = words
        self.is_phone = is_phone
        self.troubles: list[str] = []
        self._expected: set[int] = set()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("response", self._on_response)

    # what goes wrong on the way

    def _on_console(self, message: ConsoleMessage) -> None:
        """Errors, refusals by the content security policy among them; a refusal that was asked for is none."""
        is_expected = any(f"status of {status} " in message.text for status in self._expected)
        if message.type == "error" and not is_expected:
            self.troubles.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.troubles.append(f"{response.status} {response.request.method} {response.url}")

    @contextmanager
    def refused_with(self, status: int) -> Iterator[None]:
        """What is done inside is answered by this status, and that is right."""
        self._expected.add(status)
        try:
            yield
        finally:
            self._expected.discard(status)

    def examine(self) -> None:
        """The state of the page: nothing went wrong, it fits the window, axe finds nothing.

        Judged from its beginning, since a bar that sticks to an edge covers something else wherever one has scrolled.
        """
        self.page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")
        size = self.page.viewport_size
        found = [*self.troubles, *axe_violations(self.page)]
        if size is not None:
            self.page.set_viewport_size(size)
        if wider := overflow(self.page):
            found.append(f"the page is {wider} px wider than its window")
        assert not found, f"{self.page.url}: {found}"

    # where to look

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def part(self, source: str, context: str = "", **values: object) -> Locator:
        """A region, a group or a fieldset by what its name begins with: a legend may explain itself behind it."""
        name = beginning(self.words(source, context, **values))
        region, group = self.main.get_by_role("region", name=name), self.main.get_by_role("group", name=name)
        return region.or_(group).filter(visible=True).first

    def button(self, source: str, context: str = "", within: Locator | None = None, **values: object) -> Locator:
        name = named(self.words(source, context, **values))
        return (within or self.main).get_by_role("button", name=name).filter(visible=True).first

    def link(self, text: str, within: Locator | None = None) -> Locator:
        """A link that says exactly `text` (not looked up)."""
        return (within or self.main).get_by_role("link", name=named(text)).filter(visible=True).first

    def field(self, source: str, context: str = "", within: Locator | None = None) -> Locator:
        name = named(self.words(source, context), optional=self.words("optional"))
        return (within or self.main).get_by_label(name).filter(visible=True).first

    def labelled(self, text: str) -> Locator:
        """A field whose label is `text` (not looked up)."""
        name = named(text, optional=self.words("optional"))
        return self.main.get_by_label(name).filter(visible=True).first

    def item(self, text: str, role: str = "listitem") -> Locator:
        """The entry of a list or the row of a table that holds this text."""
        return self.main.get_by_role(role).filter(has_text=text).filter(visible=True).last  # type: ignore[arg-type]

    def definition(self, source: str, within: Locator | None = None) -> Locator:
        """What stands beside a term, such as the number behind "Round"."""
        term = (within or self.main).get_by_role("term").filter(has_text=named(self.words(source)))
        return term.locator("xpath=following-sibling::dd[1]").first

    # what a person does

    def press(self, target: Locator) -> None:
        """Click or tap. Fails when something lies over it."""
        if self.is_phone:
            target.scroll_into_view_if_needed()
            target.tap()
        else:
            target.click()

    def turn(self, target: Locator, *, twice: bool = False) -> None:
        """Press what leads to another page, and be there when it has come."""
        with self.page.expect_navigation(wait_until="load"):
            if twice:
                target.dblclick()
            else:
                self.press(target)

    def send(self, source: str, context: str = "", within: Locator | None = None, **values: object) -> None:
        """Press what sends a form. What changes something is double-clicked: it does no more than one click."""
        button = self.button(source, context, within, **values)
        self.turn(button, twice=button.evaluate("button => button.form?.method") == "post")

    def press_button(self, source: str, context: str = "", within: Locator | None = None, **values: object) -> None:
        self.press(self.button(source, context, within, **values))

    def follow(self, source: str, context: str = "", within: Locator | None = None) -> None:
        self.turn(self.link(self.words(source, context), within))

    def press_link(self, source: str, context: str = "") -> None:
        """A link that acts in the page."""
        self.press(self.link(self.words(source, context)))

    def disclose(self, source: str, context: str = "", within: Locator | None = None) -> None:
        """Open a part of the page that is folded under this name."""
        fold = (within or self.main).locator("summary").filter(has_text=self.words(source, context))
        self.press(fold.filter(visible=True).first)

    def write(self, source: str, text: str, context: str = "", within: Locator | None = None) -> None:
        self.field(source, context, within).fill(text)

    def choose(self, source: str, option: str, context: str = "") -> None:
        """Choose in a select by what the option says."""
        self.field(source, context).select_option(label=option)

    def filter_by(self, source: str, option: str) -> None:
        """Choose a filter of a list with mouse or finger, which sends it at once."""
        self.press(self.field(source))
        with self.page.expect_navigation(wait_until="load"):
            self.choose(source, option)

    def mark(self, source: str, option: str, context: str = "") -> None:
        """Mark the option that begins with `option` in the group `source`."""
        self.mark_in(self.part(source, context), option)

    def mark_in(self, group: Locator, option: str) -> None:
        for role in ("radio", "checkbox"):
            box = group.get_by_role(role, name=beginning(option))
            if box.count():
                self.press(box.first)
                expect(box.first).to_be_checked()
                return
        raise AssertionError(f"nothing to mark begins with {option!r} on {self.page.url}: {group.inner_text()}")

    def attach(self, source: str, files: Iterable[Path]) -> None:
        self.field(source).set_input_files([str(path) for path in files])

    @contextmanager
    def beside(self, target: Locator) -> Iterator[Walker]:
        """What opens in a tab of its own; closed again at the end, when nothing went wrong in it."""
        with self.page.expect_popup() as opened:
            self.press(target)
        other = Walker(opened.value, self.words, is_phone=self.is_phone)
        other.page.wait_for_load_state()
        yield other
        assert other.troubles == []
        other.page.close()

    def download(self, source: str) -> bytes:
        """What a link brings, opened as the same person."""
        address = self.link(self.words(source)).get_attribute("href")
        answer = self.page.request.get(urljoin(self.page.url, str(address)))
        assert answer.status == 200, address
        return answer.body()

    # where a person goes

    def open(self, address: str) -> None:
        self.page.goto(address)

    def go_to(self, source: str, context: str = "") -> None:
        """An area of the house by its name in the navigation, as this window shows it."""
        text = self.words(source, context)
        if self.is_phone:
            self._go_on_phone(text)
            return
        bar = self.page.get_by_role("navigation", name=named(self.words("Main")))
        if not self.link(text, bar).count():
            self.press(self.page.get_by_role("banner").locator("summary").last)
            bar = self.page.get_by_role("banner")
        self.turn(self.link(text, bar))

    def _go_on_phone(self, text: str) -> None:
        bar = self.page.get_by_role("navigation", name=named(self.words("Main, on phones")))
        if not self.link(text, bar).count():
            self.turn(self.link(self.words("More"), bar))
            bar = self.main.get_by_role("navigation", name=named(self.words("All areas")))
        self.turn(self.link(text, bar))

    # what a person sees

    def reads(self, source: str, context: str = "", **values: object) -> None:
        """A text of the house stands in the page."""
        self.sees(self.words(source, context, **values))

    def sees(self, text: str) -> None:
        """A text that somebody typed stands in the page, visible."""
        expect(self.main.get_by_text(text).filter(visible=True).first).to_be_visible()

    def sees_heading(self, text: str) -> None:
        expect(self.main.get_by_role("heading", name=text).first).to_be_visible()

    def wait_for(self, target: Callable[[], Locator], what: str) -> Locator:
        """Load the page again until `target` is visible: what a worker does shows itself only on a new page."""
        deadline = time.monotonic() + JOB_SECONDS
        while True:
            try:
                expect(target()).to_be_visible(timeout=LOOK_MILLISECONDS)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise AssertionError(f"waited {JOB_SECONDS} s for {what} on {self.page.url}") from None
                self.page.reload()
            else:
                return target()

    def wait_until_gone(self, target: Callable[[], Locator], what: str) -> None:
        """Load the page again until nothing of `target` is left: jobs tidy up after a change."""
        deadline = time.monotonic() + JOB_SECONDS
        while target().count():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {JOB_SECONDS} s for {what} on {self.page.url}")
            self.page.wait_for_timeout(LOOK_MILLISECONDS / 4)
            self.page.reload()
