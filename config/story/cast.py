"""The people of the story, each signed in once, as a program signs in: user name and password, then a code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

from config.story.browser import Browser, Page
from directory.seed import demo_people

STEP_SECONDS = 30


def one_time_code(secret: str, moment: float) -> str:
    """Six digits for `moment` in seconds since the epoch (TOTP, RFC 6238; HMAC-SHA-1, 30 s)."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(moment) // STEP_SECONDS), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


class Cast:
    """Browsers by user name; a person signs in when first needed."""

    def __init__(self, base_url: str, *, clicks_twice: bool = False) -> None:
        self.base_url = base_url
        self.clicks_twice = clicks_twice
        self._browsers: dict[str, Browser] = {}

    def anonymous(self, language: str = "zh-hans") -> Browser:
        return Browser(self.base_url, language)

    def __getitem__(self, username: str) -> Browser:
        if username not in self._browsers:
            self._browsers[username] = self._signed_in(username)
        return self._browsers[username]

    def _signed_in(self, username: str) -> Browser:
        browser = Browser(self.base_url, clicks_twice=self.clicks_twice)
        page = browser.get("/accounts/login/")
        page = browser.submit(
            page,
            page.form(having="password"),
            {"login": username, "password": demo_people.PASSWORD},
        )
        if "/2fa/authenticate" in page.url:
            page = self._second_factor(browser, page)
        if "/accounts/" in page.url:
            raise page.fault(f"{username} is not signed in")
        return browser

    @staticmethod
    def _second_factor(browser: Browser, page: Page) -> Page:
        """A code is accepted once: when this one was used already, the next one is."""
        for _try in range(3):
            code = one_time_code(demo_people.TOTP_SECRET, time.time())
            page = browser.submit(page, page.form(having="code"), {"code": code})
            if "/2fa/authenticate" not in page.url:
                return page
            time.sleep(STEP_SECONDS - time.time() % STEP_SECONDS + 0.5)
        raise page.fault("the one-time code was not accepted")

    def close(self) -> None:
        for browser in self._browsers.values():
            browser.client.close()
