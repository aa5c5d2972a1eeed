"""The crawl itself: a deliberately leaking site, present only here, proves that each kind of leak is seen."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from tests.permissions.crawl import Answer, Leak, Secrets, crawl

HOME = "http://site.example/"
NAME = "闻人映川"


def picture(seed: int, kind: str) -> bytes:
    image = Image.frombytes("RGB", (40, 30), random.Random(seed).randbytes(40 * 30 * 3))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.fixture
def secrets(tmp_path):
    stored = tmp_path / "1.dcm"
    stored.write_bytes(random.Random(1).randbytes(60_000))
    found = Secrets(names=(NAME,))
    found.add_file(stored)
    found.add_picture(picture(7, "PNG"), "frame 7")
    return found, stored


def site(pages):
    def fetch(url):
        media_type, body = pages.get(url, ("text/html", b"<p>not found</p>"))
        return Answer(url, 200 if url in pages else 404, media_type, body)

    return fetch


def page(*links):
    return "text/html", "".join(f'<a href="{link}">x</a>' for link in links).encode()


def test_a_clean_site_is_walked_whole_and_has_no_leak(secrets):
    found, _stored = secrets
    seen = []
    pages = {HOME: page("/a/", "#top"), HOME + "a/": page("/", "https://elsewhere.example/")}

    def fetch(url):
        seen.append(url)
        return site(pages)(url)

    assert crawl(fetch, [HOME], found) == ([], [])
    assert seen == [HOME, HOME + "a/"]


@pytest.mark.parametrize(
    ("media_type", "make", "what"),
    [
        ("application/dicom", lambda data: data, ["file 1.dcm"]),
        ("multipart/related", lambda data: b"--x\r\n" + data[: len(data) // 2] + b"\r\n--x--", []),
        ("image/png", lambda _data: picture(7, "PNG"), ["picture frame 7"]),
        ("image/bmp", lambda _data: picture(7, "BMP"), ["picture frame 7"]),
        ("application/json", lambda _data: b'{"n": "\\u95fb\\u4eba\\u6620\\u5ddd"}', ["name " + NAME]),
        ("text/html", lambda _data: f"<p>{NAME}</p>".encode(), ["name " + NAME]),
    ],
)
def test_each_kind_of_leak_is_seen(secrets, media_type, make, what):
    found, stored = secrets
    body = make(stored.read_bytes())
    leaks, _failures = crawl(site({HOME: page("/leak"), HOME + "leak": (media_type, body)}), [HOME], found)
    sentences = [leak.what for leak in leaks]
    assert {leak.url for leak in leaks} == {HOME + "leak"}
    assert set(what) <= set(sentences)
    if media_type == "multipart/related":
        assert Leak(HOME + "leak", "part of 1.dcm") in leaks


def test_another_picture_is_no_leak(secrets):
    found, _stored = secrets
    answer = Answer(HOME, 200, "image/png", picture(8, "PNG"))
    assert list(found.leaks_in(answer)) == []


def test_a_failing_page_is_reported(secrets):
    found, _stored = secrets
    leaks, failures = crawl(lambda url: Answer(url, 500, "text/html", b""), [HOME], found)
    assert (leaks, [answer.url for answer in failures]) == ([], [HOME])
