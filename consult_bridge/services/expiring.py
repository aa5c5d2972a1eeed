"""What is kept only for a while: drafts that nobody saves again, and texts typed beside a document that is finished.

Every step is small, safe to repeat, and leaves a row until its work is done: a sweep that is killed is gone on with by
the next one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from consult_bridge.models import Consult, ConsultDraft, DraftFile, GoneDraft, Opinion, Report, UnsavedText
from consult_bridge.selectors.drafts import draft_life, warning_time
from consult_bridge.services import drafts
from consult_bridge.services.batches import FIRST, batch_after
from consult_bridge.services.moving import lock_consult, record
from consult_bridge.states import ENDED, FINISHING, UNDER_WAY
from core.actor import SYSTEM
from core.notify import notify

FINISHED = ("signed", "amended")


def _lapsing(now: datetime) -> QuerySet[ConsultDraft]:
    return ConsultDraft.objects.filter(saved_at__lte=now - draft_life() + warning_time(), warned_at__isnull=True)


def _lapsed(now: datetime) -> QuerySet[ConsultDraft]:
    """Old enough, and their writer was told long enough ago: an old draft that nobody was told of is told of first."""
    return ConsultDraft.objects.filter(saved_at__lte=now - draft_life(), warned_at__lte=now - warning_time())


def lapsing_ids(now: datetime, after: UUID = FIRST) -> list[UUID]:
    return batch_after(_lapsing(now), after)


def lapsed_ids(now: datetime, after: UUID = FIRST) -> list[UUID]:
    return batch_after(_lapsed(now), after)


def warn_of_end(*, draft_id: UUID, now: datetime) -> None:
    """Tell the writer once that the draft will be deleted; saving it begins the time anew."""
    with transaction.atomic():
        draft = _locked(_lapsing(now), draft_id)
        if draft is None:
            return
        ConsultDraft.objects.filter(pk=draft_id).update(warned_at=now)
        notify(
            person_ids=[draft.person_id],
            kind="draft.expiring",
            params={},
            url=reverse("consult_bridge:draft", args=[draft_id]),
            now=now,
            key=f"draft-expiring:{draft_id}:{draft.saved_at:%Y%m%d%H%M%S}",
        )
        drafts.record_draft(draft_id, "draft.expiry_told", actor=SYSTEM, now=now)


def expire_draft(*, draft_id: UUID, now: datetime) -> None:
    """Delete a draft with its files. One that was saved again meanwhile stays."""
    with transaction.atomic():
        draft = _locked(_lapsed(now), draft_id)
        if draft is not None:
            held = drafts.number_of_files(draft_id)
            drafts.record_draft(draft_id, "draft.expired", actor=SYSTEM, now=now, details=held)
            drafts.bury(draft, has_expired=True, now=now)


def _locked(rows: QuerySet[ConsultDraft], draft_id: UUID) -> ConsultDraft | None:
    """Without its text: a draft whose key is lost is deleted like any other."""
    return rows.select_for_update().defer("body").filter(pk=draft_id).first()


def left_over_ids(now: datetime, after: UUID = FIRST) -> list[UUID]:
    """Keys whose files nobody will fetch: of drafts that are gone, and images of consults that ended long ago."""
    ended = Consult.unscoped.filter(state__in=ENDED, ended_at__lte=now - draft_life())
    rows = DraftFile.objects.filter(Q(draft_id__in=GoneDraft.objects.values("pk")) | Q(draft_id__in=ended.values("pk")))
    return batch_after(rows, after, "draft_id")


def remove_left_over(*, draft_id: UUID, now: datetime) -> None:
    """Raises what the store raises; what was removed before stays removed."""
    removed = drafts.remove_files(draft_id)
    if removed:
        drafts.record_draft(draft_id, "draft.files_removed", actor=SYSTEM, now=now, details={"files": removed})


def forget_keys(*, now: datetime) -> None:
    """The keys of drafts that have been gone as long as a draft is kept: no form of them is open any more."""
    old = GoneDraft.objects.filter(gone_at__lte=now - draft_life())
    old.exclude(Exists(DraftFile.objects.filter(draft_id=OuterRef("pk")))).delete()


def _idle(rows: QuerySet[UnsavedText]) -> QuerySet[UnsavedText]:
    """Texts that can be saved nowhere any more: the document is signed, or the consult has ended without it.

    A report that was begun, and a correction of what is signed, is finished after the consult was closed.
    """
    opinions = Opinion.unscoped.filter(consult=OuterRef("consult"))
    reports = Report.unscoped.filter(consult=OuterRef("consult"), study_id=OuterRef("study_id"))
    has_ended = Q(consult__state__in=ENDED)
    may_finish = Q(consult__state__in=FINISHING)

    def is_idle(versions: QuerySet[Any]) -> Q:
        unfinished = Q(Exists(versions.filter(state__in=UNDER_WAY)))
        return _is_finished(versions) | (has_ended & ~(may_finish & unfinished))

    of_opinion = Q(study_id__isnull=True) & is_idle(opinions)
    of_report = Q(study_id__isnull=False) & is_idle(reports)
    return rows.filter(of_opinion | of_report)


def _is_finished(versions: QuerySet[Any]) -> Q:
    """There is a signed version, and none after it is begun."""
    return Q(Exists(versions.filter(state__in=FINISHED))) & Q(~Exists(versions.filter(state__in=UNDER_WAY)))


def idle_text_ids(now: datetime, after: UUID = FIRST) -> list[UUID]:
    return batch_after(_idle(UnsavedText.objects.all()), after)


def forget_text(*, text_id: UUID, now: datetime) -> None:
    """Delete a text that can be saved nowhere any more. Safe to repeat."""
    with transaction.atomic():
        row = UnsavedText.objects.filter(pk=text_id).values("consult_id").first()
        if row is None:
            return
        consult = lock_consult(SYSTEM, row["consult_id"])
        if _idle(UnsavedText.objects.filter(pk=text_id)).exists():
            UnsavedText.objects.filter(pk=text_id).delete()
            record(consult, "unsaved_text.forgotten", actor=SYSTEM, now=now)
