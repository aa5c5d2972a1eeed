"""Pieces that are kept for everybody: so many, so long, by all that they depend on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.content import DrawnPieces


def test_a_piece_is_drawn_once_for_each_key_and_the_oldest_makes_room(now):
    pieces, drawn = DrawnPieces(most=2), []

    def get(*key: str) -> str:
        return pieces.get(key, lambda: drawn.append(key) or "-".join(key), now)

    assert [get("a", "zh"), get("a", "en"), get("a", "zh"), get("b", "zh")] == ["a-zh", "a-en", "a-zh", "b-zh"]
    assert drawn == [("a", "zh"), ("a", "en"), ("b", "zh")]
    # the third took the place of the first, which is drawn anew
    get("a", "zh")
    assert drawn[3:] == [("a", "zh")]


def test_what_is_forgotten_leaves_what_is_not_meant(now):
    pieces = DrawnPieces(most=9)
    for key in (("a", "zh"), ("a", "en"), ("b", "a")):
        pieces.get(key, lambda: "kept", now)

    pieces.forget("a")

    assert [pieces.get(key, lambda: "anew", now) for key in (("a", "zh"), ("a", "en"), ("b", "a"))] == [
        "anew",
        "anew",
        "kept",
    ]


def test_what_is_older_than_a_minute_leaves_with_the_next_piece_whatever_that_is(now):
    # Given two pieces, half a minute apart
    pieces = DrawnPieces(most=9)
    pieces.get(("a",), lambda: "kept", now)
    pieces.get(("b",), lambda: "kept", now + timedelta(seconds=30))
    # When a third is asked for a minute after the first
    pieces.get(("c",), lambda: "kept", now + timedelta(seconds=60))
    # Then the first lies in the memory no longer, and the second does
    assert list(pieces._pieces) == [("b",), ("c",)]
    # And a piece of a later hour sweeps all of them, also when its own drawing fails
    with pytest.raises(ZeroDivisionError):
        pieces.get(("d",), lambda: str(1 / 0), now + timedelta(hours=1))
    assert pieces._pieces == {}


def test_a_clock_that_was_set_back_serves_nothing_from_later(now):
    pieces = DrawnPieces(most=9)
    pieces.get(("a",), lambda: "later", now + timedelta(hours=1))

    assert pieces.get(("a",), lambda: "now", now) == "now"
