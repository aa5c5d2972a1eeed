"""Confirmations of what is being read are given once more since header words belong to them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.casebook.test_migrations import migrate, old_schema, rows

__all__ = ["old_schema"]

AT = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
BEFORE = ("media_pipeline", "0015_each_readers_answer_about_the_face")
AFTER = ("media_pipeline", "0016_confirm_with_header_words")


def plant(apps, label, state):
    place, _is_new = rows(apps, "directory", "Organisation").get_or_create(
        code="ANS", defaults={"name": "乙", "path": "/2/", "level": 1, "kind": "hospital"}
    )
    reader, _is_new = rows(apps, "directory", "Person").get_or_create(username="reader", defaults={"name": "林晓禾"})
    release = rows(apps, "media_pipeline", "TeachingRelease").create(
        organisation=place, label=label, state=state, created_at=AT
    )
    rows(apps, "media_pipeline", "PixelReview").create(
        release=release, reader=reader, frames={"a": [1]}, texts={"b": "mark"}, boxes_digest="old", confirmed_at=AT
    )


def found(apps):
    fields = ("release__label", "confirmed_at", "boxes_digest", "frames", "texts")
    return sorted(rows(apps, "media_pipeline", "PixelReview").values_list(*fields))


@pytest.mark.embedded
def test_confirmations_of_what_is_being_read_are_asked_for_again(old_schema):
    # given a release that is being read and one that is open
    apps = migrate(old_schema, BEFORE)
    plant(apps, "T-AAAAAA", "pixel_review")
    plant(apps, "T-BBBBBB", "open")
    # when they are migrated
    apps = migrate(old_schema, AFTER)
    # then only the first is to be confirmed again, and what was looked at stays
    expected = [
        ("T-AAAAAA", None, "", {"a": [1]}, {"b": "mark"}),
        ("T-BBBBBB", AT, "old", {"a": [1]}, {"b": "mark"}),
    ]
    assert found(apps) == expected
    # and the way back is open
    assert found(migrate(old_schema, BEFORE)) == expected
