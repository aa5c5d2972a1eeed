"""A person at a browser without JavaScript: follows links, fills in the forms that the pages really show."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup, Tag

CONTROLS = ["input", "select", "textarea", "button"]
TRANSPORT_TRIES = 20
PAUSE = 0.5


class StoryFault(Exception):
    """A page did not show what the story needs; carries the address, the status and what the page said."""


@dataclass
class Form:
    """A form of a page with everything a browser would send: hidden fields, defaults, what is chosen."""

    action: str
    method: str
    fields: list[tuple[str, str]]
    files: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


class Page:
    """What a request brought back."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.url = str(response.url)
        self.status = response.status_code
        self._soup: BeautifulSoup | None = None

    @property
    def soup(self) -> BeautifulSoup:
        if self._soup is None:
            self._soup = BeautifulSoup(self.response.text, "html.parser")
        return self._soup

    @property
    def text(self) -> str:
        """The visible words of the main part, white space folded."""
        main = self.soup.find("main") or self.soup
        return " ".join(main.get_text(" ").split())

    def link(self, fragment: str) -> str:
        """The first link whose address contains `fragment`. Raises StoryFault."""
        for anchor in self.soup.find_all("a", href=True):
            if fragment in anchor["href"]:
                return urljoin(self.url, str(anchor["href"]))
        raise self.fault(f"no link with {fragment!r}")

    def has_link(self, fragment: str) -> bool:
        return any(fragment in anchor["href"] for anchor in self.soup.find_all("a", href=True))

    def value(self, name: str) -> str:
        """A figure that the page marks with `data-figure="name"`. Raises StoryFault."""
        node = self.soup.select_one(f'[data-figure="{name}"]')
        if not isinstance(node, Tag):
            raise self.fault(f"no figure {name!r}")
        return " ".join(node.get_text(" ").split())

    def form(self, action: str = "", having: str = "") -> Form:
        """The first form whose action contains `action` and that has a field named `having`. Raises StoryFault."""
        for node in self.soup.find_all("form"):
            target = urljoin(self.url, str(node.get("action") or self.url))
            form = _read_form(node, target, self.soup)
            if action in urlsplit(target).path and (not having or having in form.names):
                return form
        raise self.fault(f"no form for {action!r} with a field {having!r}")

    def choice(self, name: str, words: str) -> str:
        """The value of the option, radio or box `name` whose label holds `words`. Raises StoryFault."""
        for select in self.soup.find_all("select", attrs={"name": name}):
            for option in select.find_all("option"):
                if words in option.get_text():
                    return str(option.get("value", ""))
        for box in self.soup.find_all("input", attrs={"name": name}):
            label = box.find_parent("label") or self.soup.find("label", attrs={"for": str(box.get("id"))})
            if label is not None and words in label.get_text():
                return str(box.get("value", "on"))
        raise self.fault(f"no {name!r} called {words!r}")

    def fault(self, what: str) -> StoryFault:
        return StoryFault(f"{what} at {self.url} ({self.status}): {self.text[:600]}")


def _read_form(node: Tag, target: str, soup: BeautifulSoup) -> Form:
    """The form with its controls, also those outside it that name it by their `form` attribute."""
    form = Form(target, str(node.get("method") or "get").lower(), [])
    controls = [c for c in node.find_all(CONTROLS) if c.get("form") in {None, node.get("id")}]
    if node.get("id"):
        controls += [c for c in soup.find_all(CONTROLS, attrs={"form": node["id"]}) if node not in c.parents]
    for control in controls:
        name = control.get("name")
        if not name or control.has_attr("disabled"):
            continue
        form.names.add(str(name))
        _read_control(form, control, str(name))
    return form


def _read_control(form: Form, control: Tag, name: str) -> None:
    kind = str(control.get("type") or "").lower()
    if control.name == "textarea":
        form.fields.append((name, control.get_text().removeprefix("\n")))
    elif control.name == "select":
        chosen = list(control.find_all("option", selected=True))
        if not chosen and not control.has_attr("multiple"):
            chosen = list(control.find_all("option")[:1])
        form.fields += [(name, str(option.get("value", option.get_text()))) for option in chosen]
    elif kind == "file":
        form.files.add(name)
    elif kind in {"checkbox", "radio"}:
        if control.has_attr("checked"):
            form.fields.append((name, str(control.get("value", "on"))))
    elif control.name == "input" and kind not in {"submit", "button", "image", "reset"}:
        form.fields.append((name, str(control.get("value", ""))))


