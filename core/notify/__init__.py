"""Telling people: in the app, by e-mail, by text message. No patient data leaves by any of them."""

from typing import TYPE_CHECKING, Any

from core.notify.address_book import Address, register_address_book
from core.notify.kinds import Kind, register_kind
from core.notify.sms import SmsFailed, send_sms

if TYPE_CHECKING:
    from core.notify.selectors import notice, notifications_of, told_last, unread_count
    from core.notify.service import mark_all_read, mark_read, notify, reword

__all__ = [
    "Address",
    "Kind",
    "SmsFailed",
    "mark_all_read",
    "mark_read",
    "notice",
    "notifications_of",
    "notify",
    "register_address_book",
    "register_kind",
    "reword",
    "send_sms",
    "told_last",
    "unread_count",
]


def __getattr__(name: str) -> Any:
    """What needs the models is loaded when it is first used, after the app registry is ready."""
    if name in {"mark_all_read", "mark_read", "notify", "reword"}:
        from core.notify import service

        return getattr(service, name)
    if name in {"notice", "notifications_of", "told_last", "unread_count"}:
        from core.notify import selectors

        return getattr(selectors, name)
    raise AttributeError(name)
