"""A text message driver such as an installation brings: what production loads in these tests."""

from __future__ import annotations

from datetime import datetime


class Driver:
    def send(self, *, phone: str, text: str, now: datetime) -> None:
        raise AssertionError("no test of the settings sends")


class Mute:
    """Not a driver."""
