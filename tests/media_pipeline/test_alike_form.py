"""The form below a sheet of equal places: what Enter presses, what the answer says, what a refusal gives back."""

from __future__ import annotations

import pytest

from media_pipeline.models import RedactionBox
from media_pipeline.release.places import Place, places_of
from media_pipeline.release.rectangles import rectangle_of
from tests.media_pipeline.test_alike_places import (
    LOGO,
    RECORDINGS,
    address,
    client_of,
    decide,
    page_of,
    same_marks,
    short_copy,
    state_of,
)
from tests.media_pipeline.test_second_thoughts import start


@pytest.fixture
def release(place, echo, tmp_path, now, run_jobs):
    """Three recordings of one machine, in pixel review."""
    started = start(place, [short_copy(echo, tmp_path, number) for number in range(1, RECORDINGS + 1)], now, run_jobs)
    run_jobs()
    return started


@pytest.fixture
def candidates(release):
    return list(release.candidates.all())


@pytest.fixture
def reader(place):
    return client_of(place.officer)


def first_mark(candidates) -> Place:
    return places_of(candidates[0], None, "").items[0]


@pytest.mark.parametrize(
    ("state", "buttons", "reason"),
    [
        ("suggested", ["cover", "leave"], "Unchanging mark"),
        ("left", ["cover", "again"], "Unchanging mark"),
        ("bare", ["cover"], ""),
        ("covered", ["remove"], None),
    ],
)
def test_enter_in_the_reason_covers(reader, candidates, state, buttons, reason):
    """A browser sends the form by its first submit button when Enter is pressed in a text field."""
    mark = first_mark(candidates)
    keys, rectangle = same_marks(candidates, mark), LOGO if state == "bare" else rectangle_of(mark)
    if state in {"left", "covered"}:
        decide(reader, candidates[0], rectangle, {"left": "leave", "covered": "cover"}[state], keys)

    sheet = page_of(reader.get(f"{address('deid_alike', candidates[0], rectangle)}?show={state}"))

    form = sheet.select_one("form.x-al")
    assert [node["value"] for node in form.select("[type=submit]")] == buttons
    field = form.select_one("[name=reason]")
    assert (field["value"] if field else None) == reason


ACTS = [
    ("leave", ["1 place left visible.", "2 places left visible."]),
    ("again", ["1 place to decide again.", "2 places to decide again."]),
    ("cover", ["1 place covered.", "2 places covered."]),
    ("remove", ["1 rectangle taken away.", "2 rectangles taken away."]),
]


@pytest.mark.parametrize(("act", "sentences"), ACTS)
def test_the_answer_names_the_act_and_the_number(reader, candidates, act, sentences):
    mark = first_mark(candidates)
    keys = same_marks(candidates, mark)
    first = {"again": "leave", "remove": "cover"}.get(act)
    if first:
        decide(reader, candidates[0], rectangle_of(mark), first, keys)
    if act == "remove":
        boxes = RedactionBox.objects.order_by("candidate__position")
        keys = [f"{box.candidate_id}:box-{box.pk}" for box in boxes]

    said = []
    for chosen in (keys[:1], keys[1:]):
        answer = decide(reader, candidates[0], rectangle_of(mark), act, chosen)
        said.append(page_of(reader.get(answer["Location"])).get_text())

    assert [sentence in text for sentence, text in zip(sentences, said, strict=True)] == [True, True]


def test_a_refused_form_gives_the_reason_back(reader, release, candidates):
    mark = first_mark(candidates)
    keys = same_marks(candidates, mark)
    before = state_of(release)

    for typed in ("hospital name", ""):
        more = {"looked": "", "reason": typed}
        answer = decide(reader, candidates[0], rectangle_of(mark), "cover", keys, **more)

        assert (answer.status_code, page_of(answer).select_one("[name=reason]")["value"]) == (422, typed)
    assert state_of(release) == before
