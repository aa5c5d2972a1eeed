"""What is left of a decided release: counts, the readers, when and why it ended. Never a value and never a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from media_pipeline.models import IdentifiedStudy, PixelReview, TeachingRelease
from media_pipeline.release.answers import FaceAnswer, face_answers
from media_pipeline.words import modality_words

#: What other rooms give as the reason when they close a release, in words.
REASONS: dict[str, str | Promise] = {
    "consent_withdrawn": _("The patient withdrew the consent to teaching."),
    "rejected": _("An editor decided against the proposed case."),
}


@dataclass(frozen=True, slots=True)
class Holding:
    """What a release holds, or held: kinds of pictures in words, how many, and how many texts."""

    modalities: str
    frames: int
    texts: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looked: what of it, and when the whole was confirmed (None: it never was)."""

    name: str
    frames: int
    texts: int
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """The evidence beside a decided release. A count is None where the decision came before it could be made."""

    readers: list[Reader]
    holding: Holding
    kept: int | None
    changed: int | None
    removed: int | None
    replaced: int | None
    boxes: int | None
    strikes: int | None
    edition: str
    place: str
    reason: str | Promise
    face: list[FaceAnswer]


def record_of(release: TeachingRelease) -> Record:
    run = getattr(release, "run", None)
    report: dict[str, Any] = run.report if run else {}
    reviews = list(release.reviews.select_related("reader"))
    return Record(
        readers=[_reader(review) for review in reviews],
        holding=holding_of(release, reviews, frames=0),
        kept=report.get("kept"),
        changed=report.get("changed"),
        removed=report.get("removed"),
        replaced=sum(report["texts"].values()) if "texts" in report else None,
        boxes=report.get("boxes"),
        strikes=report.get("strikes"),
        edition=run.edition if run else "",
        place=release.organisation.display_name(get_language() or ""),
        reason=reason_of(release),
        face=face_answers(release, reviews),
    )


def reason_of(release: TeachingRelease) -> str | Promise:
    """Why it ended: a room's reason in words, a reader's own words as they stand."""
    return REASONS.get(release.reason, release.reason)


def holding_of(release: TeachingRelease, reviews: list[PixelReview], *, frames: int) -> Holding:
    """`frames` counts what waits; behind a decision only what the readers looked at is left to count."""
    studies: QuerySet[IdentifiedStudy] = release.studies.all()
    kinds = {kind for study in studies for kind in study.modalities.split("\\") if kind}
    return Holding(
        modalities=modality_words("\\".join(sorted(kinds))),
        frames=frames or max((_frames(review) for review in reviews), default=0),
        texts=max((len(review.texts) for review in reviews), default=0),
    )


def _reader(review: PixelReview) -> Reader:
    return Reader(review.reader.name, _frames(review), len(review.texts), review.confirmed_at)


def _frames(review: PixelReview) -> int:
    return sum(len(numbers) for numbers in review.frames.values())
