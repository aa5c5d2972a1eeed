"""What `bin/demo` does before the services start: read the options, set up, hand over to the supervisor.

The supervisor takes this process over by exec, so the demo has one process id from its first line to its last.
"""

from __future__ import annotations

import argparse
import os
import secrets
import socket
import sys

from config.addresses import not_for_a_demo, refusal
from config.setup.data import prepare_data
from config.setup.environment import prepare_environment
from config.setup.folders import PYTHON, ROOT, data_folder
from config.setup.frontend import prepare_frontend
from config.setup.halt import Halt
from config.setup.images import look_at_images, own_folder
from config.setup.locks import hold_data_folder, set_up_lock
from config.setup.site import prepare_site
from config.setup.space import refuse_small_disk


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/demo", description="Xinglin with the seeded province of Qingjiang, on this machine only (127.0.0.1)."
    )
    parser.add_argument("--port", type=int, default=8000, help="the web port (default 8000)")
    parser.add_argument("--data", metavar="DIR", help="the data folder (default XINGLIN_DATA, else var/)")
    parser.add_argument("--dicom", metavar="DIR", help="a folder with your own DICOM study for the story")
    parser.add_argument("--once", action="store_true", help="play the whole story through the services, then stop")
    return parser.parse_args(arguments)


def main() -> int:
    """Set up and become the supervisor. Raises Halt with one sentence for whatever stands in the way."""
    chosen = options(sys.argv[1:])
    if faults := not_for_a_demo(os.environ):
        raise Halt(refusal(faults))
    data = data_folder(chosen.data)
    dicom = own_folder(chosen.dicom)
    _refuse_busy_port(chosen.port)
    refuse_small_disk(data)
    held = hold_data_folder(data)
    with set_up_lock():
        prepare_environment(with_tests=False)
        look_at_images(dicom)
        prepare_frontend()
        prepare_site()
        prepare_data(data)
    os.environ.update(
        XINGLIN_DATA=str(data),
        XINGLIN_TREE=secrets.token_hex(12),
        XINGLIN_HELD=str(held),
        XINGLIN_DICOM=dicom,
        XINGLIN_BASE_URL=f"http://127.0.0.1:{chosen.port}",
        MALLOC_ARENA_MAX="2",
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.chdir(ROOT)
    once = ["--once"] if chosen.once else []
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), "-m", "config.supervisor", "--port", str(chosen.port), *once])  # noqa: S606


def _refuse_busy_port(port: int) -> None:
    if not 0 < port < 65536:
        raise Halt(f"--port {port} is not a port number (1 to 65535).")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Halt(f"Port {port} needs administrator rights. Choose one above 1023 with --port.") from None
        except OSError:
            raise Halt(f"Port {port} is in use by another program. Stop it, or choose another with --port.") from None
