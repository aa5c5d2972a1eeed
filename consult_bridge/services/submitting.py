"""Ask for a consult; supply what was asked for; take the request back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from consult_bridge import policies
from consult_bridge.completeness import impossible_days, missing_from
from consult_bridge.contracts import ConsultRequest
from consult_bridge.errors import (
    AnsweredAlready,
    DayImpossible,
    DraftChanged,
    DraftSent,
    RequestingHospitalMissing,
    RequestTooThin,
)
from consult_bridge.files import StoredPage, deleted_on_failure, digest_of, store_pages
from consult_bridge.models import (
    ClinicalRecord,
    Consult,
    ConsultDraft,
    ConsultStep,
    ConsultThread,
    LabResult,
    RecordAttachment,
    VitalSign,
)
from consult_bridge.notices import tell
from consult_bridge.selectors.drafts import fields_of
from consult_bridge.selectors.experts import coordinators_for
from consult_bridge.services import drafts, sharing
from consult_bridge.services.kept_images import order_kept_images
from consult_bridge.services.moving import (
    add_participant_organisation,
    lock_consult,
    move,
    reason_of,
    require,
    was_done,
    went_on,
)
from consult_bridge.services.patients import patient_for
from consult_bridge.services.studies import attach_arrived
from consult_bridge.vocabulary import VITALS, time_allowed
from core.actor import Actor
from directory import api as directory


def submit_consult(
    *,
    actor: Actor,
    consult_id: UUID,
    request: ConsultRequest,
    now: datetime,
    read_from: dict[str, list[str]] | None = None,
) -> UUID:
    """Create and submit a consult under the key its form minted; the second click returns the first one's row.

    `read_from` are the fields of the draft that `request` was read from. Raises DraftGone, DraftChanged when another
    window saved something else since, RequestTooThin (what is missing), DayImpossible, RequestingHospitalMissing,
    AttachmentRefused, PatientNumberTaken, PatientDiffers, Forbidden.
    """
    organisation_id = requesting_organisation(actor, request.requesting_organisation_id)
    if drafts.was_sent(actor, consult_id):
        return consult_id
    _judge(request, now)
    pages = store_pages(request.attachments, folder="records")
    try:
        with deleted_on_failure(pages), transaction.atomic():
            draft = drafts.lock_draft(actor, consult_id)
            if draft is not None and read_from is not None and fields_of(draft) != read_from:
                raise DraftChanged
            consult = _create(actor, consult_id, organisation_id, request, now=now)
            _fill(consult, request, draft, pages, actor=actor, now=now)
    except DraftSent:  # another click was faster
        return consult_id
    return consult_id


def _fill(
    consult: Consult,
    request: ConsultRequest,
    draft: ConsultDraft | None,
    pages: Sequence[StoredPage],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Everything that belongs to a new consult, and its way to the consult centre."""
    _fill_record(consult, request, now=now)
    _attach_pages(consult, [*drafts.take_pages(consult.pk, actor=actor), *pages], actor=actor, now=now)
    for participant in (consult.requesting_organisation_id, consult.receiving_organisation_id):
        add_participant_organisation(consult, participant)
    move(consult, "submit", actor=actor, now=now, submitted_at=now, due_at=now + time_allowed(consult.urgency))
    if draft is not None:
        draft.delete()
    order_kept_images(consult, actor=actor, now=now)
    tell(coordinators_for(consult.receiving_organisation_id, now=now), "consult.submitted", consult, now=now)
    attach_arrived(consult, now=now)


def _judge(request: ConsultRequest, now: datetime) -> None:
    missing = missing_from(request)
    if missing:
        raise RequestTooThin(fields={name: [sentence] for name, sentence in missing.items()})
    impossible = impossible_days(request, timezone.localdate(now))
    if impossible:
        raise DayImpossible(fields={name: [sentence] for name, sentence in impossible.items()})


def requesting_organisation(actor: Actor, chosen: UUID | None = None) -> UUID:
    """The organisation the actor asks for: the chosen one, or the only one in which it may request.

    Raises Forbidden without one and for a foreign one, RequestingHospitalMissing where there is a choice.
    """
    actor.require("consult.request")
    own = actor.organisation_ids("consult.request")
    if chosen is not None:
        require(chosen in own)
        return chosen
    if len(own) > 1:
        raise RequestingHospitalMissing(fields={"requesting_organisation": [RequestingHospitalMissing.next_step]})
    return own[0]


def _create(
    actor: Actor, consult_id: UUID, organisation_id: UUID, request: ConsultRequest, *, now: datetime
) -> Consult:
    consult = Consult(
        id=consult_id,
        patient=patient_for(request.patient, actor=actor, organisation_id=organisation_id, now=now),
        requesting_organisation=directory.get_organisation(organisation_id),
        receiving_organisation=directory.get_organisation(request.receiving_organisation_id),
        requester_id=actor.person_id,
        specialty=request.specialty,
        service_type=request.service_type,
        urgency=request.urgency,
        subject=request.subject,
        question=request.question,
        accession_number=request.accession_number,
        created_at=now,
    )
    consult.save(force_insert=True)
    ConsultThread.objects.create(consult=consult, created_at=now)
    return consult


