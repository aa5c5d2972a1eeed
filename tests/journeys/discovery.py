"""Find every page by following links, as each person: what nobody is led to, nobody can use."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from config.story.browser import Browser, Page
from config.story.cast import Cast
from tests.permissions.crawl import Answer, is_endless, links_of

#: How many addresses of one kind a person opens; lists lead to more of the same.
OF_EACH = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A page, and who was led to it ("" is a visitor)."""

    person: str
    address: str


def name_of(address: str) -> str:
    """The URL name of an address with its namespaces; "" when it names nothing."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def discover(cast: Cast, people: Iterable[str], wanted: set[str]) -> dict[str, Found]:
    """The first whole page of each URL name in `wanted`. Ends as soon as all are found."""
    found: dict[str, Found] = {}
    for person in people:
        browser = cast[person] if person else cast.anonymous()
        for name, address in _pages(browser, wanted - set(found)):
            found.setdefault(name, Found(person, address))
        if wanted <= set(found):
            break
    return found


def _pages(browser: Browser, wanted: set[str]) -> Iterable[tuple[str, str]]:
    waiting, seen, opened = deque(["/home/", "/", "/more/", "/components/"]), set[str](), Counter[str]()
    while waiting:
        address = waiting.popleft()
        name = name_of(address)
        if address in seen or opened[name] >= OF_EACH or not _is_ours(address):
            continue
        seen.add(address)
        opened[name] += 1
        page = Page(browser.client.get(address))
        if name in wanted and _is_whole(page, address):
            yield name, address
        answer = Answer(page.url, page.status, page.response.headers.get("content-type", ""), page.response.content)
        waiting += [path for link in links_of(answer) if (path := _path(link)) not in seen and not is_endless(path)]


def _is_ours(address: str) -> bool:
    return not urlsplit(address).path.startswith(("/static/", "/cms/", "/dicomweb/", "/teaching/dicomweb/"))


def _path(url: str) -> str:
    """Filters that combine without end are left off; a page can be reached without them too."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query and "&" not in parts.query else "")


def _is_whole(page: Page, address: str) -> bool:
    """A page of its own with a head, neither a fragment nor somewhere else."""
    is_here = urlsplit(page.url).path == urlsplit(address).path
    return page.status == 200 and is_here and page.soup.find("main") is not None and page.soup.find("title") is not None
