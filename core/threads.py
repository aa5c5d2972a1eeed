"""Talk about something: abstract tables and the verbs over them.

Each owner has tables of its own, so that consult talk never shares one with course talk. An owner declares:

    class CourseThread(Thread):
        course = models.ForeignKey(...)

    class CourseMessage(Message):
        thread = models.ForeignKey(CourseThread, on_delete=models.CASCADE, related_name="messages")

A message is never edited. Who may write and read is the owner's decision, before it calls these functions; so are the
audit entry and the event.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid, NotFound
from core.ids import uuid7

LONGEST_BODY = 5000


class Thread(models.Model):
    """One conversation. `closed_at` ends it: nothing more can be posted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Message(models.Model):
    """One message; the owner adds `thread`. Its form minted the key, so a double click meets its own row.

    Nothing sets the two columns of a redaction yet; they are filled when a redaction has a page.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=LONGEST_BODY)
    created_at = models.DateTimeField()
    redacted_at = models.DateTimeField(null=True, blank=True)
    redacted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        abstract = True
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class ThreadClosed(Conflict):
    code = "thread_closed"
    message = _("This conversation is closed. Your message was not sent.")
    next_step = _("Copy your text and start a new conversation where one is open.")


M = TypeVar("M", bound=Message)


def post_message(
    messages: type[M], *, thread: Thread, author_id: UUID, body: str, now: datetime, message_id: UUID | None = None
) -> tuple[M, bool]:
    """Add a message; returns it and whether it is new. The same `message_id` by the same author is posted once.

    Raises Invalid for an empty or too long body, ThreadClosed, NotFound when the key is somebody else's message.
    """
    text = body.strip()
    if not text:
        raise Invalid(fields={"body": [_("Write a message first.")]})
    if len(text) > LONGEST_BODY:
        raise Invalid(fields={"body": [_("A message holds at most 5,000 characters. Send the rest as a second one.")]})
    if thread.closed_at is not None:
        raise ThreadClosed
    row, is_new = messages._default_manager.get_or_create(
        pk=message_id or uuid7(),
        defaults={"thread": thread, "author_id": author_id, "body": text, "created_at": now},
    )
    if (row.author_id, row.thread_id) != (author_id, thread.pk):  # type: ignore[attr-defined]
        raise NotFound
    return row, is_new