def _fill_record(consult: Consult, request: ConsultRequest, *, now: datetime) -> None:
    texts = request.record
    ClinicalRecord.unscoped.create(
        consult=consult,
        chief_complaint=texts.chief_complaint,
        present_history=texts.present_history,
        past_history=texts.past_history,
        medication=texts.medication,
        allergies=texts.allergies,
        examination=texts.examination,
    )
    VitalSign.objects.bulk_create(
        VitalSign(consult=consult, kind=kind, value=value, unit=VITALS[kind].unit, taken_at=now)
        for kind, value in request.vitals.items()
    )
    LabResult.objects.bulk_create(lab_results(consult, request))


def lab_results(consult: Consult, request: ConsultRequest) -> list[LabResult]:
    """The rows of the laboratory values, not stored; an analyte stands where it was first named."""
    order = {analyte: place for place, analyte in enumerate(dict.fromkeys(row.analyte for row in request.labs))}
    return [
        LabResult(
            consult=consult,
            analyte=row.analyte,
            value=row.value,
            unit=row.unit,
            low=row.low,
            high=row.high,
            taken_on=row.taken_on,
            position=order[row.analyte],
        )
        for row in request.labs
    ]


def _attach_pages(consult: Consult, pages: Sequence[StoredPage], *, actor: Actor, now: datetime) -> None:
    RecordAttachment.unscoped.bulk_create(
        RecordAttachment(
            consult=consult,
            title=page.title,
            file=page.name,
            content_type=page.content_type,
            size=page.size,
            sha256=page.sha256,
            uploaded_by_id=actor.person_id,
            uploaded_at=now,
        )
        for page in pages
    )


def supply_information(
    *, actor: Actor, consult_id: UUID, text: str, files: Sequence[UploadedFile] = (), now: datetime
) -> None:
    """Answer a request for information; the clock goes on with the time it had left. A second click changes nothing:
    the same words without a page that did not come with them before.

    Raises ReasonMissing, AnsweredAlready, AttachmentRefused, Forbidden.
    """
    note = reason_of(text)
    with transaction.atomic():
        if _lock_to_supply(actor, consult_id, note, files) is None:
            return
    pages = store_pages(files, folder="records")
    with suppress(_SuppliedMeanwhile), deleted_on_failure(pages), transaction.atomic():
        consult = _lock_to_supply(actor, consult_id, note, files)
        if consult is None:
            raise _SuppliedMeanwhile
        waited = now - consult.paused_at if consult.paused_at else now - now
        move(
            consult,
            f"resume_{consult.resume_state or 'in_triage'}",
            actor=actor,
            now=now,
            note=note,
            resume_state="",
            paused_at=None,
            due_at=consult.due_at + waited if consult.due_at else None,
        )
        _attach_pages(consult, pages, actor=actor, now=now)
        people = [consult.expert_id, consult.coordinator_id]
        tell([p for p in people if p], "consult.information_supplied", consult, now=now)


class _SuppliedMeanwhile(Exception):
    """The other of two clicks was faster: this one's pages go again."""


def _lock_to_supply(actor: Actor, consult_id: UUID, note: str, files: Sequence[UploadedFile]) -> Consult | None:
    """The consult, locked, where this actor may supply now; None where the same person supplied the same already."""
    consult = lock_consult(actor, consult_id)
    require(policies.acts_for_requester(actor, consult, "consult.request"))
    if consult.state != "awaiting_information":
        given = consult.steps.filter(verb__startswith="resume_").last()
        if given is None or (given.person_id, given.note) != (actor.person_id, note):
            raise AnsweredAlready
        if not {digest_of(file) for file in files} <= _came_with(consult, given):
            raise AnsweredAlready
        return None
    return consult


def _came_with(consult: Consult, step: ConsultStep) -> set[str]:
    """The digests of the pages that came with an answer."""
    pages = RecordAttachment.unscoped.filter(consult=consult, uploaded_by=step.person_id, uploaded_at=step.happened_at)
    return set(pages.values_list("sha256", flat=True))


def cancel_consult(*, actor: Actor, consult_id: UUID, reason: str, now: datetime) -> None:
    """The requester takes the request back, before an opinion is begun; who had it is told.

    A second click changes nothing. Raises ConsultWentOn.
    """
    note = reason_of(reason)
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.acts_for_requester(actor, consult, "consult.request"))
        if was_done(consult, "cancel", actor=actor, note=note):
            return
        if not policies.may_cancel(actor, consult):
            raise went_on(consult)
        sharing.unshare_all(consult, now=now)
        move(consult, "cancel", actor=actor, now=now, note=note)
        tell([consult.expert_id, consult.coordinator_id], "consult.cancelled", consult, now=now)
