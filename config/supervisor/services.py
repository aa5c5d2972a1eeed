"""What each forked service does. Django is loaded already; nothing here opened a connection before the fork."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from config.supervisor.death import die_with_parent

WEB_THREADS = 4
WORKER_PROCESSES = 2
WORKER_MEMORY = 400_000  # KiB of one worker process before it is replaced after its task


def listen(port: int) -> socket.socket:
    """A listening socket on the loopback that the supervisor keeps: while a service restarts, callers wait in line."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(256)
    listening.setblocking(False)
    return listening


def web(listening: socket.socket) -> None:
    """Plain pages over WSGI by granian: threads in one worker process, forked from the loaded code."""
    from granian import Granian
    from granian._granian import SocketHolder
    from granian.constants import Interfaces

    class Inherited(Granian):  # type: ignore[misc,valid-type]
        """Granian serving a socket that its parent holds, instead of binding one of its own."""

        def _init_shared_socket(self) -> None:
            self._ssp, self._sfd, self._sso = None, listening.fileno(), listening
            self._shd = SocketHolder(listening.fileno(), False, 256)  # type: ignore[call-arg]

        def _drop_shared_socket(self) -> None:
            """The socket stays the supervisor's."""

    parent = os.getpid()

    def load() -> Any:
        die_with_parent(parent)
        from config.wsgi import application

        return application

    server = Inherited(
        "config.wsgi:application",
        address="127.0.0.1",
        port=listening.getsockname()[1],
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=WEB_THREADS,
        backpressure=128,
        websockets=False,
    )
    server.serve(target_loader=load, wrap_loader=False)


def websockets(listening: socket.socket) -> None:
    """`/ws/` only, over ASGI."""
    import uvicorn

    from config.asgi import application

    settings = uvicorn.Config(application, lifespan="off", log_config=None, access_log=False, ws="websockets-sansio")
    uvicorn.Server(settings).run(sockets=[listening])


def worker() -> None:
    """Celery, prefork: runs jobs and delivers events."""
    from celery.signals import worker_process_init

    from config.celery import app
    from core.jobs.registry import queues

    parent = os.getpid()
    worker_process_init.connect(lambda **_: die_with_parent(parent), weak=False)
    serving = app.Worker(
        hostname="worker@embedded",
        concurrency=WORKER_PROCESSES,
        pool="prefork",
        queues=",".join(sorted(queues() | {"default"})),
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        max_memory_per_child=WORKER_MEMORY,
        loglevel="WARNING",
    )
    serving.start()
    raise SystemExit(serving.exitcode)


def beat(schedule: Path) -> None:
    """Celery's clock: the short rounds that find what a lost message left behind."""
    from config.celery import app

    app.Beat(schedule=str(schedule), loglevel="WARNING").run()


def seal() -> None:
    """Seals what the others recorded until their end. Exit status 1 when that failed."""
    from core.audit.keeping import seal_once_more

    raise SystemExit(not seal_once_more())
