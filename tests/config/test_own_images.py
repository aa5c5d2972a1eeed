"""The story on a visitor's own images: a folder of no use is one sentence, and no text says what nobody has seen."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.uid import generate_uid

from config.setup import folders
from config.setup.halt import Halt
from config.setup.images import look_at_images, own_folder
from config.story.acts import consulting, releasing, watching
from config.story.browser import Browser, StoryFault
from config.story.cast import Cast
from config.story.images import SAMPLES, imaged
from config.story.own import NoOwnImages, Own, own_study
from config.story.play import _differ
from config.story.tales import BREATHLESS, HEADACHE
from config.story.telling import Telling
from config.story.trial import tale_for

AT = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
NAME_ANOTHER = "Name a folder with the DICOM files of one study."


def own_of(source: Path, folder: Path) -> Own:
    return own_study(source, imaged(BREATHLESS), folder, AT)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "written"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("nowhere", "--dicom {there} does not exist. "),
        ("file.txt", "--dicom {there} is not a folder. "),
        ("empty", "The folder {there} is empty. "),
        ("texts", "The folder {there} holds no DICOM file. "),
    ],
)
def test_a_folder_of_no_use_is_one_sentence_before_anything_is_set_up(tmp_path: Path, named: str, told: str) -> None:
    # given
    (tmp_path / "file.txt").write_text("mine")
    (tmp_path / "empty" / "below").mkdir(parents=True)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "report.txt").write_text("no image")
    there = str(tmp_path / named)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    # when somebody starts the story on it
    data = tmp_path / "data"
    command = [sys.executable, folders.ROOT / "bin" / "demo", "--once", "--port", port, "--data", data]
    answer = subprocess.run(
        [*map(str, command), "--dicom", there],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    # then
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == f"xinglin: {told.format(there=there)}{NAME_ANOTHER}\n"
    assert not data.exists()


@pytest.mark.parametrize("name", ["MR_truncated.dcm", "rtplan.dcm", "reportsi.dcm"])
def test_what_is_damaged_or_no_picture_is_of_no_use_alone_and_left_out_beside_pictures(
    tmp_path: Path, target: Path, name: str
) -> None:
    # given a file that begins as DICOM does
    source = tmp_path / "mine"
    source.mkdir()
    shutil.copy(str(get_testdata_file(name)), source)
    assert own_folder(str(source)) == str(source)
    # when / then the environment's packages look at it
    told = f"The folder {source} holds no DICOM image that can be shown. Its one file is none. {NAME_ANOTHER}"
    with pytest.raises(Halt) as halted:
        look_at_images(str(source))
    assert str(halted.value) == told
    # and a running story says the same
    with pytest.raises(NoOwnImages) as refused:
        own_of(source, target)
    assert str(refused.value) == told
    assert list(target.iterdir()) == []
    # but beside a picture it is left out
    shutil.copy(str(get_testdata_file("CT_small.dcm")), source)
    look_at_images(str(source))
    own = own_of(source, target)
    assert (own.files, own.modalities, own.pictures) == ((target / "own-000.dcm",), ("CT",), 1)


def test_several_series_become_one_study_of_the_storys_patient(tmp_path: Path, target: Path) -> None:
    # given two CT images of one series and an ultrasound loop, with persons of their own in the header
    source = tmp_path / "mine"
    (source / "deep").mkdir(parents=True)
    first = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    first.save_as(source / "1.dcm")
    first.SOPInstanceUID = first.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    first.save_as(source / "2.dcm")
    shutil.copy(str(get_testdata_file("examples_ybr_color.dcm")), source / "deep" / "3")
    # when
    own = own_of(source, target)
    # then
    assert (len(own.files), own.modalities, own.pictures) == (3, ("CT", "US"), 32)
    made = [pydicom.dcmread(path, stop_before_pixels=True) for path in own.files]
    assert {str(one.PatientName) for one in made} == {BREATHLESS.patient_name}
    assert {one.PatientID for one in made} == {BREATHLESS.hospital_number}
    assert len({one.StudyInstanceUID for one in made}) == 1
    assert made[0].SeriesInstanceUID == made[1].SeriesInstanceUID != made[2].SeriesInstanceUID
    assert len({one.SOPInstanceUID for one in made}) == 3


def words_of(value: Any) -> Iterator[str]:
    """Every text in it, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from words_of(getattr(value, each.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from words_of(each)


#: What stays of the first tale: who takes part, the patient's identifiers, made-up measurements, choices of the forms.
KEPT = {
    "requester", "learner", "patient_name", "patient_pinyin", "patient_sex", "birth_date", "id_number", "phone",
    "address", "township", "hospital_number", "dicom", "service_type", "urgency", "vitals", "labs", "age_band",
    "video_seconds", "stopped_at", "unit_minutes", "wrong_answers", "rating", "is_withdrawn",
}  # fmt: skip


def test_no_text_of_the_first_tale_stands_beside_the_visitors_images() -> None:
    # given a head CT
    tale = tale_for(Own((Path("1.dcm"),), ("CT",), 2))
    # when every text is compared with the first tale's
    same = {each.name for each in fields(tale) if getattr(tale, each.name) == getattr(BREATHLESS, each.name)}
    # then only what says nothing of an image has stayed
    assert same == KEPT
    # and what stands in place of the rest names no organ, no view and no finding
    said = " ".join(words_of(tuple(getattr(tale, each.name) for each in fields(tale) if each.name not in KEPT)))
    seen = ("心", "室", "瓣", "脑", "肺", "积液", "占位", "切面", "序列", "收缩", "超声", "对比剂", "头痛", "气促")
    assert [word for word in seen if word in said] == []


@pytest.mark.parametrize(
    ("modalities", "pictures", "code", "about"),
    [
        (("CT",), 2, "CT", "自带影像（CT），共 2 幅。"),
        (("CR", "US"), 121, "CR\\US", "自带影像（X 线 CR、超声 US），共 121 幅。"),
        (("DR", "DX"), 2, "DR\\DX", "自带影像（X 线 DR），共 2 幅。"),
        ((), 1, "", "自带影像（影像），共 1 幅。"),
    ],
)
def test_the_kind_of_images_is_named_in_words(
    modalities: tuple[str, ...], pictures: int, code: str, about: str
) -> None:
    tale = tale_for(Own((Path("1.dcm"),), modalities, pictures))
    assert tale.modality == code
    nothing_seen = "试用文字：影像由使用者自带，没有人看过，这里不写任何影像所见。"
    assert (tale.caption, tale.findings) == (about + nothing_seen, about + nothing_seen)
    assert tale.report.findings == nothing_seen
    assert tale.report.impression == "试用文字：不作诊断，也不作诊疗建议。"


def test_a_header_with_a_kind_of_its_own_brings_no_word_into_the_texts(tmp_path: Path, target: Path) -> None:
    # given a device that writes a name where its kind belongs
    dataset = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.Modality, dataset.SeriesDescription = "WANG LI", "TUMOUR OF WANG LI"
    dataset.save_as(tmp_path / "1.dcm")
    # when
    tale = tale_for(own_of(tmp_path, target))
    # then
    assert (tale.modality, tale.case_title) == ("", "试用病例：自带影像（影像）")
    assert "WANG" not in " ".join(words_of(tale))


class Site:
    """Pages by path; what was sent, in order."""

    def __init__(self, pages: dict[str, str], answers: dict[str, int] | None = None) -> None:
        self.pages, self.answers = pages, answers or {}
        self.sent: list[tuple[str, dict[str, str]]] = []

    def telling(self, *, is_sample: bool, tale: Any = None) -> Telling:
        browser = Browser("http://site.test")
        browser.client = httpx.Client(base_url="http://site.test", transport=httpx.MockTransport(self._answer))
        tale = tale or tale_for(Own((), ("CT",), 2))
        people = dict.fromkeys((tale.requester, "author", "deid_officer"), browser)
        telling = Telling(tale, cast(Cast, people), [], lambda line: None, is_sample)
        telling.known |= {"release": "/deid/1/", "consult": "/consults/1/"}
        return telling

    def _answer(self, request: httpx.Request) -> httpx.Response:
        address = request.url.raw_path.decode()
        if request.method == "POST":
            self.sent.append((address, dict(httpx.QueryParams(request.content.decode()))))
        status = self.answers.get(self.sent[-1][1].get("series", "") if request.method == "POST" else "", 200)
        return httpx.Response(status, html=self.pages.get(address, self.pages.get(request.url.path, "")))


FACE = (
    '<form method="post" action="/deid/1/confirm/"><input type="radio" name="face" value="defaced">'
    '<input type="radio" name="face" value="no_head"><input name="face_reason"></form>'
)


@pytest.mark.parametrize(
    ("is_sample", "page", "sent"),
    [
        (False, FACE, {"face": "no_head", "face_reason": "试用：由程序代答，没有人看过这些影像。"}),
        (True, FACE, {"face": "defaced", "face_reason": "已核对每一层，面部已去除。"}),
        (False, '<form method="post" action="/deid/1/confirm/"></form>', {}),
    ],
)
def test_a_face_is_answered_for_where_the_page_asks(is_sample: bool, page: str, sent: dict[str, str]) -> None:
    site = Site({"/deid/1/": page})
    telling = site.telling(is_sample=is_sample)

    releasing._confirm(telling, telling.person("deid_officer"))

    assert site.sent == [("/deid/1/confirm/", sent)]


PLACE = (
    '<a data-undecided href="?pick=mark-1">1</a>'
    '<form method="post" action="/deid/1/boxes/"><input name="left"><input name="reason"></form>'
    '<form method="post" action="/deid/1/boxes/"><input type="hidden" name="mark" value="1">'
    '<input name="left" value="3"><input name="reason" value="Mark"><button name="left_visible" value="on"'
    ' formaction="/deid/1/marks/">Leave</button></form>'
)


@pytest.mark.parametrize(
    ("is_sample", "sent"),
    [
        (False, ("/deid/1/boxes/", {"mark": "1", "left": "3", "reason": "试用：未看过，一律遮盖"})),
        (True, ("/deid/1/marks/", {"mark": "1", "left": "3", "reason": "Mark", "left_visible": "on"})),
    ],
)
def test_a_suspected_place_in_images_that_nobody_saw_is_covered(is_sample: bool, sent: Any) -> None:
    site = Site({"/deid/1/": PLACE, "/deid/1/boxes/": "<main>decided</main>", "/deid/1/marks/": "<main>decided</main>"})
    telling = site.telling(is_sample=is_sample)

    releasing._decide_places(telling, telling.person("deid_officer"))

    assert site.sent == [sent]


def test_a_place_that_stays_undecided_ends_the_story() -> None:
    site = Site({"/deid/1/": PLACE, "/deid/1/boxes/": PLACE})
    telling = site.telling(is_sample=False)

    with pytest.raises(StoryFault, match="the places to decide do not end"):
        releasing._decide_places(telling, telling.person("deid_officer"))
    assert len(site.sent) == 1


def test_the_viewer_must_name_every_kind_of_the_visitors_images() -> None:
    study = "/imaging/studies/01234567-89ab-cdef-0123-456789abcdef/"
    site = Site({"/consults/1/": f'<a href="{study}">1</a>', study: "<main>CT · 超声 US</main>"})
    telling = site.telling(is_sample=False, tale=tale_for(Own((), ("CT", "US"), 2)))

    consulting.images_arrive(telling)

    assert telling.figures == {"images.modality": "CT+US"}
    site.pages[study] = "<main>CT</main>"
    with pytest.raises(StoryFault, match="'超声 US' is not shown"):
        consulting.images_arrive(telling)


def viewer(series: int, *, frames: int) -> str:
    """The page of one of three series; only where there are several pictures it offers a video."""
    tabs = "".join(f'<a href="/imaging/teaching/studies/1/?series={number}">{number}</a>' for number in (1, 2, 3))
    offer = (
        '<form method="post" action="/imaging/teaching/studies/1/video/"><input name="title">'
        f'<input type="hidden" name="series" value="{series}"></form>'
    )
    return f'{tabs}<div data-viewer data-frames="{frames}"></div>{offer if frames > 1 else ""}'


@pytest.mark.parametrize(
    ("frames", "refused", "asked", "pictures"),
    [
        ((1, 3, 30), {"2": 422}, ["2", "3"], 30),  # one picture, slices of different sizes, a loop
        ((1, 30, 2), {}, ["2"], 30),
        ((1, 1, 1), {}, [], None),
    ],
)
def test_the_video_is_made_of_the_first_series_that_runs(
    frames: tuple[int, int, int], refused: dict[str, int], asked: list[str], pictures: int | None
) -> None:
    # given
    study = "/imaging/teaching/studies/1/"
    pages = {f"{study}?series={number}": viewer(number, frames=count) for number, count in enumerate(frames, start=1)}
    site = Site(pages | {study: viewer(1, frames=frames[0])}, refused)
    author = site.telling(is_sample=False).person("author")
    # when
    made = watching._asked(author, author.get(study), "试用")
    # then
    assert [sent["series"] for _address, sent in site.sent] == asked
    assert (made[0] if made else None) == pictures


def told(tale: Any, *, is_sample: bool, **figures: str) -> Telling:
    all_figures = {"deid.frames": "40", "video.seconds": "10.0", "video.pictures": "40", "watch.resumes_at": "6.5s"}
    return Telling(
        tale,
        cast(Cast, {}),
        [],
        lambda line: None,
        is_sample,
        figures={**all_figures, "request.labs": "3", **_other_figures(tale), **figures},
    )


def _other_figures(tale: Any) -> dict[str, str]:
    names = ("opinion.characters", "report.characters", "consult.usefulness", "publish.minutes", "credit.added")
    watched = ("supervisor_credits", "manager_passed", "manager_credits")
    return {name: tale.key for name in (*names, *(f"dashboards.{one}" for one in watched))}


def test_as_many_pictures_as_in_the_second_tale_are_no_fault_of_the_visitors_images() -> None:
    tale = tale_for(Own((), ("MR",), 40))
    _differ(told(tale, is_sample=False, **{"request.labs": "4"}), told(HEADACHE, is_sample=True))
    # but what does not hang on the images must differ
    with pytest.raises(StoryFault, match=r"^the same figure in both tales: request\.labs$"):
        _differ(told(tale, is_sample=False), told(HEADACHE, is_sample=True))
    # and so must everything where the images are the house's own
    with pytest.raises(StoryFault, match=r"deid\.frames, video\.seconds, video\.pictures, watch\.resumes_at"):
        _differ(told(BREATHLESS, is_sample=True), told(HEADACHE, is_sample=True))


def test_the_samples_are_readable_as_own_images(target: Path) -> None:
    own = own_of(SAMPLES / "enhanced_ct", target)
    assert (len(own.files), own.modalities, own.pictures) == (1, ("CT",), 2)


def test_a_disk_that_fills_while_the_images_are_read_is_said_and_leaves_none_out(tmp_path: Path, target: Path) -> None:
    # given a readable image and no space for its copy
    there = tmp_path / "there"
    there.mkdir()
    shutil.copy(str(get_testdata_file("CT_small.dcm")), there)
    (target / "own-000.dcm").symlink_to("/dev/full")
    # then
    with pytest.raises(NoOwnImages, match=f"The disk of {target} is full"):
        own_of(there, target)
