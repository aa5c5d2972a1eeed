"""Threads, on tables made for this test as an owner would make them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, models

from core.errors import Invalid, NotFound
from core.ids import uuid7
from core.threads import (
    LONGEST_BODY,
    AlreadyRedacted,
    Message,
    ReadMark,
    Thread,
    ThreadClosed,
    mark_thread_read,
    post_message,
    redact_message,
    unread_counts,
)


class TalkThread(Thread):
    class Meta:
        app_label = "core_tests"


class TalkMessage(Message):
    thread = models.ForeignKey(TalkThread, on_delete=models.CASCADE, related_name="messages")

    class Meta(Message.Meta):
        app_label = "core_tests"


class TalkMark(ReadMark):
    thread = models.ForeignKey(TalkThread, on_delete=models.CASCADE, related_name="read_marks")

    class Meta:
        app_label = "core_tests"
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="talk_mark_once")]


@pytest.fixture
def thread(transactional_db, now):
    tables = (TalkThread, TalkMessage, TalkMark)
    with connection.schema_editor() as editor:
        for table in tables:
            editor.create_model(table)
    yield TalkThread.objects.create(created_at=now)
    with connection.schema_editor() as editor:
        for table in reversed(tables):
            editor.delete_model(table)


@pytest.fixture
def people(thread):
    make = get_user_model().objects.create_user
    return [make(name, name=name).pk for name in ("requester", "expert")]


def test_a_double_click_posts_once(thread, people, now):
    key = uuid7()
    say = {"thread": thread, "author_id": people[0], "now": now, "message_id": key}
    first, is_new = post_message(TalkMessage, body="  片子已传  ", **say)
    again, is_new_again = post_message(TalkMessage, body="片子已传", **say)
    assert (first.body, is_new, is_new_again, again.pk) == ("片子已传", True, False, key)
    assert TalkMessage.objects.count() == 1
    with pytest.raises(NotFound):
        post_message(TalkMessage, body="x", **(say | {"author_id": people[1]}))


def test_what_cannot_be_posted_says_why_and_leaves_nothing(thread, people, now):
    say = {"thread": thread, "author_id": people[0], "now": now}
    for body in ("  ", "x" * (LONGEST_BODY + 1)):
        with pytest.raises(Invalid) as refused:
            post_message(TalkMessage, body=body, **say)
        assert list(refused.value.fields) == ["body"]
    thread.closed_at = now
    with pytest.raises(ThreadClosed):
        post_message(TalkMessage, body="late", **say)
    assert TalkMessage.objects.count() == 0


def test_others_messages_count_until_they_are_read(thread, people, now, django_assert_num_queries):
    requester, expert = people
    other = TalkThread.objects.create(created_at=now)
    for minute, author in enumerate((requester, expert, requester)):
        at = now + timedelta(minutes=minute)
        post_message(TalkMessage, thread=thread, author_id=author, body=f"{minute}", now=at)
    asked = {"thread_ids": [thread.pk, other.pk]}
    with django_assert_num_queries(1):
        assert unread_counts(TalkMessage, TalkMark, person_id=expert, **asked) == {thread.pk: 2}
    mark_thread_read(TalkMark, thread=thread, person_id=expert, now=now + timedelta(minutes=1))
    assert unread_counts(TalkMessage, TalkMark, person_id=expert, **asked) == {thread.pk: 1}
    # a late request does not take the mark back
    mark_thread_read(TalkMark, thread=thread, person_id=expert, now=now + timedelta(hours=1))
    mark_thread_read(TalkMark, thread=thread, person_id=expert, now=now)
    assert unread_counts(TalkMessage, TalkMark, person_id=expert, **asked) == {}
    assert unread_counts(TalkMessage, TalkMark, person_id=requester, **asked) == {thread.pk: 1}


def test_a_redacted_message_keeps_its_place_and_loses_its_words(thread, people, now):
    row, _is_new = post_message(TalkMessage, thread=thread, author_id=people[0], body="姓名写错了", now=now)
    redact_message(TalkMessage, message_id=row.pk, person_id=people[1], now=now)
    row.refresh_from_db()
    assert (row.body, row.is_redacted, row.redacted_by_id) == ("", True, people[1])
    with pytest.raises(AlreadyRedacted):
        redact_message(TalkMessage, message_id=row.pk, person_id=people[1], now=now)
    with pytest.raises(NotFound):
        redact_message(TalkMessage, message_id=uuid7(), person_id=people[1], now=now)
    assert unread_counts(TalkMessage, TalkMark, thread_ids=[thread.pk], person_id=people[1]) == {}
