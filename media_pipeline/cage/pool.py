"""The house's side of the cages: one zygote per process, a few cages per zone, replaced after a fault or N calls."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from media_pipeline.cage import wire
from media_pipeline.cage.errors import BadFile, CageFailed, CageUnavailable

log = logging.getLogger(__name__)

CAGES_PER_ZONE = 2
CALLS_PER_CAGE = 200
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class CageResult:
    """`value` is JSON from an untrusted process: check its types where it is used."""

    value: Any
    blobs: list[bytes]


@dataclass
class Cage:
    pid: int
    channel: socket.socket
    layers: list[str]
    calls: int = 0


@dataclass
class Zone:
    idle: list[Cage] = field(default_factory=list)
    busy: int = 0


class Pool:
    """Cages of this process. A fork of the process (a Celery child) makes its own."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._changed = threading.Condition()
        self._zones: dict[str, Zone] = {}
        self._control: socket.socket | None = None
        self._zygote: subprocess.Popen[bytes] | None = None

    def acquire(self, zone_name: str, until: float) -> Cage:
        with self._changed:
            zone = self._zones.setdefault(zone_name, Zone())
            while not zone.idle and zone.busy >= CAGES_PER_ZONE:
                if not self._changed.wait(until - time.monotonic()):
                    raise CageUnavailable
            zone.busy += 1
            if self._zygote is not None and self._zygote.poll() is not None:
                self._drop_zygote()
            if zone.idle:
                return zone.idle.pop()
            try:
                return self._fork()
            except (OSError, wire.Broken, CageUnavailable) as error:
                zone.busy -= 1
                self._changed.notify()
                if not isinstance(error, CageUnavailable):
                    self._drop_zygote()
                raise CageUnavailable from error

    def release(self, zone_name: str, cage: Cage, *, is_sound: bool) -> None:
        with self._changed:
            zone = self._zones[zone_name]
            zone.busy -= 1
            if is_sound and cage.calls < CALLS_PER_CAGE:
                zone.idle.append(cage)
            else:
                self._end(cage)
            self._changed.notify()

    def close(self) -> None:
        """End every cage and the zygote."""
        with self._changed:
            self._drop_zygote()

    def _end(self, cage: Cage) -> None:
        cage.channel.close()
        if self._control is not None:
            with contextlib.suppress(OSError):
                wire.send(self._control, {"do": "kill", "pid": cage.pid})

    def _fork(self) -> Cage:
        control = self._started_control()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            wire.send(control, {"do": "fork"}, files=[theirs.fileno()])
        head, _blobs, _files = wire.receive(control)
        ours.settimeout(START_SECONDS)
        hello, _blobs, _files = wire.receive(ours)
        cage = Cage(int(head["pid"]), ours, list(hello["layers"]))
        if missing := set(settings.XINGLIN_CAGE_LAYERS) - set(cage.layers):
            self._end(cage)
            log.error("A cage without %s is not used: this kernel does not offer it.", ", ".join(sorted(missing)))
            raise CageUnavailable
        return cage

    def _started_control(self) -> socket.socket:
        if self._control is not None and self._zygote is not None and self._zygote.poll() is None:
            return self._control
        self._drop_zygote()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        ours.settimeout(START_SECONDS)
        with theirs:
            self._zygote = subprocess.Popen(
                [sys.executable, "-m", "media_pipeline.cage.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                env={"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
                start_new_session=False,
            )
        self._control = ours
        return ours

    def _drop_zygote(self) -> None:
        """Its cages end with it, so none of them may be lent any more."""
        for zone in self._zones.values():
            for cage in zone.idle:
                cage.channel.close()
            zone.idle.clear()
        if self._control is not None:
            self._control.close()
        if self._zygote is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._zygote.wait(timeout=5)
        self._control = self._zygote = None


_pool: Pool | None = None
_pool_lock = threading.Lock()


def _current() -> Pool:
    global _pool
    with _pool_lock:
        if _pool is None or _pool.owner != os.getpid():
            _pool = Pool()
        return _pool


def close_all() -> None:
    """End the cages of this process (tests and shut-down)."""
    if _pool is not None and _pool.owner == os.getpid():
        _pool.close()


def call(
    function: str,
    *,
    zone: str,
    files: Sequence[int] = (),
    blobs: Sequence[bytes] = (),
    arguments: dict[str, Any] | None = None,
    seconds: float = 20.0,
) -> CageResult:
    """Run one function of `media_pipeline.cage.functions` on open descriptors, within `seconds` of wall time.

    The time counts from when a cage is free; for one to become free the call waits as long again. Descriptors stay open
    and belong to the caller; their offsets are shared with the cage. Raises BadFile for anything that goes wrong with
    the content, CageFailed when the call was lost, CageUnavailable when no cage could be had.
    """
    pool = _current()
    cage = pool.acquire(zone, time.monotonic() + seconds)
    is_sound = False
    try:
        cage.calls += 1
        cage.channel.settimeout(seconds)
        head = {"function": function, "arguments": arguments or {}, "seconds": seconds}
        wire.send(cage.channel, head, blobs, files)
        answer, out, _files = wire.receive(cage.channel)
        is_sound = bool(answer.get("ok") or answer.get("is_sound"))
    except TimeoutError:
        raise CageFailed("took_too_long") from None
    except (wire.Broken, OSError):
        raise CageFailed("unreadable") from None
    finally:
        pool.release(zone, cage, is_sound=is_sound)
    if not answer.get("ok"):
        if answer.get("detail"):
            log.warning("%s in zone %s: %s", function, zone, answer["detail"])
        raise (CageFailed if answer.get("is_lost") else BadFile)(str(answer.get("reason")))
    return CageResult(answer.get("value"), out)
