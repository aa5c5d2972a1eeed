"""Debian's Chromium, headless, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.story.browser import Browser as Person

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
HEIGHTS = {1280: 900, 360: 780}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


class NoChromium(Exception):
    """There is no Chromium on this machine; the message says how to get it."""


def chromium_path() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise NoChromium("No Chromium was found. On Debian: apt-get install chromium fonts-noto-cjk")
    return found


@contextmanager
def launch() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(
    browser: Browser, base_url: str, *, width: int, language: str, person: Person | None = None, theme: str = "light"
) -> Iterator[Page]:
    """A window of this width, signed in as `person` (a story browser), in one language."""
    context: BrowserContext = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": HEIGHTS[width]},
        locale="zh-CN" if language == "zh-hans" else "en-GB",
        has_touch=width < 768,
        reduced_motion="reduce",
        color_scheme="dark" if theme == "dark" else "light",
    )
    cookies: list[Any] = [
        {"name": "xinglin_language", "value": language, "url": base_url},
        {"name": "xinglin_theme", "value": theme, "url": base_url},
    ]
    if person is not None:
        cookies += [
            {"name": cookie.name, "value": cookie.value or "", "url": base_url}
            for cookie in person.client.cookies.jar
            if not cookie.name.startswith("xinglin_")
        ]
    context.add_cookies(cookies)
    page = context.new_page()
    try:
        yield page
    finally:
        context.close()


TALLER = 6  # times that a window is made as high as what it shows
#: Until the parts of the page that come late are there, for five seconds at most.
ARRIVED = """async () => {
    for (let n = 0; n < 50 && document.querySelector('.htmx-request, .x-late__wait'); n++)
        await new Promise((resolve) => setTimeout(resolve, 100));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}"""
#: Until every picture that can be seen is there, for three seconds at most.
LOADED = """() => Promise.all([...document.images].filter((image) => !image.complete && image.checkVisibility()).map(
    (image) => new Promise((resolve) => { image.onload = image.onerror = resolve; setTimeout(resolve, 3000); })))"""


def unfold(page: Page) -> None:
    """Make the window as high as the page, so that nothing lies under the bar at its bottom."""
    size = page.viewport_size or {"width": 1280, "height": 900}
    height = 0
    for _again in range(TALLER):  # a higher window lets the page load more
        page.evaluate(ARRIVED)
        grown = int(page.evaluate("document.documentElement.scrollHeight"))
        if grown == height:
            break
        height = grown
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
        page.evaluate(LOADED)


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands: rule, impact and the first places.

    Wagtail draws the editor's sidebar itself, its labels differ from what it shows; all else there is judged.
    """
    unfold(page)
    page.evaluate(AXE.read_text())
    context = {"include": [["html"]], "exclude": [["#wagtail-sidebar"]]}
    result = page.evaluate("([context, rules]) => axe.run(context, rules)", [context, RULES])
    return [
        f"{found['id']} ({found['impact']}): " + "; ".join(str(node["target"]) for node in found["nodes"][:3])
        for found in result["violations"]
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window; 0 is right."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