class Browser:
    """One person's session. A server that restarts in between costs only time: safe requests are repeated.

    Who `clicks_twice` sends each form twice at the same time, goes on with the second answer as a browser does, and
    finds a fault where it has another status or leads to another page than the first. Signing in is left out: a
    one-time code is taken once.
    """

    def __init__(self, base_url: str, language: str = "zh-hans", *, clicks_twice: bool = False) -> None:
        self.clicks_twice = clicks_twice
        self.client = httpx.Client(
            base_url=base_url,
            follow_redirects=True,
            timeout=60,
            headers={"Accept": "text/html,application/json;q=0.5", "Accept-Language": language},
            cookies={"xinglin_language": language},
        )

    def get(self, url: str, expect: int | None = 200) -> Page:
        """The page; `expect` None takes any status. Raises StoryFault."""
        page = Page(self._send(lambda: self.client.get(url)))
        if expect is not None and page.status != expect:
            raise page.fault(f"expected {expect}")
        return page

    def raw(self, url: str) -> httpx.Response:
        """The response as it is, whatever its status."""
        return self._send(lambda: self.client.get(url))

    def post(self, page: Page, url: str, values: dict[str, str]) -> httpx.Response:
        """What a script of `page` sends by itself, with the token of the page's forms."""
        token = page.soup.select_one("input[name=csrfmiddlewaretoken]")
        data = {**values, "csrfmiddlewaretoken": str(token["value"]) if token else ""}
        return self._send(lambda: self.client.post(url, data=data, headers={"Referer": page.url}))

    def submit(
        self,
        page: Page,
        form: Form,
        values: dict[str, Any] | None = None,
        files: dict[str, list[Path]] | None = None,
        expect: int | None = 200,
    ) -> Page:
        """Fill in `values` (a list gives several values; None leaves the field out) and send the form.

        `expect` None takes any status. Raises StoryFault.
        """
        values = values or {}
        unknown = set(values) - form.names
        if unknown:
            raise page.fault(f"the form for {form.action} has no field {sorted(unknown)}; it has {sorted(form.names)}")
        pairs = [(name, value) for name, value in form.fields if name not in values]
        for name, value in values.items():
            several = value if isinstance(value, list) else [value]
            pairs += [(name, str(item)) for item in several if item is not None]
        done = Page(self._send(lambda: self._post(page, form, pairs, files or {})))
        if expect is not None and done.status != expect:
            raise done.fault(f"expected {expect} after sending the form of {page.url}")
        return done

    def _post(
        self, page: Page, form: Form, pairs: list[tuple[str, str]], files: dict[str, list[Path]]
    ) -> httpx.Response:
        data: dict[str, Any] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        if form.method == "get":
            return self.client.get(form.action, params=data)
        parts = [(name, (path.name, path.read_bytes())) for name, paths in files.items() for path in paths]
        if form.files and not parts:
            parts = [(name, ("", b"")) for name in form.files]
        clicks = 2 if self.clicks_twice and "/accounts/" not in form.action else 1
        headers = {"Referer": page.url}
        requests = [
            self.client.build_request("POST", form.action, data=data, files=parts or None, headers=headers)
            for _click in range(clicks)
        ]
        return self._at_once(requests)

    def _at_once(self, requests: list[httpx.Request]) -> httpx.Response:
        """The last answer. Raises StoryFault where they differ."""
        with ThreadPoolExecutor(len(requests)) as threads:
            sent = [threads.submit(self.client.send, request, follow_redirects=True) for request in requests]
        answers = [each.result() for each in sent]
        ways = sorted({(answer.status_code, answer.url.path) for answer in answers})
        if len(ways) > 1:
            raise Page(max(answers, key=lambda answer: answer.status_code)).fault(f"two clicks, two answers: {ways}")
        return answers[-1]

    def _send(self, call: Any) -> httpx.Response:
        """Forms carry their own key, so repeating one after a broken connection meets its own row.

        Who only waits goes on when this much was not enough (a document whose worker was killed is made once its lease
        has ended): the last answer is given back.
        """
        for attempt in range(TRANSPORT_TRIES):
            try:
                response: httpx.Response = call()
            except httpx.TransportError as error:
                if attempt == TRANSPORT_TRIES - 1:
                    raise StoryFault(f"the server does not answer: {error}") from error
            else:
                if response.status_code not in {502, 503} or attempt == TRANSPORT_TRIES - 1:
                    return response
            time.sleep(PAUSE)
        raise StoryFault("the server was not asked")

    def wait_until(self, url: str, what: str, seconds: float = 60.0) -> httpx.Response:
        """Load `url` until it is there (status 200), for documents that a job makes. Raises StoryFault."""
        deadline = time.monotonic() + seconds
        while True:
            response = self.raw(url)
            if response.status_code == 200:
                return response
            if time.monotonic() > deadline:
                raise Page(response).fault(f"waited {seconds:.0f} s for {what}")
            time.sleep(PAUSE)

    def wait_for(self, url: str, ready: Any, what: str, seconds: float = 60.0) -> Page:
        """Load `url` until `ready(page)` is true. Raises StoryFault after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            page = Page(self._send(lambda: self.client.get(url)))
            if page.status == 200 and ready(page):
                return page
            if time.monotonic() > deadline:
                raise page.fault(f"waited {seconds:.0f} s for {what}")
            time.sleep(PAUSE)
