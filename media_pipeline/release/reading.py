"""What a reader may do with the texts of a release: confirm them, take that back, strike words out, put them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.actor import Actor
from media_pipeline.errors import BothConfirmed, NothingStruck, ReleaseNotFound
from media_pipeline.models import PixelReview, TextStrike
from media_pipeline.release.confirming import is_confirmed
from media_pipeline.release.reviewing import audit, in_review, void_confirmations
from media_pipeline.release.texts import mark_of, reading_of, seal_words

LONGEST = 200
Seen = tuple[str, str]


def confirm_texts(*, actor: Actor, release_id: UUID, now: datetime, seen: Iterable[Seen] | None = None) -> int:
    """Note that this reader read these texts, each by name and mark of the wording seen; how many are confirmed now.

    None stands for all as they are. A wording that is no longer the text's is ignored: it is to be read again.
    Raises ReleaseNotFound, WrongState.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        review, _is_new = PixelReview.objects.select_for_update().get_or_create(
            release=release, reader_id=actor.person_id
        )
        marks = {name: mark_of(release, name, text) for name, text in reading_of(release).all_texts.items()}
        for name, mark in marks.items() if seen is None else seen:
            if marks.get(name) == mark:
                review.texts[name] = mark
        review.save(update_fields=["texts"])
    return sum(review.texts.get(name) == mark for name, mark in marks.items())


def take_texts_back(*, actor: Actor, release_id: UUID, names: Iterable[str], now: datetime) -> None:
    """This reader wants to read these texts again. A confirmation of the release that this reader gave goes with them.

    Raises ReleaseNotFound, WrongState, BothConfirmed.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        if is_confirmed(release):
            raise BothConfirmed
        review, _is_new = PixelReview.objects.select_for_update().get_or_create(
            release=release, reader_id=actor.person_id
        )
        for name in names:
            review.texts.pop(name, None)
        review.confirmed_at, review.boxes_digest = None, ""
        review.save(update_fields=["texts", "confirmed_at", "boxes_digest"])
        audit("release.texts_taken_back", actor, release, now, {})


def strike_words(*, actor: Actor, release_id: UUID, words: str, now: datetime) -> UUID:
    """Take these words out of every text and image header of the release, headers when it is opened.

    Voids earlier confirmations; changed texts are read again. Raises ReleaseNotFound, WrongState, NothingStruck when
    they stand nowhere.
    """
    words = " ".join(words.split())[:LONGEST]
    with transaction.atomic():
        release = in_review(actor, release_id)
        if not words or not reading_of(release).has(words):
            raise NothingStruck
        row = TextStrike(release=release, struck_by_id=actor.person_id, struck_at=now)
        seal_words(release, row, words)
        row.save(force_insert=True)
        void_confirmations(release)
        audit("release.words_struck", actor, release, now, {"strike": str(row.pk)})
    return row.pk


def remove_strike(*, actor: Actor, release_id: UUID, strike_id: UUID, now: datetime) -> None:
    """Put struck words back. Voids earlier confirmations. Raises ReleaseNotFound, WrongState."""
    with transaction.atomic():
        release = in_review(actor, release_id)
        row = release.strikes.filter(pk=strike_id).first()
        if row is None:
            raise ReleaseNotFound
        row.delete()
        void_confirmations(release)
        audit("release.strike_removed", actor, release, now, {"strike": str(strike_id)})
