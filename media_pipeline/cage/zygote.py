"""The process that cages are forked from: it loads the decoders once, reads nothing from outside, runs single-threaded.

Started by the pool as `python -m media_pipeline.cage.zygote FD`. On its control channel it is asked for a new cage
(`fork`, with one end of a socket pair) or to end one (`kill`). When the channel closes it ends, and its cages with it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import sys
import traceback

from media_pipeline.cage import confinement, wire
from media_pipeline.cage.functions import FUNCTIONS, BadInput, preload

NOT_THE_FILE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE})


def main(descriptor: int) -> None:
    control = socket.socket(fileno=descriptor)
    preload()
    children: set[int] = set()
    while True:
        try:
            head, _blobs, files = wire.receive(control)
        except (wire.Broken, OSError):
            _end(children)
            return
        _reap(children)
        if head["do"] == "fork":
            pid = os.fork()
            if pid == 0:
                control.close()
                serve(socket.socket(fileno=files[0]))
            children.add(pid)
            os.close(files[0])
            wire.send(control, {"pid": pid})
        elif head["do"] == "kill" and head["pid"] in children:
            os.kill(head["pid"], signal.SIGKILL)


def _reap(children: set[int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while children:
            pid, _status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            children.discard(pid)


def _end(children: set[int]) -> None:
    _reap(children)
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def serve(channel: socket.socket) -> None:
    """The life of one cage: confine, say so, answer calls until the channel closes."""
    try:
        wire.send(channel, {"layers": confinement.confine()})
        while True:
            head, blobs, files = wire.receive(channel)
            _answer(channel, head, blobs, files)
    except (wire.Broken, OSError):
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def _answer(channel: socket.socket, head: dict, blobs: list[bytes], files: list[int]) -> None:
    confinement.grant_cpu(float(head["seconds"]))
    try:
        value, out = FUNCTIONS[head["function"]](files, blobs, **head["arguments"])
        answer = {"ok": True, "value": value}
    except BadInput as error:
        out, answer = [], {"ok": False, "reason": str(error), "is_sound": True}
    except MemoryError:
        out, answer = [], {"ok": False, "reason": "needs_too_much_memory"}
    except RecursionError:
        out, answer = [], {"ok": False, "reason": "too_deep"}
    except Exception as error:  # a bad file; of what it was only the type is logged: a message may quote the patient
        is_lost = isinstance(error, OSError) and error.errno in NOT_THE_FILE
        out, answer = [], {"ok": False, "reason": "unreadable", "detail": type(error).__name__, "is_lost": is_lost}
    finally:
        for descriptor in files:
            os.close(descriptor)
    wire.send(channel, answer, out)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(int(sys.argv[1]))
