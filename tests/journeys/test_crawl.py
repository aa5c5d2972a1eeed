"""A learner, a doctor of another county and a visitor follow every link: not one identified byte, pixel or name."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

from config.story.browser import Browser
from config.story.tales import TALES
from consult_bridge.seed.names import CANARY_NAMES
from tests.journeys.pages import CONSULT, ID
from tests.permissions.crawl import Answer, Fetch, Secrets, crawl

STARTS = (
    *("/", "/home/", "/more/", "/cases/", "/courses/", "/library/", "/learn/", "/credits/", "/search/?q=超声"),
    *("/profile/", "/consults/", "/worklist/", "/imaging/studies/", "/deid/", "/reviews/", "/supervision/"),
    *("/notifications/", "/audit/", "/directory/", "/dicomweb/studies", "/teaching/dicomweb/studies", "/cms/"),
    "/cases/desk/",
)

FRAMES = 120
SIZES = ("?side=160", "?side=320")
"""Frames of the story's loop, and the sizes beside the whole one in which pages ask for one."""


def fetching(browser: Browser, base_url: str) -> Fetch:
    def fetch(url: str) -> Answer:
        response = browser.client.get(url)
        media_type = response.headers.get("content-type", "").split(";")[0]
        return Answer(str(response.url), response.status_code, media_type, response.content)

    return fetch


@pytest.fixture(scope="session")
def identified(demo, story, cast) -> tuple[Secrets, list[str]]:
    """Every file of the identified store, frames as the doctor sees them, the names; and the doctor's addresses."""
    pinyin = [tale.patient_pinyin for tale in TALES]
    secrets = Secrets(names=(*CANARY_NAMES, *(tale.patient_name for tale in TALES), *pinyin))
    files = [path for path in (Path(demo.data) / "identified").rglob("*") if path.is_file()]
    heads = [path.read_bytes()[:16384] for path in files]
    assert [name for name in pinyin if not any(name.encode() in head for head in heads)] == []
    for path in files:
        secrets.add_file(path)
    doctor = cast["requester"]
    consult = CONSULT(doctor)
    page = doctor.get(consult)
    study = re.search(r"/imaging/studies/[0-9a-f-]{36}/", page.response.text)
    assert study is not None
    addresses = [consult, consult + "opinion.pdf", study.group(0), study.group(0) + "fragment/"]
    for number in range(1, FRAMES + 1):
        for size in ("", *(SIZES if number % 40 == 1 else ())):
            frame = f"{study.group(0)}series/1/frames/{number}.jpg{size}"
            # the study was released: its cleaned frames look like it, so only the very pixels are known
            secrets.add_picture(doctor.raw(frame).content, frame, is_released=True)
            addresses += [frame] if number % 40 == 1 else []
    plant_in_a_reason(doctor)
    assert len(secrets.files) > 40
    assert len(secrets.pixels) > 0.9 * FRAMES  # a loop may repeat a frame
    return secrets, addresses


def plant_in_a_reason(doctor: Browser) -> None:
    """A doctor writes canary names into the reason of a proposal that no officer has seen yet."""
    consults = doctor.get("/consults/?tab=ended")
    for address in dict.fromkeys(re.findall(f"/consults/{ID}/", consults.response.text)):
        form_page = doctor.get(address.replace("/consults/", "/cases/propose/"), expect=None)
        if form_page.status == 200 and 'name="reason"' in form_page.response.text:
            doctor.submit(form_page, form_page.form(having="reason"), {"reason": "，".join(CANARY_NAMES)})
            return
    raise AssertionError("no closed consult is left to propose")


def test_the_doctor_who_may_does_see_them(demo, identified, cast):
    """The same comparison finds everything in the doctor's own session, so it is not blind."""
    secrets, addresses = identified
    fetch = fetching(cast["requester"], demo.base_url)
    found = {leak.what.split()[0] for url in addresses for leak in secrets.leaks_in(fetch(urljoin(demo.base_url, url)))}
    assert found >= {"name", "picture"}


@pytest.mark.parametrize("person", ["", "learner", "outsider", "editor"])
def test_nobody_else_reaches_an_identified_byte(demo, identified, cast, person):
    secrets, addresses = identified
    browser = cast[person] if person else cast.anonymous()
    starts = [urljoin(demo.base_url, url) for url in (*STARTS, *addresses)]
    leaks, failures = crawl(fetching(browser, demo.base_url), starts, secrets)
    assert leaks == []
    assert [(answer.url, answer.status) for answer in failures] == []
