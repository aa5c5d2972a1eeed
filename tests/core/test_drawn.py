"""Pieces that are kept for everybody: so many, so long, by all that they depend on."""

from __future__ import annotations

from datetime import timedelta

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


def test_a_clock_that_was_set_back_serves_nothing_from_later(now):
    pieces = DrawnPieces(most=9)
    pieces.get(("a",), lambda: "later", now + timedelta(hours=1))

    assert pieces.get(("a",), lambda: "now", now) == "now"
