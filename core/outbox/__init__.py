"""Domain events: an outbox row in the business transaction, receipts per subscriber."""

from typing import TYPE_CHECKING, Any

from core.outbox.registry import Event, all_subscriptions, subscribe

if TYPE_CHECKING:
    from core.outbox.delivery import publish

__all__ = ["Event", "all_subscriptions", "publish", "subscribe"]


def __getattr__(name: str) -> Any:
    """`publish` needs the models, which exist only after the app registry is ready."""
    if name == "publish":
        from core.outbox.delivery import publish

        return publish
    raise AttributeError(name)
