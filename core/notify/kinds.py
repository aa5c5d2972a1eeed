"""Kinds of notification as data, registered by their owners in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.checks import CheckMessage, Error
from django.utils.functional import Promise

CHANNELS = frozenset({"app", "email", "sms"})
OUTSIDE = frozenset({"email", "sms"})


@dataclass(frozen=True, slots=True)
class Kind:
    """`subject` is one generic sentence without placeholders: it alone, and the link, leave the house by e-mail or SMS.

    `body` is read in the app only; its `%(name)s` are filled from the notification's params, which are ids, states and
    counts, never patient data. Both are lazy translations. `about` words the params for the reader, before the body, so
    that notices of one kind are told apart; it never leaves the house either.
    """

    name: str
    subject: str | Promise
    body: str | Promise = ""
    channels: frozenset[str] | set[str] = field(default_factory=lambda: frozenset({"app"}))
    about: Callable[[dict[str, Any]], str] | None = None

    def __post_init__(self) -> None:
        if not set(self.channels) <= CHANNELS:
            raise ValueError(f"{self.name}: unknown channel in {sorted(self.channels)}")

    @property
    def outside(self) -> frozenset[str]:
        """The channels that leave the house."""
        return OUTSIDE & self.channels

    @property
    def is_pressing(self) -> bool:
        """Whoever is told by text message has to know soon."""
        return "sms" in self.channels

    def text(self, params: dict[str, Any]) -> str:
        """The body in the active language. A missing param leaves the sentence as it is rather than no page at all."""
        body = str(self.body)
        try:
            filled = body % params if params else body
            return f"{self.about(params)} {filled}".strip() if self.about and params else filled
        except KeyError:
            return body


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known. Raises ValueError when another kind has its name."""
    if _kinds.get(kind.name, kind) is not kind:
        raise ValueError(f"notification kind {kind.name} is registered twice")
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind | None:
    """None for a kind that this version of the software no longer knows."""
    return _kinds.get(name)


def all_kinds() -> list[Kind]:
    return [_kinds[name] for name in sorted(_kinds)]


def check_subjects(app_configs: Any = None, **kwargs: Any) -> Iterable[CheckMessage]:
    """Django system check: a subject that leaves the house can carry no parameter."""
    return [
        Error(f"Notification kind {kind.name} leaves the house but its subject has a placeholder.", id="core.E001")
        for kind in all_kinds()
        if kind.outside and "%(" in str(kind.subject)
    ]
