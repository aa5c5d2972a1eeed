"""Talk about something: abstract tables and the verbs over them.

Each owner has tables of its own, so that consult talk never shares one with course talk. An owner declares:

    class CourseThread(Thread):
        course = models.ForeignKey(...)

    class CourseMessage(Message):
        thread = models.ForeignKey(CourseThread, on_delete=models.CASCADE, related_name="messages")

    class CourseReadMark(ReadMark):
        thread = models.ForeignKey(CourseThread, on_delete=models.CASCADE, related_name="read_marks")

        class Meta(ReadMark.Meta):
            constraints = [models.UniqueConstraint(fields=["thread", "person"], name="course_read_mark_once")]

A message is never edited. It may be redacted: its body is emptied for good, its place and the fact remain. Who may
write, read or redact is the owner's decision, before it calls these functions; so are the audit entry and the event.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid, NotFound
from core.ids import uuid7

LONGEST_BODY = 5000


class AlreadyRedacted(Conflict):
    code = "already_redacted"
    message = _("This message was taken out before.")
    next_step = _("Open the page again.")


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
    """One message; the owner adds `thread`. Its form minted the key, so a double click meets its own row."""

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

    @property
    def is_redacted(self) -> bool:
        return self.redacted_at is not None


class ReadMark(models.Model):
    """How far a person has read a thread; the owner adds `thread`, unique with `person`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_until = models.DateTimeField()

    class Meta:
        abstract = True

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


def redact_message(messages: type[M], *, message_id: UUID, person_id: UUID, now: datetime) -> None:
    """Empty a message's body for good. Raises NotFound, AlreadyRedacted."""
    found = messages._default_manager.filter(pk=message_id)
    if found.filter(redacted_at__isnull=True).update(body="", redacted_at=now, redacted_by_id=person_id):
        return
    raise AlreadyRedacted if found.exists() else NotFound


def mark_thread_read(marks: type[ReadMark], *, thread: Thread, person_id: UUID, now: datetime) -> None:
    """The person has read everything up to `now`; a mark never goes back."""
    mark, is_new = marks._default_manager.get_or_create(
        thread=thread, person_id=person_id, defaults={"read_until": now}
    )
    if not is_new:
        marks._default_manager.filter(pk=mark.pk, read_until__lt=now).update(read_until=now)


def unread_counts(
    messages: type[Message], marks: type[ReadMark], *, thread_ids: Iterable[UUID], person_id: UUID
) -> dict[UUID, int]:
    """Messages of others after the person's mark, by thread, in one query; threads without any are left out."""
    mark = marks._default_manager.filter(thread=OuterRef("thread"), person=person_id)
    every: Any = messages._default_manager
    unread = (
        every.filter(thread__in=list(thread_ids), redacted_at__isnull=True)
        .exclude(author=person_id)
        .annotate(read_until=Subquery(mark.values("read_until")[:1]))
        .filter(Q(read_until__isnull=True) | Q(created_at__gt=F("read_until")))
    )
    counted = unread.order_by().values("thread").annotate(count=models.Count("pk"))
    return {row["thread"]: row["count"] for row in counted}
