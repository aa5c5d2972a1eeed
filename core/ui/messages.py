"""What a page tells after a change: `done` leaves by itself (a toast), the others stay until the next page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

Text = str | Promise


def done(request: HttpRequest, text: Text) -> None:
    """Something was done. Never for an error."""
    messages.success(request, str(text))


def noted(request: HttpRequest, text: Text) -> None:
    """A fact to know before going on."""
    messages.info(request, str(text))


def warned(request: HttpRequest, text: Text) -> None:
    """Something waits or is about to be late."""
    messages.warning(request, str(text))
