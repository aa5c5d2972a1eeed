"""Two officers, one after the other, look at every frame and every text before anything leaves the patient's side.

Nobody looks at a visitor's own images: what the machine took for writing is covered there, and what is asked about a
face gets the answer that writes nothing into the images, with the words that nobody has looked.
"""

from __future__ import annotations

import re
from itertools import count
from urllib.parse import urljoin

from config.story.browser import Browser, Page
from config.story.tales import Tale
from config.story.telling import Telling, refuse

LOGO = {"left": 0, "top": 0, "width": 80, "height": 22, "reason": "姓名"}
DEFACED = {"face": "defaced", "face_reason": "已核对每一层，面部已去除。"}
UNSEEN = {"face": "no_head", "face_reason": "试用：由程序代答，没有人看过这些影像。"}


def remember(telling: Telling) -> None:
    """Which releases the desk shows before this tale begins."""
    telling.known["releases_before"] = " ".join(_releases(telling.person("deid_officer").get("/deid/")))


def confirm(telling: Telling) -> None:
    """The first reader covers burnt-in text and confirms; the same person cannot confirm twice; the second opens it."""
    first = telling.person("deid_officer")
    telling.known["release"] = arrived(telling)
    page = first.get(telling.known["release"])
    _no_identifier(telling, page)
    texts = _text_count(page)
    if telling.is_sample and telling.tale.modality == "US":
        page = first.submit(page, page.form("boxes/", "left"), LOGO)
    frames = _read_all(telling, first)
    _decide_places(telling, first)
    _read_texts(telling, first)
    _confirm(telling, first)
    second = telling.person("deid_officer2")
    _read_all(telling, second)
    _decide_places(telling, second)
    _read_texts(telling, second)
    _confirm(telling, second)
    looked = {} if telling.is_sample else {"looked_at_by": "nobody"}
    telling.say("deid", readers=2, frames=frames, texts=texts, **looked)


def arrived(telling: Telling) -> str:
    """The address of this tale's release, once its headers and texts are cleaned."""
    officer = telling.person("deid_officer")
    listed = officer.wait_for("/deid/", lambda page: bool(set(_releases(page)) - telling_done(telling)), "the release")
    release = sorted(set(_releases(listed)) - telling_done(telling))[-1]
    officer.wait_for(release, lambda page: _text_count(page) > 0, "de-identification", telling.patience)
    return release


def telling_done(telling: Telling) -> set[str]:
    """Addresses of releases that stood there before this tale."""
    return set(telling.known.get("releases_before", "").split())


def _releases(page: Page) -> list[str]:
    return re.findall(r"/deid/[0-9a-f-]{36}/", page.response.text)


def _no_identifier(telling: Telling, page: Page) -> None:
    """What will leave holds none of the patient's identifiers: the page marks it with `data-released`."""
    for node in page.soup.select("[data-released]"):
        text = "".join(str(part) for part in node.find_all(string=True) if part.find_parent("del") is None)
        for secret in secrets_of(telling.tale):
            refuse(secret in text, page, f"{secret} would be released")


def secrets_of(tale: Tale) -> tuple[str, ...]:
    """What names this patient: the name, in pinyin too, the numbers, the telephone, the township."""
    return (tale.patient_name, tale.patient_pinyin, tale.hospital_number, tale.id_number, tale.phone, tale.township)


def _text_count(page: Page) -> int:
    return len(page.soup.select("[data-released]"))


def _read_all(telling: Telling, officer: Browser) -> int:
    """Tick every frame, page by page; how many there were."""
    total = 0
    for number in count(1):
        page = officer.get(f"{telling.known['release']}?page={number}")
        boxes = list(dict.fromkeys(str(node["value"]) for node in page.soup.select("input[name=frame][value]")))
        if boxes:
            officer.submit(page, page.form("frames/", "frame"), {"frame": boxes})
            total += len(boxes)
        if not page.has_link(f"page={number + 1}"):
            break
    return total


def _decide_places(telling: Telling, officer: Browser) -> None:
    """What the machine took for writing and no rectangle covers, one place after the other: left visible where it is
    known to be none, covered in images that nobody has looked at."""
    page, before = officer.get(telling.known["release"]), ""
    while (waiting := page.soup.select_one("a[data-undecided]")) is not None:
        place = str(waiting["href"])
        refuse(place == before, page, "the places to decide do not end")
        page, before = officer.get(urljoin(page.url, place)), place
        if telling.is_sample:
            form = page.form("boxes/", "left_visible")
            form.action = str(page.soup.select("button[name=left_visible]")[0]["formaction"])
            page = officer.submit(page, form, {"left_visible": "on"})
        else:
            page = officer.submit(page, page.form("boxes/", "mark"), {"reason": "试用：未看过，一律遮盖"})


def _read_texts(telling: Telling, officer: Browser) -> None:
    """Confirm every text, one after the other."""
    page = officer.get(telling.known["release"])
    for node in page.soup.select("input[name=text][value]"):
        officer.submit(page, page.form("texts/", "text"), {"text": str(node["value"])})


def _confirm(telling: Telling, officer: Browser) -> None:
    page = officer.get(telling.known["release"])
    form = page.form("confirm/")
    answer = DEFACED if telling.is_sample else UNSEEN
    officer.submit(page, form, answer if "face" in form.names else {})
