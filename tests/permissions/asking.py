"""Ask one address as somebody, take everything back, and tell what was answered and which tables were written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.test import Client

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TOKEN = re.compile(r"[A-Za-z0-9]{64}")  # the form's token, new in every answer
WRITE = re.compile(r'^\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
#: Written by a refusal too: the trail, and the day a key was last used.
TRAIL = frozenset({"audit_entry", "core_auditentry", "directory_accesstoken"})
#: A form that holds these two is sent as it is.
BODY, CONTENT_TYPE = "=body", "=content type"
REFUSED = frozenset({401, 403, 404})
_addresses = (f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in count(1))  # limits by address are tested elsewhere


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with every id taken out, so that two may be compared. `to_sign_in`: led to the sign-in form."""

    status: int
    body: str
    headers: tuple[tuple[str, str], ...]
    to_sign_in: bool
    written: frozenset[str]

    @property
    def is_refusal(self) -> bool:
        return self.status in REFUSED or self.to_sign_in

    def says_the_same_as(self, other: Reply) -> bool:
        return (self.status, self.body, self.headers) == (other.status, other.body, other.headers)


@contextmanager
def _taken_back() -> Iterator[set[str]]:
    """Whatever is changed inside is undone; gives the names of the tables that were written."""
    written: set[str] = set()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITE.match(sql):
            written.add(found[1])
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            yield written
        transaction.set_rollback(True)


def ask(client: Client, method: str, url: str, form: dict[str, Any], accept: str = "application/json") -> Reply:
    """By default as a program that reads problem documents: refusals are short, and compared whole."""
    for name in set(client.cookies) - {"sessionid"}:
        del client.cookies[name]
    sent: dict[str, Any] = {"data": form, "headers": {"accept": accept}, "REMOTE_ADDR": next(_addresses)}
    if BODY in form:
        sent |= {"data": form[BODY], "content_type": form[CONTENT_TYPE]}
    for value in form.values():
        if hasattr(value, "seek"):
            value.seek(0)
    with _taken_back() as written:
        answer = getattr(client, method.lower())(url, **sent)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    location = answer.headers.get("Location", "")
    return Reply(
        answer.status_code,
        _without_ids(content.decode(errors="replace"), url) if _is_compared(answer) else "",
        tuple((name, _without_ids(value, url)) for name, value in sorted(answer.items()) if name != "Content-Length"),
        answer.status_code == 302 and location.startswith("/accounts/"),
        frozenset(written - TRAIL),
    )


def _is_compared(answer: Any) -> bool:
    return answer.status_code >= 400 or "json" in answer.headers.get("Content-Type", "")


def _without_ids(text: str, url: str) -> str:
    return TOKEN.sub("TOKEN", UUID.sub("ID", text.replace(url, "URL")))
