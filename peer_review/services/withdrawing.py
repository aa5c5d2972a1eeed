"""What was reviewed, or a part of it, is withdrawn: what the review wrote about it goes too.

Verdicts, scores and who wrote when stay: they tell nothing of the content.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, TextField
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

    `reference` is its id as their manifests hold it, `anchors_of(manifest)` the blocks of one that show it. A round
    shows them too where it is compared with such a manifest, as taken out or as they were. A block that showed it in
    another round only keeps its remarks. Reports are about the whole subject and stay. Returns how many rounds lost
    words; twice is no error.
    """
    rounds = ReviewRound.objects.filter(subject_kind=subject_kind)
    shown = _shown(rounds, reference, anchors_of)
    changed = 0
    for pk in sorted(shown):
        with transaction.atomic():
            row = ReviewRound.objects.select_for_update().get(pk=pk)
            if row.comments.filter(anchor__in=shown[pk]).exclude(text="").update(text=""):
                note("review.remarks_withdrawn", SYSTEM, row, now)
                changed += 1
    return changed


def _shown(rounds: QuerySet[ReviewRound], reference: str, anchors_of: Anchors) -> dict[UUID, set[str]]:
    """Round -> the blocks that show it there: in its own manifest, or in the one that was reviewed last before
    (`manifest_before`). All in one query, one manifest at a time.
    """
    naming = rounds.annotate(written=Cast("manifest", TextField())).filter(written__contains=reference)
    rows = rounds.filter(subject_id__in=naming.values("subject_id")).order_by("subject_id", "number")
    reviewed: dict[UUID, list[tuple[str, set[str]]]] = {}
    shown: dict[UUID, set[str]] = {}
    for row in rows.only("subject_id", "state", "manifest", "manifest_hash").iterator():
        own, earlier = set(anchors_of(row.manifest)), reviewed.setdefault(row.subject_id, [])
        before: set[str] = next((held for digest, held in reversed(earlier) if digest != row.manifest_hash), set())
        if own | before:
            shown[row.pk] = own | before
        if row.state == "decided":
            earlier.append((row.manifest_hash, own))
    return shown
