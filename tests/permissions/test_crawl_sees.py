"""The crawl itself: a deliberately leaking site, present only here, proves that each kind of leak is seen."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.permissions.crawl import Answer, Leak, NotWholeError, Secrets, crawl

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


def test_of_a_kept_picture_its_scan_is_a_part_and_its_tables_are_none(tmp_path):
    # given a rendered frame in the store, and another picture of the same size, whose first 512 bytes are the same
    kept, other = picture(3, "JPEG"), picture(4, "JPEG")
    assert kept[:512] == other[:512]
    stored = tmp_path / "rendered"
    stored.write_bytes(kept)
    found = Secrets()
    found.add_file(stored)
    # then the other is no leak, and a piece of the kept one is, wherever it stands
    assert list(found.leaks_in(Answer(HOME, 200, "image/jpeg", other))) == []
    piece = b"x" * 7 + kept[kept.index(b"\xff\xda") :]
    assert Leak(HOME, "part of rendered") in list(found.leaks_in(Answer(HOME, 200, "application/octet-stream", piece)))


def test_a_failing_page_is_reported(secrets):
    found, _stored = secrets
    leaks, failures = crawl(lambda url: Answer(url, 500, "text/html", b""), [HOME], found)
    assert (leaks, [answer.url for answer in failures]) == ([], [HOME])


@pytest.mark.parametrize(
    "written",
    [
        "闻 人 映 川",
        "闻人·映川",
        "闻.人.映.川",
        "闻人\u3000映川",
        "Wenren Yingchuan",
        "WENREN^YINGCHUAN",
        "wen-ren ying-chuan",
    ],
)
def test_a_name_is_seen_however_it_is_written(tmp_path, written):
    found = Secrets(names=(NAME, "Wenren Yingchuan"))

    leaks = list(found.leaks_in(Answer(HOME, 200, "text/html", f"<p>患者{written}，女</p>".encode())))

    assert [leak.what for leak in leaks] in (["name " + NAME], ["name Wenren Yingchuan"])


def scan(seed: int, side: int = 240) -> Image.Image:
    """Soft shapes on black, as a section of a body: the same for the same seed."""
    chance = random.Random(seed)
    image = Image.new("L", (side, side))
    draw = ImageDraw.Draw(image)
    for _shape in range(14):
        left, top = chance.randrange(side), chance.randrange(side)
        box = (left, top, left + chance.randrange(20, side // 2), top + chance.randrange(20, side // 2))
        draw.ellipse(box, fill=chance.randrange(40, 230))
    return image.filter(ImageFilter.GaussianBlur(6))


def bytes_of(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def windowed(image: Image.Image, centre: int, width: int) -> Image.Image:
    low = centre - width / 2
    return image.point([int(min(255, max(0, (grey - low) * 255 / width))) for grey in range(256)])


SEEDS = range(30, 42)


@pytest.mark.parametrize("side", [64, 128, 240, 512])
@pytest.mark.parametrize(("centre", "width"), [(128, 256), (100, 180), (140, 200), (110, 320)])
def test_a_leaking_view_is_seen_at_every_size_and_window(side, centre, width):
    for seed in SEEDS:
        found = Secrets()
        found.add_picture(bytes_of(scan(seed)), "frame 1")
        leaking = bytes_of(windowed(scan(seed), centre, width).resize((side, side)), quality=70)

        leaks, _failures = crawl(site({HOME: page("/view"), HOME + "view": ("image/jpeg", leaking)}), [HOME], found)

        assert leaks == [Leak(HOME + "view", "like frame 1")], seed


def test_another_picture_and_an_empty_one_are_not_taken_for_it():
    found = Secrets()
    for seed in SEEDS:
        found.add_picture(bytes_of(scan(seed)), f"frame {seed}")
    assert len(found.likes) == len(SEEDS)
    others = [*(scan(seed) for seed in range(900, 960)), Image.new("L", (200, 200)), Image.new("L", (200, 200), 255)]

    assert [leak for other in others for leak in found.leaks_in(Answer(HOME, 200, "image/jpeg", bytes_of(other)))] == []


def test_a_released_study_is_known_by_its_pixels_alone():
    found = Secrets()
    found.add_picture(bytes_of(scan(30)), "frame 1", is_released=True)
    cleaned = scan(30)
    ImageDraw.Draw(cleaned).rectangle((0, 0, 60, 20), fill=128)

    assert list(found.leaks_in(Answer(HOME, 200, "image/jpeg", bytes_of(cleaned)))) == []
    assert [leak.what for leak in found.leaks_in(Answer(HOME, 200, "image/jpeg", bytes_of(scan(30))))] == [
        "picture frame 1"
    ]


def test_what_is_not_visited_is_a_failure(secrets, monkeypatch):
    found, _stored = secrets
    monkeypatch.setattr("tests.permissions.crawl.MOST_PAGES", 2)
    pages = {HOME: page("/a/", "/b/"), HOME + "a/": page(), HOME + "b/": page()}

    with pytest.raises(NotWholeError, match="1 pages wait after 2"):
        crawl(site(pages), [HOME], found)


def test_of_filters_together_one_combination_is_followed_and_of_one_every_value(secrets):
    found, _stored = secrets
    links = ["/l/?a=1", "/l/?a=2", "/l/?a=1&b=1", "/l/?b=2&a=2", "/l/?a=1&c=1", "/m/?a=1&b=1"]
    seen = []

    def fetch(url):
        seen.append(url.removeprefix(HOME))
        return site({HOME: page(*links)})(url)

    crawl(fetch, [HOME], found)

    assert seen == ["", "l/?a=1", "l/?a=2", "l/?a=1&b=1", "l/?a=1&c=1", "m/?a=1&b=1"]


def test_what_stands_behind_two_filters_leaks_too(secrets):
    found, stored = secrets
    hidden = HOME + "l/?state=open&urgency=stat"
    pages = {HOME: page("/l/?state=open&urgency=stat"), hidden: ("application/dicom", stored.read_bytes())}

    leaks, _failures = crawl(site(pages), [HOME], found)

    assert Leak(hidden, "file 1.dcm") in leaks
