"""What was reviewed, or a part of it, is withdrawn: what the review wrote about it goes too.

Verdicts, scores and who wrote when stay: they tell nothing of the content.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from core.actor import SYSTEM
from core.notify import reword
from peer_review.models import ReviewReport, ReviewRound
from peer_review.services.noting import note
from peer_review.services.opening import cancel_round
from peer_review.services.staffing import notice_key
from peer_review.states import ROUND

Anchors = Callable[[dict[str, Any]], Collection[str]]


def withdraw_subject(*, subject_kind: str, subject_id: UUID, title: str, now: datetime) -> None:
    """What was reviewed is withdrawn: an open round is called off, nobody reads its title in a list or a notice, and
    what its reviewers and authors wrote of it is emptied.

    Every round that the subject ever had; `title` stands there instead and tells nothing of the content. Twice, or
    without any round, is no error.
    """
    with transaction.atomic():
        rounds = ReviewRound.objects.select_for_update().filter(subject_kind=subject_kind, subject_id=subject_id)
        for row in rounds.order_by("pk"):
            if ROUND.allows(row.state, "cancel"):
                cancel_round(actor=SYSTEM, round_id=row.pk, now=now)
            ReviewRound.objects.filter(pk=row.pk).update(title=title)
            _empty(row)
            parts = row.assignments.values_list("pk", flat=True)
            reword(keys=[notice_key(pk) for pk in (row.pk, *parts)], params={"title": title})
            note("review.subject_withdrawn", SYSTEM, row, now)


def _empty(row: ReviewRound) -> None:
    row.comments.exclude(text="").update(text="")
    row.assignments.exclude(conflict="").update(conflict="")
    ReviewReport.objects.filter(assignment__round=row).update(reasons={}, summary="")


def withdraw_parts(*, subject_kind: str, reference: str, anchors_of: Anchors, now: datetime) -> int:
    """What some subjects of this kind show was withdrawn: the remarks beside it, and their answers, are emptied.

    `reference` is its id as their manifests hold it, `anchors_of(manifest)` the blocks of one that show it. A later
    round shows them too, as taken out, so all rounds of such a subject lose those remarks. Reports are about the whole
    subject and stay. Returns how many rounds lost words; twice is no error.
    """
    rounds = ReviewRound.objects.filter(subject_kind=subject_kind)
    naming = rounds.annotate(written=Cast("manifest", TextField())).filter(written__contains=reference)
    shown: dict[UUID, set[str]] = {}
    for subject_id, manifest in naming.values_list("subject_id", "manifest"):
        shown.setdefault(subject_id, set()).update(anchors_of(manifest))
    changed = 0
    for pk in rounds.filter(subject_id__in=shown).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = ReviewRound.objects.select_for_update().get(pk=pk)
            anchors = shown[row.subject_id]
            if row.comments.filter(anchor__in=anchors).exclude(text="").update(text=""):
                note("review.remarks_withdrawn", SYSTEM, row, now)
                changed += 1
    return changed
