"""Event types and who listens. Subscriptions are made in `AppConfig.ready`, once per process."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID


@dataclass(frozen=True)
class Event:
    """Base of every past-tense record. Subclasses are frozen dataclasses whose fields are UUIDs or short strings."""

    types: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Event.types[cls.event_type()] = cls

    @classmethod
    def event_type(cls) -> str:
        """The package that owns it and its name: "consult_bridge.ConsultClosed"."""
        return f"{cls.__module__.split('.')[0]}.{cls.__name__}"

    def payload(self) -> dict[str, str]:
        return {f.name: str(getattr(self, f.name)) for f in dataclasses.fields(self)}

    @classmethod
    def from_payload(cls, payload: dict[str, str]) -> Event:
        """The event again. A field annotated UUID is read back as one."""
        values: dict[str, Any] = {}
        for f in dataclasses.fields(cls):
            text = payload[f.name]
            values[f.name] = UUID(text) if f.type in (UUID, "UUID") else text
        return cls(**values)


E = TypeVar("E", bound=Event, contravariant=True)


class Handler(Protocol[E]):
    def __call__(self, event: E, /, *, now: Any) -> None: ...


_subscribers: dict[str, dict[str, Callable[..., None]]] = {}


def subscribe(event_class: type[Event], handler: Callable[..., None], *, name: str) -> None:
    """Have `handler(event, now=...)` called once for each event. `name` is stable: it is the receipt's key.

    Raises ValueError when the name is taken by another handler.
    """
    handlers = _subscribers.setdefault(event_class.event_type(), {})
    if handlers.get(name, handler) is not handler:
        raise ValueError(f"{name} already listens to {event_class.event_type()}")
    handlers[name] = handler


def subscribers_of(event_type: str) -> dict[str, Callable[..., None]]:
    return _subscribers.get(event_type, {})


def all_subscriptions() -> list[tuple[str, str]]:
    """(event type, subscriber) pairs, for the generated documentation."""
    return sorted((event, name) for event, handlers in _subscribers.items() for name in handlers)
