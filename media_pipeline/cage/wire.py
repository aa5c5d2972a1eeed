"""Messages between the house and a cage: a length, a JSON head, raw blobs; descriptors go beside the first byte."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

LENGTH = struct.Struct(">I")
LONGEST_HEAD = 16 * 2**20
LONGEST_BLOBS = 256 * 2**20
MOST_FILES = 8


class Broken(Exception):
    """The other side is gone or does not keep to the protocol."""


def send(channel: socket.socket, head: dict[str, Any], blobs: Sequence[bytes] = (), files: Sequence[int] = ()) -> None:
    """Send one message. Raises OSError when the other side is gone."""
    text = json.dumps({**head, "blobs": [len(blob) for blob in blobs], "files": len(files)}).encode()
    first = LENGTH.pack(len(text))
    if files:
        socket.send_fds(channel, [first[:1]], list(files))
        first = first[1:]
    channel.sendall(first + text)
    for blob in blobs:
        channel.sendall(blob)


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[bytes], list[int]]:
    """Wait for one message. Raises Broken at the end or when it is none, TimeoutError after the channel's timeout."""
    first, descriptors, _flags, _address = socket.recv_fds(channel, 1, MOST_FILES)
    if not first:
        raise Broken("closed")
    length = LENGTH.unpack(first + _exactly(channel, LENGTH.size - 1))[0]
    if length > LONGEST_HEAD:
        raise Broken("head too long")
    try:
        head = json.loads(_exactly(channel, length))
        sizes = [int(size) for size in head.pop("blobs")]
    except (ValueError, KeyError, TypeError) as error:
        raise Broken("not a message") from error
    if any(size < 0 for size in sizes) or sum(sizes) > LONGEST_BLOBS:
        raise Broken("blobs too long")
    return head, [_exactly(channel, size) for size in sizes], list(descriptors)


def _exactly(channel: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = channel.recv(min(count - len(parts), 2**20))
        if not part:
            raise Broken("cut off")
        parts += part
    return bytes(parts)
