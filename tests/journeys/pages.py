"""The pages that a person looks at, and how to come to them. Used for screenshots and for the axe sweep."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from config.story.browser import Browser, StoryFault
from config.story.cast import Cast
from config.story.tales import BREATHLESS

ID = "[0-9a-f-]{36}"
Finder = Callable[[Browser], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """`person` "" is a visitor. `path` is an address or a function that finds it as that person would."""

    name: str
    person: str
    path: str | Finder

    def address(self, cast: Cast) -> str:
        if isinstance(self.path, str):
            return self.path
        browser = cast[self.person] if self.person else cast.anonymous()
        return self.path(browser)


def found(start: str, pattern: str, words: str = "") -> Finder:
    """The first address on `start` that matches `pattern`, in a link that says `words`."""

    def find(browser: Browser) -> str:
        page = browser.get(start)
        for anchor in page.soup.find_all("a", href=True):
            row = anchor.find_parent(["li", "tr", "article"]) or anchor
            if re.search(pattern, str(anchor["href"])) and words in row.get_text():
                return str(anchor["href"])
        raise page.fault(f"no link like {pattern} saying {words!r}")

    return find


def then(first: Finder, pattern: str) -> Finder:
    """From the page that `first` finds, the first address that matches `pattern`, in a link or an image."""

    def find(browser: Browser) -> str:
        page = browser.get(first(browser))
        match = re.search(pattern, page.response.text)
        if match is None:
            raise StoryFault(f"nothing like {pattern} on {page.url}")
        return match.group(0)

    return find


CONSULT = found("/consults/?tab=ended", f"/consults/{ID}/$", BREATHLESS.patient_name)
TO_CLOSE = then(found("/consults/?tab=signed", f"/consults/{ID}/$"), f"/consults/{ID}/close/")
LANDING = found("/courses/", r"/courses/[a-z0-9-]+/[a-z0-9-]+/", BREATHLESS.course_title)
CASE = found("/cases/", f"/cases/{ID}/", BREATHLESS.case_title)
LEARNING = found("/learn/", f"/learn/{ID}/", BREATHLESS.course_title)
CERTIFICATE = found("/credits/", f"/credits/certificates/{ID}/")

SHOWN: tuple[Shown, ...] = (
    Shown("signin", "", "/accounts/login/"),
    Shown("front", "", "/"),
    Shown("courses", "", "/courses/"),
    Shown("course", "", LANDING),
    Shown("library", "", "/library/"),
    Shown("verify", "learner", then(CERTIFICATE, f"/verify/{ID}/")),
    Shown("home", "requester", "/home/"),
    Shown("consults", "requester", "/consults/"),
    Shown("consult-new", "requester", "/consults/new/"),
    Shown("consult", "requester", CONSULT),
    Shown("imaging-report", "requester", lambda browser: CONSULT(browser) + "?tab=report&pane=op"),
    Shown("close", "requester", TO_CLOSE),
    Shown("consent", "requester", lambda browser: CONSULT(browser) + "consent/"),
    Shown("images", "requester", lambda browser: CONSULT(browser) + "images/"),
    Shown("worklist", "expert", "/worklist/"),
    Shown("triage-list", "coordinator", "/worklist/"),
    Shown("deid", "deid_officer", "/deid/"),
    Shown("deid-released", "deid_officer", "/deid/?tab=open"),
    Shown("deid-closed", "deid_officer", "/deid/?tab=closed"),
    Shown("case-desk", "editor", "/cases/desk/"),
    Shown("case-print", "learner", lambda browser: CASE(browser) + "print/"),
    Shown("cases", "learner", "/cases/"),
    Shown("case", "learner", CASE),
    Shown("course-desk", "author", "/courses/desk/"),
    Shown("questions", "author", "/questions/"),
    Shown("reviews", "reviewer", "/reviews/"),
    Shown("learn", "learner", "/learn/"),
    Shown("learn-course", "learner", LEARNING),
    Shown("unit", "learner", lambda browser: LEARNING(browser) + "units/1/"),
    Shown("credits", "learner", "/credits/"),
    Shown("certificate", "learner", CERTIFICATE),
    Shown("supervision", "supervisor", "/supervision/"),
    Shown("manager", "manager", "/supervision/"),
    Shown("organisations", "admin", "/directory/"),
    Shown("people", "security_admin", "/directory/people/"),
    Shown("audit", "audit_admin", "/audit/"),
    Shown("notifications", "requester", "/notifications/"),
    Shown("search", "learner", "/search/?q=超声"),
    Shown("profile", "learner", "/profile/"),
)
