"""What comes from outside and is wrong: a named reason each time, and the cage stays usable."""

from __future__ import annotations

import ctypes
import fcntl
import io
import os
import platform
import random
import resource
import socket
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from media_pipeline import cage
from media_pipeline.cage import BadFile, pool, wire, zygote

PREAMBLE = b"\x00" * 128 + b"DICM"
EXPLICIT, DEFLATED = b"1.2.840.10008.1.2.1\x00", b"1.2.840.10008.1.2.1.99"


def part10(syntax: bytes, body: bytes) -> bytes:
    """A DICOM file with nothing in its file meta group but the transfer syntax."""
    element = b"\x02\x00\x10\x00UI" + struct.pack("<H", len(syntax)) + syntax
    group_length = b"\x02\x00\x00\x00UL\x04\x00" + struct.pack("<I", len(element))
    return PREAMBLE + group_length + element + body


def call(function: str, content: bytes, **arguments):
    descriptor = os.memfd_create("test")
    try:
        os.write(descriptor, content)
        return cage.call(function, zone="identified", files=[descriptor], arguments=arguments).value
    finally:
        os.close(descriptor)


def deep(levels: int) -> bytes:
    body = b""
    for _level in range(levels):
        item = b"\xfe\xff\x00\xe0" + struct.pack("<I", len(body)) + body
        body = b"\x08\x00\x15\x11SQ\x00\x00" + struct.pack("<I", len(item)) + item
    return part10(EXPLICIT, body)


def bomb() -> bytes:
    """2.4 GB of one element, deflated to 2.4 MB."""
    machine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = machine.compress(b"\x09\x00\x10\x00OB\x00\x00" + struct.pack("<I", 2_400_000_000))
    block = b"\x00" * 16_000_000
    packed += b"".join(machine.compress(block) for _number in range(40))
    return part10(DEFLATED, packed + machine.flush())


