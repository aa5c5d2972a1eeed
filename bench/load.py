"""A small load generator: keep-alive connections that ask for one address, in a process of its own.

    .venv/bin/python -m bench.load HOST PORT PATH CONNECTIONS SECONDS

Prints as JSON the number of answers, how many of them the page cache gave, and the seconds it took. Ends with
status 1 when an answer is not 200.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass


@dataclass
class Tally:
    answers: int = 0
    hits: int = 0


async def _ask(host: str, port: int, request: bytes, end: float, tally: Tally) -> None:
    """One visitor on one connection until `end`. Raises RuntimeError for any answer but 200."""
    reader, writer = await asyncio.open_connection(host, port)
    while time.monotonic() < end:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(head.decode(errors="replace"))
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        tally.answers += 1
        tally.hits += b"x-page-cache: hit" in head
    writer.close()


async def load(host: str, port: int, path: str, connections: int, seconds: float) -> tuple[Tally, float]:
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept-Language: zh-CN,zh;q=0.9\r\n\r\n".encode()
    tally, start = Tally(), time.monotonic()
    await asyncio.gather(*(_ask(host, port, request, start + seconds, tally) for _number in range(connections)))
    return tally, time.monotonic() - start


if __name__ == "__main__":
    asked = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), float(sys.argv[5])
    counted, took = asyncio.run(load(*asked))
    print(json.dumps({"answers": counted.answers, "hits": counted.hits, "seconds": took}))
