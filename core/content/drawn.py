"""Drawn pieces of frozen content, kept for a moment by this process for everybody who is shown the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

KEPT_FOR = timedelta(seconds=60)
Key = tuple[str | None, ...]


@dataclass(slots=True)
class DrawnPieces:
    """HTML by what it was drawn from, the id of the content first: `most` in each process, each used for a minute.

    The owner asks first, on every view, whether this reader may see the content now; only then is a piece asked for
    here. A piece holds nothing of its reader, and its key names all that it depends on, the language among it. What
    was withdrawn is thus never served, and leaves the memory too: by `forget` where it is met, elsewhere with the
    next piece that is asked for after its minute, or with the process: there is no timer. It lies in this memory alone,
    since what a shared cache is given may be written to a disk.
    """

    most: int
    _pieces: dict[Key, tuple[datetime, str]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: Key, draw: Callable[[], str], now: datetime) -> str:
        """The piece of this key; `draw` makes it when none is kept."""
        with self._lock:
            self._drop_old(now)
            kept = self._pieces.get(key)
        if kept is not None:
            return kept[1]
        html = draw()
        with self._lock:
            self._pieces.pop(key, None)  # drawn by two at once: it stands in the order of its moment
            self._pieces[key] = (now, html)
            while len(self._pieces) > self.most:
                del self._pieces[next(iter(self._pieces))]
        return html

    def forget(self, content_id: str) -> None:
        with self._lock:
            for key in [key for key in self._pieces if key[0] == content_id]:
                del self._pieces[key]

    def _drop_old(self, now: datetime) -> None:
        """From the oldest on; one that is newer than `now` is as good as none."""
        while self._pieces:
            oldest = next(iter(self._pieces))
            if timedelta(0) <= now - self._pieces[oldest][0] < KEPT_FOR:
                return
            del self._pieces[oldest]
