"""Threads, on tables made for this test as an owner would make them."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, models

from core.errors import Invalid, NotFound
from core.ids import uuid7
from core.threads import (
    LONGEST_BODY,
    Message,
    Thread,
    ThreadClosed,
    post_message,
)


class TalkThread(Thread):
    class Meta:
        app_label = "core_tests"


class TalkMessage(Message):
    thread = models.ForeignKey(TalkThread, on_delete=models.CASCADE, related_name="messages")

    class Meta(Message.Meta):
        app_label = "core_tests"


@pytest.fixture
def thread(transactional_db, now):
    tables = (TalkThread, TalkMessage)
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
