"""The data folder lies on a really small disk, and the disk is really full: what people and machines are told, what
stays whole, and that everything goes on by itself when there is space again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from config.story.browser import Browser, Page
from config.story.cast import Cast
from config.story.images import study_of
from config.story.tales import TALES
from directory.seed.demo_people import PASSWORD
from tests.faults.processes import BACK_AFTER, stopped, there, wait_until, worker_of
from tests.faults.small_disk import MEGABYTE, SmallDisk
from tests.journeys.running import ROOT, RunningDemo, free_port, start_demo

SIZE = 260 * MEGABYTE
NO_SPACE = "本站磁盘已满，没有保存任何内容。"
LEFT = {
    "uploads": "SELECT count(*) FROM media_pipeline_upload",
    "studies": "SELECT count(*) FROM media_pipeline_identifiedstudy",
    "images": "SELECT count(*) FROM media_pipeline_identifiedinstance",
    "drafts": "SELECT count(*) FROM consult_bridge_consultdraft",
    "jobs": "SELECT count(*) FROM core_job",
}
WAITING = {
    # but for those that a machine's request holds back for itself, see media_pipeline.rest.stow
    "unfinished jobs": "SELECT count(*) FROM core_job WHERE state IN ('running', 'dead') OR "
    "(state = 'queued' AND (woken_at IS NOT NULL OR error_code <> ''))",
    "events": "SELECT count(*) FROM core_outboxevent WHERE delivered_at IS NULL",
    "unsealed": "SELECT count(*) FROM core_auditentry WHERE sealed_in IS NULL",
}
#: Asks the database of the disk from inside, one number a line; folds its log in, so that the next write needs space.
ASKING = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=20)
for question in sys.argv[2:]:
    print(database.execute(question).fetchone()[0])
"""

LEFT_WORK = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=20)
print(database.execute("SELECT name, state, attempts, error_code FROM core_job WHERE state <> 'succeeded'").fetchall())
print(database.execute("SELECT event_type, last_error FROM core_outboxevent WHERE delivered_at IS NULL").fetchall())
"""


@dataclass
class Cramped:
    """A demo on a small disk, its people signed in while there was space."""

    disk: SmallDisk
    demo: RunningDemo
    cast: Cast = field(init=False)

    def __post_init__(self) -> None:
        self.cast = Cast(self.demo.base_url)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A program that sees the disk."""
        environment = {**os.environ, "XINGLIN_DATA": str(self.demo.data)}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"
        return subprocess.run(
            [*self.disk.entering, *command],
            env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def numbers(self, questions: dict[str, str]) -> dict[str, int]:
        asked = self.run(sys.executable, "-c", ASKING, str(self.demo.data / "db.sqlite3"), *questions.values())
        assert asked.returncode == 0, asked.stderr
        return dict(zip(questions, map(int, asked.stdout.split()), strict=True))

    def files(self) -> set[Path]:
        """What the store of identified images holds."""
        return {path for path in (self.disk.outside / "data" / "identified").rglob("*") if path.is_file()}

    def fill(self) -> None:
        """Until neither the database nor the broker can write a byte more."""
        self.numbers({"fold": "PRAGMA wal_checkpoint(TRUNCATE)"})
        self.disk.fill()
        wait_until(lambda: "disk full" in self.readiness(), 20)
        self.disk.fill()

    def left_work(self) -> str:
        return self.run(sys.executable, "-c", LEFT_WORK, str(self.demo.data / "db.sqlite3")).stdout

    def readiness(self) -> str:
        return httpx.get(f"{self.demo.base_url}/readyz", timeout=30).text


@pytest.fixture(scope="module")
def cramped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cramped]:
    disk = SmallDisk(tmp_path_factory.mktemp("small") / "disk", SIZE)
    demo = start_demo(disk.folder / "data", entering=disk.entering, log=disk.outside / "demo.log")
    yield Cramped(disk, demo)
    demo.stop()
    disk.remove()