CASES = {
    "html": (b"<html><script>alert(1)</script></html>", "not_dicom"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".ljust(400), "not_dicom"),
    "nothing": (b"", "empty"),
    "noise": (PREAMBLE + random.Random(7).randbytes(4096), "*"),
    "two gigabytes declared": (
        part10(EXPLICIT, b"\x09\x00\x10\x00OB\x00\x00" + struct.pack("<I", 2**31)),
        "element_too_long",
    ),
    "200 levels": (deep(200), "too_deep"),
    "no identifiers": (part10(EXPLICIT, b"\x08\x00\x60\x00CS\x02\x00MR"), "missing_identifier"),
    "unknown syntax": (part10(b"1.2.3.4.5.6", b""), "unsupported_compression"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_file_has_a_reason(name):
    content, reason = CASES[name]

    with pytest.raises(BadFile) as caught:
        call("inspect", content)

    assert reason in {"*", caught.value.reason}
    assert caught.value.sentence()


def test_a_deflate_bomb_is_stopped_before_it_fills_the_memory():
    content = bomb()

    with pytest.raises(BadFile) as caught:
        call("inspect", content)

    assert caught.value.reason == "inflates_too_much"
    assert len(content) < 1_000_000


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_cut_off_file_is_refused(head_slices, share):
    content = head_slices[0].read_bytes()

    with pytest.raises(BadFile) as caught:
        call("inspect", content[: int(len(content) * share)])

    assert caught.value.reason == "truncated"


def test_a_zip_of_ten_thousand_members_and_a_damaged_one_are_refused():
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(10_000):
            archive.writestr(f"{number}.dcm", b"")
    with pytest.raises(BadFile) as caught:
        call("list_archive", many.getvalue())
    assert caught.value.reason == "too_many_members"

    with pytest.raises(BadFile) as caught:
        call("list_archive", many.getvalue()[:-300])
    assert caught.value.reason == "not_an_archive"


def test_a_call_that_takes_too_long_is_ended_and_the_next_one_works(echo):
    descriptor = os.open(echo, os.O_RDONLY)
    try:
        with pytest.raises(BadFile) as caught:
            cage.call("render_frame", zone="slow", files=[descriptor], arguments={"frame": 1}, seconds=0.001)
        assert caught.value.reason == "took_too_long"
        again = cage.call("render_frame", zone="slow", files=[descriptor], arguments={"frame": 1})
        assert again.value == {"width": 640, "height": 480}
    finally:
        os.close(descriptor)


# asm/unistd.h
NUMBERS = {
    "x86_64": {"getpid": 39, "rt_sigqueueinfo": 129, "tkill": 200, "tgkill": 234},
    "aarch64": {"getpid": 172, "rt_sigqueueinfo": 138, "tkill": 130, "tgkill": 131},
}[platform.machine()]
LIBC = ctypes.CDLL(None, use_errno=True)


def system_call(number: int, *arguments: int | None) -> None:
    if LIBC.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def test_when_the_zygote_is_gone_its_cages_are_not_lent(head_slices):
    call("list_archive", _empty_zip())
    current = pool._current()
    current._zygote.kill()
    current._zygote.wait()

    assert call("inspect", head_slices[0].read_bytes())["modality"] == "MR"


def test_a_cage_without_a_demanded_layer_is_not_used(settings, caplog):
    settings.XINGLIN_CAGE_LAYERS = ("landlock", "a layer no kernel has")

    with pytest.raises(cage.CageUnavailable):
        cage.call("clean_texts", zone="demanding", arguments={"texts": {}, "identifiers": {}})

    settings.XINGLIN_CAGE_LAYERS = ("landlock", "seccomp")
    answer = cage.call("clean_texts", zone="demanding", arguments={"texts": {}, "identifiers": {}})
    assert answer.value["texts"] == {}


def test_of_an_exception_only_the_type_leaves_the_cage(monkeypatch):
    def quote(files, blobs):
        raise ValueError("ZHANG SAN is no number")

    monkeypatch.setitem(zygote.FUNCTIONS, "quote", quote)
    monkeypatch.setattr(zygote.confinement, "grant_cpu", lambda seconds: None)
    mine, theirs = socket.socketpair()
    with mine, theirs:
        zygote._answer(theirs, {"seconds": 1, "function": "quote", "arguments": {}}, [], [])
        answer, _blobs, _files = wire.receive(mine)

    assert (answer["ok"], answer["reason"], answer["detail"]) == (False, "unreadable", "ValueError")


def test_a_confined_process_has_no_network_no_files_and_no_children(tmp_path):
    """In a forked child of its own, so that the test process stays free."""
    from media_pipeline.cage import confinement

    secret = tmp_path / "secret"
    secret.write_text("identified")
    mine, theirs = socket.socketpair()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        layers = confinement.confine()
        confinement.grant_cpu(1.0)
        outcomes = []
        for attempt in (
            lambda: socket.socket(),
            lambda: secret.read_text(),
            lambda: Path(tmp_path / "new").write_text("x"),
            lambda: os.fork(),
            lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
            lambda: os.kill(parent, 0),
            lambda: system_call(NUMBERS["tgkill"], parent, parent, 0),
            lambda: system_call(NUMBERS["tkill"], parent, 0),
            lambda: system_call(NUMBERS["rt_sigqueueinfo"], parent, 0, None),
            lambda: system_call(0x40000000 + NUMBERS["getpid"]),
            lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE),
            lambda: fcntl.fcntl(theirs, fcntl.F_SETOWN, parent),
        ):
            try:
                attempt()
                outcomes.append("done")
            except OSError as error:
                outcomes.append(type(error).__name__)
        theirs.sendall(repr((layers, outcomes)).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    layers, outcomes = eval(mine.recv(4096).decode())  # noqa: S307
    assert layers == ["rlimits", "landlock", "seccomp"]
    assert outcomes == ["PermissionError"] * 12
    mine.close()
    theirs.close()


def test_a_zone_never_lends_its_cage_to_another():
    current = pool._current()
    call("list_archive", _empty_zip())
    identified = {item.pid for item in current._zones["identified"].idle}
    descriptor = os.memfd_create("test")
    os.write(descriptor, _empty_zip())
    cage.call("list_archive", zone="teaching", files=[descriptor])
    os.close(descriptor)
    teaching = {item.pid for item in current._zones["teaching"].idle}

    assert identified and teaching and not identified & teaching


def _empty_zip() -> bytes:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    return buffer.getvalue()
