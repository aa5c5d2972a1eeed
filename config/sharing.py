"""One run of the suite in several processes: each has a data folder, a cache and an index of its own.

A process inherits what whoever started it has, so each environment says whose it is.
"""

from __future__ import annotations

import os
import tempfile


def worker() -> str:
    """Which of them this is, `gw0` and up; empty when there is one."""
    return os.environ.get("PYTEST_XDIST_WORKER", "")


def own_folder() -> str:
    """A data folder made for this process, with the cache beside it set apart; empty when it has one already."""
    is_own = os.environ.get("XINGLIN_DATA_OF", "") == worker()
    if is_own and os.environ.get("XINGLIN_DATA"):
        return ""
    folder = tempfile.mkdtemp(prefix="xinglin-test-")
    os.environ |= {"XINGLIN_DATA": folder, "XINGLIN_DATA_OF": worker()}
    if worker() and not is_own and os.environ.get("CACHE_URL"):
        address, _, number = os.environ["CACHE_URL"].rpartition("/")
        os.environ["CACHE_URL"] = f"{address}/{int(number) + int(worker().removeprefix('gw'))}"
    return folder
