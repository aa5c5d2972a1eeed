"""The process tree: fork each service from the loaded supervisor, restart what dies, stop all in order.

Services are forked, not started afresh, so that the loaded code is shared in memory and a restart takes a moment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from config.supervisor.death import die_with_parent

SIGNALS = {signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
LOG_LIMIT = 10_000_000  # bytes; a longer log is moved aside once at the start of its service
FIRST_PAUSE, LONGEST_PAUSE, HEALTHY = 0.2, 15.0, 30.0  # seconds before a restart, and what counts as a good run


@dataclass
class Service:
    """One child. `run` is its whole life in the forked process; `patience` is how long a polite stop may take.

    Without a log it writes to whoever started the demo.
    """

    name: str
    run: Callable[[], None]
    patience: float = 5.0
    is_restarted: bool = True
    has_log: bool = True
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    due: float = 0.0
    status: int | None = field(default=None)


class Tree:
    """Holds the services in their starting order."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.services: list[Service] = []
        self.close_in_children: list[int] = []
        self.attend: Callable[[], None] = lambda: None  # asked at each turn of `watch`, for a child that is no service
        self.is_ending = False
        logs.mkdir(parents=True, exist_ok=True)
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)

    def start(self, service: Service) -> None:
        self.services.append(service)
        self._fork(service)

    def watch(self, until: Callable[[], bool], seconds: float = 1.0) -> None:
        """Serve signals and restart the dead until `until()` is true or somebody asks for the end.

        `until` is asked again at least every `seconds`.
        """
        while not self.is_ending and not until():
            self._handle(signal.sigtimedwait(SIGNALS, min(seconds, self._next_restart())))
            self.attend()
            for service in self.services:
                if not service.pid and service.is_restarted and service.due <= time.monotonic():
                    self._fork(service)

    def stop(self) -> None:
        """Stop politely in the reverse order of starting, then by force. A second Ctrl-C ends the patience."""
        self.is_ending = True
        for service in reversed(self.services):
            self._stop(service)

    def finish(self, service: Service) -> None:
        """Run one more child after `stop` and wait for its end, as long as its patience lasts."""
        self.start(service)
        self._await_end(service)

    def _handle(self, received: signal.struct_siginfo | None) -> None:
        if received is None:
            return
        if received.si_signo == signal.SIGCHLD:
            self._reap()
        else:
            self.is_ending = True

    def _reap(self) -> None:
        for service in self.services:
            if service.pid and (status := exit_status(service.pid)) is not None:
                self._note_death(service, status)

    def _note_death(self, service: Service, status: int) -> None:
        now = time.monotonic()
        _end_group(service.pid)
        service.failures = 0 if now - service.started > HEALTHY else service.failures + 1
        service.pid, service.status = 0, status
        pause = min(FIRST_PAUSE * 2 ** max(0, service.failures - 1), LONGEST_PAUSE)
        service.due = now + pause
        if service.is_restarted and not self.is_ending:
            tell(f"{service.name} ended with status {status}; starting it again (see logs/{service.name}.log)\n")

    def _next_restart(self) -> float:
        waiting = [service.due for service in self.services if not service.pid and service.is_restarted]
        return max(0.01, min(waiting) - time.monotonic()) if waiting else 60.0

    def _fork(self, service: Service) -> None:
        _flush()
        parent = os.getpid()
        service.started = time.monotonic()
        service.pid = os.fork()
        if not service.pid:
            self._live(service, parent)

    def _live(self, service: Service, parent: int) -> None:
        """In the child: never returns."""
        status = 1
        try:
            os.setsid()
            die_with_parent(parent)
            for descriptor in self.close_in_children:
                os.close(descriptor)
            if service.has_log:
                self._redirect(service.name)
            for number in SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            service.run()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # the last frame of a process: say why in its log, then leave
            traceback.print_exc()
        finally:
            _flush()
            os._exit(status)

    def _redirect(self, name: str) -> None:
        log = self.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (descriptor, 1), (descriptor, 2)):
            os.dup2(source, target)

    def _stop(self, service: Service) -> None:
        if service.pid:
            os.kill(service.pid, signal.SIGTERM)
            self._await_end(service)

    def _await_end(self, service: Service) -> None:
        end = time.monotonic() + service.patience
        while service.pid and time.monotonic() < end:
            received = signal.sigtimedwait(SIGNALS, 0.05)
            if received and received.si_signo != signal.SIGCHLD:
                break
            self._reap()
        if service.pid:
            _end_group(service.pid)
            os.waitpid(service.pid, 0)
            service.pid = 0


def tell(text: str) -> None:
    """To whoever started the demo. What cannot be written, on a full disk, must not end the supervisor."""
    with contextlib.suppress(OSError):
        sys.stdout.write(text)
    _flush()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()


def exit_status(pid: int) -> int | None:
    """The exit status of a child that has ended (128 + n after signal n), None while it lives."""
    done, status = os.waitpid(pid, os.WNOHANG)
    if not done:
        return None
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _end_group(pid: int) -> None:
    """Kill what is left of a service's process group (its own children)."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
