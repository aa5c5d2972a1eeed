"""What comes from outside, in whatever form: read as the standards say or refused by name, never an error of ours."""

from __future__ import annotations

import io
import os
from contextlib import ExitStack
from typing import Any

import pytest
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import TooLarge
from media_pipeline import cage
from media_pipeline.access.sending import send
from media_pipeline.dicom.storing import instance_fields
from media_pipeline.rest import qido
from media_pipeline.uploads.multipart import BadMultipart, boundary_of, spool_parts
from tests.media_pipeline.test_dicomweb import token_client

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NUMBERS = st.one_of(st.just(""), st.integers(0, 40).map(str), st.integers(0, 10**30).map(str))
HEADERS = st.one_of(
    st.builds("bytes={}-{}".format, NUMBERS, NUMBERS),
    st.builds("bytes={}-{}, {}-{}".format, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30).map("bytes={}".format),
)


@quick
@given(header=HEADERS, content=st.binary(max_size=30))
@example(header=f"bytes=0-{'9' * 5000}", content=b"abc")
@example(header=f"bytes=-{'9' * 5000}", content=b"abc")
@example(header="bytes=²-", content=b"abc")
@example(header="bytes=-0", content=b"")
def test_a_range_is_a_piece_of_the_whole_or_refused(header: str, content: bytes) -> None:
    request = RequestFactory().get("/", headers={"range": header})

    answer: Any = send(
        request, read=lambda start, length: iter([content[start : start + length]]), size=len(content),
        content_type="application/dicom", cache_control="no-store",
    )  # fmt: skip

    if answer.status_code == 416:
        assert answer["Content-Range"] == f"bytes */{len(content)}"
        return
    body = b"".join(answer.streaming_content)
    assert answer["Content-Length"] == str(len(body))
    if answer.status_code == 206:
        first, last = (int(word) for word in answer["Content-Range"].removeprefix("bytes ").split("/")[0].split("-"))
        assert body == content[first : last + 1]
        assert 0 <= first <= last < len(content)
    else:
        assert (answer.status_code, body) == (200, content)


KEYS = sorted({*qido.STUDY, *qido.SERIES, *qido.INSTANCE, "limit", "offset", "includefield", "00081190", "?"})
VALUES = st.one_of(
    st.text(max_size=40),
    st.text("*?.\\^$[](){}|+-0123456789,\0", max_size=20),
    st.sampled_from(["20260101-20261231", "-", "99999999", "20261332-", "-20260101", "1" * 400, "\ud7ff", "%", "_"]),
)


@few
@given(asked=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5))
@example(asked={"PatientName": "\0"})
@example(asked={"StudyInstanceUID": "1.2\0"})
@example(asked={"ModalitiesInStudy": "MR\0"})
@example(asked={"SeriesNumber": "9" * 30})
@pytest.mark.django_db
def test_any_question_of_a_search_is_answered_or_refused(asking: Client, asked: dict[str, str]) -> None:
    answer = asking.get("/dicomweb/studies", asked)

    is_text = "\0" not in "".join(asked.values())
    assert answer.status_code in ({200, 422} if is_text else {400})
    if answer.status_code == 200:
        assert answer["Content-Type"] == "application/dicom+json"
        assert answer.json() == []
    else:
        assert answer.json()["code"] == ("invalid" if is_text else "unreadable_text")


@pytest.fixture
def asking(place) -> Client:
    return token_client(place.requester)


class Dripping(io.BytesIO):
    """Gives a few bytes at a time, as a slow line does."""

    def __init__(self, content: bytes, step: int) -> None:
        super().__init__(content)
        self._step = step

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(self._step, size) if size and size > 0 else self._step)


BOUNDARY = b"XB"
BODIES = st.lists(
    st.one_of(st.binary(max_size=60), st.text("\r\n-XB", max_size=20).map(str.encode)).filter(
        lambda body: b"\r\n--" + BOUNDARY not in b"\r\n" + body
    ),
    min_size=1,
    max_size=4,
)


@quick
@given(bodies=BODIES, step=st.integers(1, 50), preamble=st.sampled_from([b"", b"a preamble\r\n"]))
def test_whatever_was_put_into_parts_comes_out_of_them(bodies: list[bytes], step: int, preamble: bytes) -> None:
    sent = preamble + b"".join(
        b"--" + BOUNDARY + b"\r\nContent-Type: application/dicom\r\n\r\n" + body + b"\r\n" for body in bodies
    )
    with ExitStack() as stack:
        parts = spool_parts(Dripping(sent + b"--" + BOUNDARY + b"--\r\n", step), BOUNDARY, stack)
        assert [part.read() for part in parts] == bodies


@quick
@given(sent=st.one_of(st.binary(max_size=200), st.text("\r\n-XB: a", max_size=200).map(str.encode)))
def test_anything_else_is_refused_by_name_or_read(sent: bytes) -> None:
    with ExitStack() as stack:
        try:
            parts = list(spool_parts(io.BytesIO(sent), BOUNDARY, stack))
        except (BadMultipart, TooLarge):
            return
    assert BOUNDARY in sent
    assert len(parts) <= sent.count(b"--" + BOUNDARY)


@quick
@given(kind=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80))
def test_a_content_type_has_a_boundary_or_is_refused(kind: str) -> None:
    try:
        boundary = boundary_of(kind)
    except BadMultipart:
        return
    assert kind.lower().startswith("multipart/related")
    assert 1 <= len(boundary) <= 70


@few
@given(data=st.data())
def test_a_damaged_header_is_read_or_refused_in_the_cage(head_slices, data: st.DataObject) -> None:
    content = bytearray(head_slices[0].read_bytes()[:20_000])
    for _edit in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(132, 2_500))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    descriptor = os.memfd_create("damaged")
    try:
        os.write(descriptor, content)
        header = cage.call("inspect", zone="identified", files=[descriptor]).value
    except cage.BadFile as refused:
        assert refused.code
        return
    finally:
        os.close(descriptor)
    # then what is kept of it fits its columns on either database
    fields = instance_fields(header)
    assert not any("\0" in value for value in fields.values() if isinstance(value, str))
