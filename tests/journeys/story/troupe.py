"""The people of the clicked story: each types a password and a code once, and keeps the session between windows."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect

from config.story.cast import one_time_code
from directory.seed import demo_people
from directory.seed.people import FIRST_PHONE
from tests.journeys.running import RunningDemo
from tests.journeys.story.walker import Walker
from tests.journeys.story.words import Words

SCREENS = {1280: {"width": 1280, "height": 800}, 360: {"width": 360, "height": 740}}
PATIENCE = int(os.environ.get("XINGLIN_JOURNEY_PATIENCE", "45000"))
"""Milliseconds for anything that a page does by itself; a wait ends as soon as it has happened."""
CODE_TRIES = 6


class Troupe:
    """Windows of one width and language over one demo. `sessions` is shared by all troupes of a test run."""

    def __init__(
        self,
        browser: Browser,
        demo: RunningDemo,
        *,
        language: str,
        width: int,
        sessions: dict[str, Any],
        pictures: Path,
    ) -> None:
        self.browser = browser
        self.demo = demo
        self.words = Words(language)
        self.width = width
        self.sessions = sessions
        self.pictures = pictures
        self._examined: set[str] = set()
        expect.set_options(timeout=PATIENCE)

    @property
    def is_phone(self) -> bool:
        return self.width < 768

    @contextmanager
    def window(self, username: str = "", *, by_message: bool = False) -> Iterator[Walker]:
        """A window of this person, signed in; "" is a visitor. What was bad on the way fails at the end."""
        context = self._context(username)
        walker = Walker(context.new_page(), self.words, is_phone=self.is_phone)
        try:
            if username and username not in self.sessions:
                sign_in = self.sign_in_by_message if by_message else self.sign_in
                sign_in(walker, username)
                self.sessions[username] = self._session(context)
            yield walker
            assert walker.troubles == []
        except BaseException:
            self._keep_picture(walker, username)
            raise
        finally:
            context.close()

    def _context(self, username: str) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.demo.base_url,
            viewport=SCREENS[self.width],  # type: ignore[arg-type]
            locale="zh-CN" if self.words.language == "zh-hans" else "en-GB",
            is_mobile=self.is_phone,
            has_touch=self.is_phone,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        own: Any = {"name": "xinglin_language", "value": self.words.language, "url": self.demo.base_url}
        context.add_cookies([*self.sessions.get(username, []), own])
        return context

    @staticmethod
    def _session(context: BrowserContext) -> list[Any]:
        return [cookie for cookie in context.cookies() if not str(cookie.get("name")).startswith("xinglin_")]

    def _keep_picture(self, walker: Walker, username: str) -> None:
        """What the person saw when it failed, for whoever looks for the reason."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        name = f"{self.words.language}-{self.width}-{username or 'visitor'}"
        try:
            walker.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
            (self.pictures / f"{name}.txt").write_text(
                f"{walker.page.url}\n{walker.page.locator('body').aria_snapshot()}"
            )
        except Exception as error:  # the reason of the failure is worth more than its picture
            (self.pictures / f"{name}.txt").write_text(str(error))

    # signing in

    def sign_in(self, walker: Walker, username: str) -> None:
        """By user name, password and, for whoever can see a patient, the code of the moment; all typed."""
        walker.open("/accounts/login/")
        self._examine_once(walker, "password")
        walker.write("User name, mobile number or e-mail", username)
        walker.write("Password", demo_people.PASSWORD)
        walker.main.get_by_role("button", name=self.words("Sign in"), exact=True).dblclick()
        walker.page.wait_for_url(re.compile("/2fa/authenticate|/home/"))
        if "/2fa/authenticate" in walker.page.url:
            self._examine_once(walker, "code")
            self._second_factor(walker)
        expect(walker.page).to_have_url(re.compile("/home/"))

    def _examine_once(self, walker: Walker, step: str) -> None:
        """The steps of signing in look the same to everybody."""
        if step not in self._examined:
            self._examined.add(step)
            walker.examine()

    def _second_factor(self, walker: Walker) -> None:
        """A code is taken once: when this moment's was used already (the story over HTTP signs in too), the next is."""
        code = ""
        for _try in range(CODE_TRIES):
            while code == (code := one_time_code(demo_people.TOTP_SECRET, time.time())):
                walker.page.wait_for_function("moment => Date.now() >= moment", arg=_next_step())
            walker.write("Six digits, or a recovery code", code)
            walker.send("Sign in")
            walker.page.wait_for_load_state()
            if "/2fa/authenticate" not in walker.page.url:
                return
        raise AssertionError("the one-time code was not accepted")

    def sign_in_by_message(self, walker: Walker, username: str) -> None:
        """By mobile number and the code of the text message, which the demo's gateway writes to a file."""
        walker.open("/accounts/login/")
        walker.write("Mobile number", phone_of(username))
        walker.send("Get a code")
        walker.sees_heading(self.words("Enter the code"))
        walker.examine()
        walker.write("Code from the text message", self._message_code(phone_of(username)))
        walker.send("Sign in")
        expect(walker.page).to_have_url(re.compile("/home/"))

    def _message_code(self, phone: str) -> str:
        lines = (self.demo.data / "logs" / "sms.log").read_text().splitlines()
        texts = [row["text"] for row in map(json.loads, lines) if row["phone"].endswith(phone)]
        found = re.search(r"\b\d{6}\b", texts[-1])
        assert found is not None, texts[-1]
        return found.group(0)


def _next_step() -> float:
    """When the next one-time code begins, in milliseconds since the epoch."""
    return (int(time.time()) // 30 + 1) * 30_000.0


def phone_of(username: str) -> str:
    """The made-up mobile number of a demo person; the seed numbers them in their order."""
    return str(FIRST_PHONE + [person.username for person in demo_people.DEMO_PEOPLE].index(username))


def name_of(username: str, language: str) -> str:
    """A demo person's name as a reader of this language sees it."""
    person = next(person for person in demo_people.DEMO_PEOPLE if person.username == username)
    return person.name_en if language == "en" else person.name
