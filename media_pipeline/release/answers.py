"""What the readers say of a volume that may show a face: it was defaced, or there is no head in it.

A header that names no part of the body asks them too, so a belly can be released without being called defaced. An
answer belongs to the confirmation that it was given with, and goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from media_pipeline.errors import FaceAnswersDiffer, FaceVisible
from media_pipeline.models import PixelReview, TeachingRelease

DEFACED, NO_HEAD = "defaced", "no_head"
ANSWERS = {DEFACED: _("It was defaced; I checked it"), NO_HEAD: _("The images show no head; I checked it")}
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class FaceAnswer:
    """One reader's answer in words, and how that reader checked."""

    name: str
    words: str | Promise
    reason: str


def give_answer(release: TeachingRelease, review: PixelReview, answer: str, reason: str) -> None:
    """Put this reader's answer into `review` (not saved). Raises FaceVisible, FaceAnswersDiffer."""
    if not release.shows_face:
        return
    if answer not in ANSWERS or not reason.strip():
        raise FaceVisible
    for other in _confirmed(release).exclude(pk=review.pk):
        if (said := _said(release, other)) != answer:
            raise FaceAnswersDiffer(name=other.reader.name, answer=ANSWERS.get(said, "–"))
    review.face_answer, review.face_reason = answer, reason.strip()[:LONGEST_REASON]


def is_defaced(release: TeachingRelease) -> bool:
    """Whether all who confirmed it say so, which is what the header may say then."""
    said = {_said(release, review) for review in _confirmed(release)}
    return release.shows_face and said == {DEFACED}


def face_answers(release: TeachingRelease, reviews: Iterable[PixelReview]) -> list[FaceAnswer]:
    """What stands beside these confirmations, in their order."""
    if not release.shows_face:
        return []
    return [
        FaceAnswer(review.reader.name, ANSWERS[said], review.face_reason or release.defaced_reason)
        for review in reviews
        if review.confirmed_at and (said := _said(release, review)) in ANSWERS
    ]


def _said(release: TeachingRelease, review: PixelReview) -> str:
    """Older code kept one answer for both readers, beside the release."""
    return review.face_answer or (DEFACED if release.defaced_reason else "")


def _confirmed(release: TeachingRelease) -> QuerySet[PixelReview]:
    return release.reviews.filter(confirmed_at__isnull=False).select_related("reader")
