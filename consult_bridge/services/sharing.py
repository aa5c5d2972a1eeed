"""Who may see the images of a consult: Share rows in media_pipeline, written in the consult's own transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from consult_bridge.models import Consult, ConsultStudy, Report
from consult_bridge.models.written import WrittenDocument
from consult_bridge.selectors.second_doctors import unsigned_texts
from core.actor import organisation_token, person_token
from media_pipeline import api as media


def holders(consult: Consult) -> list[str]:
    """The receiving hospital, whose doctors write and check, the assigned expert, whose role may stand above it, and
    who was named to check."""
    people = [person for person in (consult.expert_id, consult.checker_id) if person]
    return [organisation_token(consult.receiving_organisation_id), *map(person_token, people)]


def share_with(consult: Consult, holder: str, *, now: datetime, study_ids: list[UUID] | None = None) -> None:
    """Let `holder` see the attached studies until the consult ends, or `unshare_from` comes before."""
    ids = attached_ids(consult) if study_ids is None else study_ids
    if ids:
        purpose, right = f"consult:{consult.pk}", _right_of(holder, consult)
        media.share(study_ids=ids, holder=holder, purpose=purpose, right=right, until=None, now=now)


def _right_of(holder: str, consult: Consult) -> media.Right:
    """What the expert must hold whenever they look: who leaves the receiving hospital sees its images no more. A second
    doctor of another hospital must only still be one who checks."""
    receiving = consult.receiving_organisation
    if holder == organisation_token(receiving.pk):
        return media.Right()
    if consult.checker_id and holder == person_token(consult.checker_id):
        return media.Right("consult.check")
    return media.Right("imaging.view", receiving.path)


def share_study(consult: Consult, study_id: UUID, *, now: datetime) -> None:
    for holder in holders(consult):
        share_with(consult, holder, now=now, study_ids=[study_id])


def unshare_all(consult: Consult, *, now: datetime) -> None:
    """Called when the consult ends: only the owner's organisation keeps its view."""
    for holder in holders(consult):
        unshare_from(consult, holder, now=now)


def share_unsigned(consult: Consult, *, now: datetime) -> None:
    """Of a closed consult: the images stay with who writes, and who checks, what is not signed yet, since nobody signs
    what they have not seen. Called after the closing and after each change of such a text; with the last signature
    they end."""
    if consult.state != "closed":
        return
    attached, purpose = attached_ids(consult), f"consult:{consult.pk}"
    media.unshare(study_ids=attached, purpose=purpose, now=now)
    for document in unsigned_texts(consult):
        studies = [document.study_id] if isinstance(document, Report) else attached
        for holder, right in _who_needs(document):
            for study_id in set(studies) & set(attached):
                with suppress(media.StudyNotFound):  # it has left the archive
                    media.share(study_ids=[study_id], holder=holder, purpose=purpose, right=right, now=now)


def _who_needs(document: WrittenDocument) -> Iterator[tuple[str, media.Right]]:
    """The second doctors while it is under review, and its writer, each while they hold the right to it."""
    consult = document.consult
    receiving = consult.receiving_organisation
    if document.state == "under_review":
        check = media.Right("consult.check", receiving.path)
        yield organisation_token(receiving.pk), check
        if consult.expert_id:
            yield person_token(consult.expert_id), check
        if consult.checker_id:
            yield person_token(consult.checker_id), media.Right("consult.check")
    if document.written_by_id:
        yield person_token(document.written_by_id), media.Right("consult.answer", receiving.path)


def unshare_from(consult: Consult, holder: str, *, now: datetime) -> None:
    """Ends the shares of this consult alone; a study may be shared for another one too."""
    ids = attached_ids(consult)
    if ids:
        media.unshare(study_ids=ids, holder=holder, purpose=f"consult:{consult.pk}", now=now)


def released_ids(consult: Consult) -> list[UUID]:
    """What a teaching release takes: the studies that were part of the consult when it was closed. The release leaves
    out what came to them later (`images_until`)."""
    at_closing = Q(attached_at__lte=consult.ended_at) & (
        Q(confirmed_at__isnull=True) | Q(confirmed_at__lte=consult.ended_at)
    )
    return list(
        ConsultStudy.unscoped.filter(at_closing, consult=consult, is_attached=True).values_list("study_id", flat=True)
    )


def attached_ids(consult: Consult) -> list[UUID]:
    rows = ConsultStudy.unscoped.filter(consult=consult, is_attached=True)
    return list(rows.values_list("study_id", flat=True))
