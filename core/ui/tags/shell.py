"""The parts of the page around its content, rendered once for everybody who sees the same.

Top bar, tab bar and foot depend on few things: language, appearance, the reader's areas with their numbers, unread
notices. What differs from reader to reader or from page to page (name, address, form token) is left open in the kept
text and filled in for each request, in one pass, so that no value can stand for another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.template import RequestContext
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.ui.tags.symbols import avatar

KEPT = 256  # rendered parts in each process, a few kilobytes each
OPEN = re.compile("\ue000([a-z_]+)\ue000")

_kept: dict[tuple[Any, ...], list[str]] = {}


def _open(name: str) -> SafeString:
    """What stands in a kept text for a value of the request."""
    return mark_safe(f"\ue000{name}\ue000")  # noqa: S308 (a constant of ours)


class _OpenShell:
    """The shell of a request with its personal values left open."""

    person_name = _open("name")
    avatar = _open("avatar")
    path = _open("path")

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shell, name)


def shell_part(context: RequestContext, name: str) -> SafeString:
    """`{% shell_part "top" %}`: the part `ui/parts/NAME.html`; nothing on a page that has no shell."""
    shell = context.get("shell")
    if not shell:
        return SafeString("")
    surroundings = {"site_name": context.get("site_name"), "is_demo": context.get("is_demo")}
    key = (name, *surroundings.values(), *shell.outline)
    pieces = _kept.get(key)
    if pieces is None:
        drawn = {**surroundings, "shell": _OpenShell(shell), "csrf_token": _open("token")}
        pieces = OPEN.split(render_to_string(f"ui/parts/{name}.html", drawn))
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = pieces
    values: dict[str, Callable[[], Any]] = {
        "token": lambda: escape(context.get("csrf_token", "")),
        "name": lambda: escape(shell.person_name),
        "avatar": lambda: avatar(shell.person_name),
        "path": lambda: escape(shell.path),
    }
    filled = [values[piece]() if number % 2 else piece for number, piece in enumerate(pieces)]
    return mark_safe("".join(filled))  # noqa: S308 (a rendered template and escaped values)