@pytest.fixture(autouse=True)
def space_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test filled is free again, and the demo ready, before the next begins."""
    yield
    if "cramped" in request.fixturenames:
        cramped: Cramped = request.getfixturevalue("cramped")
        cramped.disk.empty()
        wait_until(cramped.demo.is_ready, BACK_AFTER)


@pytest.fixture
def slices(tmp_path: Path) -> list[Path]:
    return study_of(TALES[0], tmp_path, None, datetime.now().astimezone())


def full_page(answer: httpx.Response) -> bool:
    """A page of the site with the one sentence, and no error page."""
    return answer.status_code == 507 and NO_SPACE in answer.text and "<main" in answer.text


def open_consult(browser: Browser) -> str:
    """The address of a consult that images can still be sent to."""
    return browser.get("/consults/").link("/consults/0")


def test_images_are_refused_with_one_sentence_and_nothing_is_half_saved(cramped: Cramped, slices: list[Path]) -> None:
    # given an upload form that stands open, a machine's token, and a disk that is full
    requester = cramped.cast["requester"]
    page = requester.get(f"{open_consult(requester)}images/")
    form = page.form(having="form_key")
    made = cramped.run(sys.executable, str(ROOT / "manage.py"), "create_token", "requester", "--scope", "dicomweb")
    assert made.returncode == 0, made.stderr
    before, files = cramped.numbers(LEFT), cramped.files()
    cramped.fill()
    # when a person and a machine send images
    by_page = requester._post(page, form, form.fields, {"dicom": slices})
    by_machine = stow(cramped, made.stdout.strip(), slices[:2])
    # then both are told, each in the form it reads
    assert full_page(by_page)
    assert (by_machine.status_code, by_machine.headers["content-type"]) == (507, "application/problem+json")
    assert by_machine.json()["code"] == "storage_full"
    # and neither rows nor pieces of files are there
    cramped.disk.empty()
    assert (cramped.numbers(LEFT), cramped.files()) == (before, files)
    # and when there is space the same form is taken, without a restart
    wait_until(cramped.demo.is_ready, BACK_AFTER)
    assert requester._post(page, form, form.fields, {"dicom": slices}).status_code == 200
    assert stow(cramped, made.stdout.strip(), slices[:2]).status_code == 200


def stow(cramped: Cramped, token: str, files: list[Path]) -> httpx.Response:
    parts = [b"--B\r\nContent-Type: application/dicom\r\n\r\n" + path.read_bytes() + b"\r\n" for path in files]
    return httpx.post(
        f"{cramped.demo.base_url}/dicomweb/studies",
        content=b"".join(parts) + b"--B--\r\n",
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": 'multipart/related; type="application/dicom"; boundary=B',
        },
        timeout=60,
    )


def test_pages_are_read_and_whoever_wants_to_write_is_told(cramped: Cramped) -> None:
    # given people who are signed in, forms that stand open, and a disk that is full
    requester, learner = cramped.cast["requester"], cramped.cast["learner"]
    stranger = cramped.cast.anonymous()
    request, sign_in = requester.get("/consults/new/"), stranger.get("/accounts/login/")
    unread = unread_consult(requester)
    before = cramped.numbers(LEFT)
    cramped.fill()
    # when they read: what is not audited is there
    for browser, addresses in (
        (requester, ("/notifications/", "/profile/")),
        (learner, ("/home/", "/learn/", "/credits/", "/courses/", "/search/?q=心")),
        (stranger, ("/", "/courses/", "/library/", "/help/", "/accounts/login/", "/healthz")),
    ):
        for address in addresses:
            assert browser.client.get(address).status_code == 200, address
    # and what must be audited is not shown, and says why
    assert full_page(requester.client.get(unread))
    # when they write
    form, door = request.form(having="form_key"), sign_in.form(having="password")
    answers = {
        "draft": requester._post(request, form, [*form.fields, ("action", "save_draft")], {}),
        "language": requester.client.post("/language/", data={"language": "zh-hans", "next": "/home/"}),
        "sign-in": stranger._post(
            sign_in, door, [*hidden(door.fields), ("login", "learner"), ("password", PASSWORD)], {}
        ),
    }
    # then each is told in one sentence
    assert {name: full_page(answer) for name, answer in answers.items()} == dict.fromkeys(answers, True)
    # and nothing was saved; with space the same draft is, and the sign-in works
    cramped.disk.empty()
    assert cramped.numbers(LEFT) == before
    wait_until(cramped.demo.is_ready, BACK_AFTER)
    requester._post(request, form, [*form.fields, ("action", "save_draft")], {})
    assert cramped.numbers(LEFT)["drafts"] == before["drafts"] + 1
    assert Page(Cast(cramped.demo.base_url)["learner"].client.get("/home/")).status == 200


def hidden(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if name not in {"login", "password"}]


def unread_consult(browser: Browser) -> str:
    """The last consult of the list: nobody has opened it in this quarter of an hour."""
    found = [str(link["href"]) for link in Page(browser.client.get("/consults/?tab=all")).soup.select("main a[href]")]
    return [address for address in found if address.startswith("/consults/0")][-1]


def test_work_waits_for_space_and_is_done_once(cramped: Cramped, slices: list[Path]) -> None:
    # given images that were sent and that no worker has read, and a disk that is full
    requester = cramped.cast["requester"]
    before = cramped.numbers(LEFT)["images"]
    page = requester.get(f"{open_consult(requester)}images/")
    form = page.form(having="form_key")
    with stopped(there(lambda: worker_of(cramped.demo))):
        assert requester._post(page, form, form.fields, {"dicom": slices}).status_code == 200
        cramped.fill()
    # when the worker goes on without any space
    time.sleep(20)
    # then nothing is read; and with space everything is, once, and no job has given up
    cramped.disk.empty()
    wait_until(lambda: set(cramped.numbers(WAITING).values()) == {0}, 3 * BACK_AFTER, lambda: str(cramped.left_work()))
    assert cramped.numbers(LEFT)["images"] == before + len(slices)


def test_the_trail_holds_after_a_full_disk(cramped: Cramped) -> None:
    # given a disk that was full while people acted
    cramped.fill()
    cramped.cast["requester"].client.get("/supervision/")  # refused, which is an entry
    time.sleep(3)
    cramped.disk.empty()
    wait_until(lambda: cramped.numbers(WAITING)["unsealed"] == 0, BACK_AFTER)
    # when
    verified = cramped.run(sys.executable, str(ROOT / "manage.py"), "verify_audit")
    # then
    assert (verified.returncode, verified.stdout.rpartition(",")[2].strip()) == (0, "0 faults")


def test_the_demo_refuses_a_disk_with_too_little_room_and_starts_there_later(tmp_path: Path) -> None:
    # given a disk with 20 MB left
    disk = SmallDisk(tmp_path / "disk", SIZE)
    data, port = disk.folder / "data", free_port()
    command = [sys.executable, str(ROOT / "bin" / "demo"), "--port", str(port), "--data", str(data)]
    with disk.filled(leaving=20 * MEGABYTE):
        # when
        refused = subprocess.run([*disk.entering, *command], capture_output=True, text=True, timeout=120, check=False)
        # then one sentence, and nothing in the folder
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr == (
            f"xinglin: The disk of the data folder {data} has 20 MB free and the demo needs 200 MB there. "
            "Free some space, or choose a folder on another disk with --data DIR, and run the command again. "
            "Nothing was changed.\n"
        )
        assert not (disk.outside / "data").exists()
    # and with space the same command starts
    demo = start_demo(data, port, entering=disk.entering, log=tmp_path / "demo.log")
    assert demo.is_ready()
    demo.stop()
    disk.remove()
