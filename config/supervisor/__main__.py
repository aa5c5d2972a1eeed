"""`python -m config.supervisor --port N [--once]`: what bin/demo becomes after set-up."""

from __future__ import annotations

import argparse
import http.client
import os
import sys
import time
from pathlib import Path

from config.setup.folders import data_folder
from config.setup.halt import Halt, guarded
from config.supervisor import broker, services
from config.supervisor.death import MARK, guard
from config.supervisor.tree import Service, Tree, exit_status, tell

START_SECONDS = 60.0
GUARDIAN_PAUSE = 1.0  # seconds at least between two guardians


class Demo:
    """The embedded services over one data folder."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.port = port
        self.tree = Tree(data / "logs")
        self.runtime = broker.runtime_folder()
        self.lifeline = 0
        self.guardian = 0
        self.guarded_since = 0.0
        self.has_recorded = False  # whether a service ran that may have left entries for the sealer
        self.address: Path | None = None

    def start(self) -> None:
        """Start everything, the guardian first: whatever does not come up, it tidies.

        Raises Halt when a port or the broker does not come up.
        """
        self.address = None if os.environ.get("BROKER_URL") else broker.address_in(self.data / "broker")
        self._start_guardian()
        self.tree.attend = self._renew_guardian
        pages, sockets = self._listen(self.port), services.listen(0)
        os.environ["XINGLIN_WS_PORT"] = str(sockets.getsockname()[1])
        if self.address:
            self._start_broker(self.address)
        from config.supervisor.preload import preload

        preload()
        self.has_recorded = True
        self.tree.start(Service("web", lambda: services.web(pages)))
        self.tree.start(Service("websockets", lambda: services.websockets(sockets)))
        self.tree.start(Service("worker", services.worker, patience=8.0))
        schedule = self.data / "broker" / "beat-schedule"
        schedule.parent.mkdir(parents=True, exist_ok=True)
        self.tree.start(Service("beat", lambda: services.beat(schedule), patience=3.0))

    def wait_until_ready(self) -> None:
        """Raises Halt when `/readyz` does not answer 200 in time."""
        end = time.monotonic() + START_SECONDS
        self.tree.watch(lambda: self._is_ready() or time.monotonic() > end, seconds=0.2)
        if not self.tree.is_ending and time.monotonic() > end:
            raise Halt(
                f"The services did not become ready in {START_SECONDS:.0f} s. Their logs are in {self.tree.logs}."
            )

    def play(self) -> int:
        """Run the story as one more child of the tree; its exit status."""
        story = Service("story", self._story, is_restarted=False, has_log=False)
        self.tree.start(story)
        self.tree.watch(lambda: story.status is not None)
        return 1 if story.status is None else story.status

    def stop(self) -> None:
        """Stop all, seal what they recorded, and let the guardian sweep and tidy."""
        self.tree.stop()
        if self.has_recorded:
            self._seal()
        if self.guarded_since:
            if not self._is_guarded():
                self._start_guardian()
            os.write(self.lifeline, b"s")
            os.close(self.lifeline)
            os.waitpid(self.guardian, 0)

    def _seal(self) -> None:
        """In a process after all others: beat seals while it lives, and the others record until they end."""
        sealer = Service("sealer", services.seal, patience=10.0, is_restarted=False)
        self.tree.finish(sealer)
        if sealer.status != 0:
            tell(f"The audit trail's last entries wait for the next start's seal (see {self.tree.logs}/sealer.log)\n")

    def _listen(self, port: int) -> services.socket.socket:
        try:
            return services.listen(port)
        except OSError:
            raise Halt(f"Port {port} is in use by another program. Stop it, or choose another with --port.") from None

    def _start_broker(self, address: Path) -> None:
        path = self.runtime / "valkey.sock"
        broker.write_address(address, path)
        self.tree.start(Service("broker", lambda: broker.serve(address.parent, path), patience=5.0))
        broker.wait_until_up(path)

    def _start_guardian(self) -> None:
        reading, self.lifeline = os.pipe()
        supervisor, mark = os.getpid(), os.environ[MARK]
        self.guarded_since = time.monotonic()
        self.guardian = os.fork()
        if not self.guardian:
            os.close(self.lifeline)
            os.setsid()
            guard(reading, mark, supervisor, self.runtime, self.address)
            os._exit(0)
        os.close(reading)
        self.tree.close_in_children[:] = [self.lifeline]

    def _renew_guardian(self) -> None:
        """Somebody killed the guardian: another takes its place, so that a killed supervisor still leaves nothing."""
        if not self._is_guarded() and time.monotonic() - self.guarded_since > GUARDIAN_PAUSE:
            self._start_guardian()

    def _is_guarded(self) -> bool:
        if self.guardian and exit_status(self.guardian) is not None:
            os.close(self.lifeline)
            self.tree.close_in_children.clear()
            self.guardian = 0
        return bool(self.guardian)

    def _is_ready(self) -> bool:
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asking.request("GET", "/readyz")
            return asking.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asking.close()

    def _story(self) -> None:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["manage.py", "story", "--base-url", f"http://127.0.0.1:{self.port}"])


def main() -> int:
    parser = argparse.ArgumentParser(prog="config.supervisor")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--once", action="store_true")
    chosen = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    demo = Demo(data_folder(), chosen.port)
    status = 0
    try:
        demo.start()
        demo.wait_until_ready()
        if chosen.once:
            status = demo.play()
        elif not demo.tree.is_ending:
            from config.supervisor.banner import banner

            tell(banner(chosen.port, demo.data))
            demo.tree.watch(lambda: False, seconds=60.0)
    finally:
        demo.stop()
    return status


if __name__ == "__main__":
    sys.exit(guarded(main))
