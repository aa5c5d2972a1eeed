"""Bring images to their consult: by upload, by matching numbers, or by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from consult_bridge.errors import (
    ConsultEnded,
    ConsultNotFound,
    SecondPersonNeeded,
    StudyMismatch,
    StudyPutAway,
    StudyPutAwayMeanwhile,
)
from consult_bridge.identity import likeness
from consult_bridge.models import (
    ArrivedStudy,
    AttachedHow,
    Consult,
    ConsultStudy,
    ConsultUpload,
    RefusedStudy,
    Said,
    StudyDecision,
)
from consult_bridge.notices import tell
from consult_bridge.policies import acts_for_requester
from consult_bridge.selectors.words import is_put_away, words_on
from consult_bridge.services import sharing
from consult_bridge.services.moving import lock_consult, record, require
from consult_bridge.states import OPEN
from core.actor import SYSTEM, Actor
from core.ui.tags.times import written
from directory import api as directory
from media_pipeline import api as media
from media_pipeline.contracts import StudyFacts

MOST_MATCHING = 20


def send_images(
    *, actor: Actor, consult_id: UUID, upload_id: UUID, files: Sequence[UploadedFile], now: datetime
) -> None:
    """Hand image files to the archive for this consult. The archive reads them in a job; they attach when it is done.

    `upload_id` comes from the form: sent twice, it is one upload. The note that it belongs to this consult is written
    before the files go, so that no study can arrive unknown. Raises ConsultNotFound, Forbidden, and what the archive
    refuses at the door, and ConsultEnded.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require_open_for(actor, consult)
        known = ConsultUpload.objects.filter(pk=upload_id).first()
        if known is not None and known.consult_id != consult.pk:
            raise ConsultNotFound
        if known is None:
            ConsultUpload.objects.create(pk=upload_id, consult=consult, created_at=now)
    media.store_instances(
        actor=actor,
        organisation_id=consult.requesting_organisation_id,
        source="consult",
        files=files,
        now=now,
        upload_id=upload_id,
    )


def study_stored(*, study_id: UUID, now: datetime) -> None:
    """Attach an arrived study where it belongs, or set it aside as arrived, not attached. Safe to repeat.

    It belongs to every consult with whose own form it was uploaded, or whose accession number it carries, where its
    header's patient is the patient of the consult. One whose header says otherwise is set aside for the requesting
    side, until that says that it is another patient: then no later file of it comes back.
    """
    with transaction.atomic():
        study = media.get_study(study_id)
        directory.lock_organisation(study.organisation_id)  # a request that is just being submitted is seen
        uploads = media.uploads_of(study_id)
        found = [lock_consult(SYSTEM, consult_id) for consult_id in _consults_for(study, uploads)]
        takers = [consult for consult in found if _still_takes(consult, study_id)]
        same = [consult for consult in takers if likeness(consult.patient, study).is_same]
        if not same:
            _set_aside(study, takers[0] if takers else None, now=now)
        for consult in same:
            was_sent_with = consult.uploads.filter(pk__in=uploads).exists()
            how = AttachedHow.UPLOADED if was_sent_with else AttachedHow.MATCHED
            _attach(consult, study_id, how=how, actor=SYSTEM, now=now)


def attach_arrived(consult: Consult, *, now: datetime) -> None:
    """Images come before their request as often as after it: what waits under the accession number of a consult that is
    just submitted is looked at as if it arrived now. Called at the end of that transaction."""
    if not consult.accession_number:
        return
    directory.lock_organisation(consult.requesting_organisation_id)
    lines = media.studies_arrived(
        organisation_id=consult.requesting_organisation_id, accession_number=consult.accession_number
    )
    waiting = ArrivedStudy.objects.filter(pk__in=[line.id for line in lines], attached_at__isnull=True)
    for study_id in waiting.order_by("arrived_at", "pk").values_list("pk", flat=True):
        study_stored(study_id=study_id, now=now)


def _still_takes(consult: Consult, study_id: UUID) -> bool:
    """It may have ended, or somebody may have said that it is another patient, while we waited for the lock."""
    return consult.state in OPEN and not is_put_away(consult, study_id)


def _set_aside(study: StudyFacts, consult: Consult | None, *, now: datetime) -> None:
    """Keep it as arrived, and tell the requester where it came for a consult that it does not agree with."""
    if consult is not None and consult.studies.filter(study_id=study.id).exists():
        return  # people have already said whose it is, or are about to
    row, _is_new = ArrivedStudy.objects.get_or_create(
        pk=study.id, defaults={"organisation_id": study.organisation_id, "arrived_at": now}
    )
    if consult is None or row.consult_id == consult.pk or row.attached_at is not None:
        return
    row.consult = consult
    row.save(update_fields=["consult"])
    record(consult, "study.set_aside", actor=SYSTEM, now=now, details={"study": str(study.id)})
    tell([consult.requester_id], "consult.study_set_aside", consult, now=now, key=f"set-aside:{study.id}")


def attach_by_hand(
    *,
    actor: Actor,
    consult_id: UUID,
    study_id: UUID,
    mismatch_reason: str = "",
    read: UUID | None = None,
    now: datetime,
) -> ConsultStudy:
    """Attach an arrived study. Where its header is not this patient's, or somebody said here that it shows another one,
    a reason is needed, and a second person confirms. `read` is the word "another patient" that the actor has read.

    Raises StudyMismatch, StudyPutAway, StudyPutAwayMeanwhile, ConsultNotFound, ConsultEnded, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require_open_for(actor, consult)
        study = media.get_study(study_id)
        if study.organisation_id != consult.requesting_organisation_id:
            raise ConsultNotFound
        was_put_away = is_put_away(consult, study_id)
        if was_put_away:
            _require_read(actor, consult, study_id, read)
        is_same = likeness(consult.patient, study).is_same and not was_put_away
        reason = "" if is_same else mismatch_reason.strip()
        if not (reason or is_same):
            raise StudyPutAway if was_put_away else StudyMismatch
        consult.refused_studies.filter(study_id=study_id).delete()  # the later word counts
        if reason:
            return _wait_for_second_person(consult, study_id, reason, actor=actor, now=now)
        return _attach(consult, study_id, how=AttachedHow.BY_HAND, actor=actor, now=now)


def _require_read(actor: Actor, consult: Consult, study_id: UUID, read: UUID | None) -> None:
    """That the actor knows of the last word against it; one's own is known."""
    words = words_on(consult, study_id).get(study_id)
    if not words or words[-1].pk == read or words[-1].person_id == actor.person_id:
        return
    name = words[-1].person.name if words[-1].person else ""
    raise StudyPutAwayMeanwhile(name=name, when=written(words[-1].said_at))


def confirm_same_patient(*, actor: Actor, attachment_id: UUID, now: datetime) -> None:
    """A second person of the requesting side confirms that a study with another number shows this patient.

    Raises SecondPersonNeeded, ConsultNotFound, ConsultEnded, Forbidden.
    """
    with transaction.atomic():
        row = ConsultStudy.objects.visible_to(actor).filter(pk=attachment_id).first()
        if row is None:
            raise ConsultNotFound
        consult = lock_consult(actor, row.consult_id)
        require_open_for(actor, consult)
        row = ConsultStudy.unscoped.select_for_update(of=("self",)).filter(pk=attachment_id).first()
        if row is None:  # said to be another patient's meanwhile
            raise ConsultNotFound
        if row.attached_by_id == actor.person_id:
            raise SecondPersonNeeded
        if row.is_attached:
            return
        row.is_attached, row.confirmed_by_id, row.confirmed_at = True, actor.person_id, now
        row.save()
        _settle(consult, row.study_id, now=now)
        record(consult, "study.same_patient_confirmed", actor=actor, now=now, details={"study": str(row.study_id)})


def not_this_patient(*, actor: Actor, consult_id: UUID, study_id: UUID, now: datetime) -> None:
    """The requesting side says that a study which was set aside for this consult shows somebody else. It stays in the
    archive as arrived, and asks here no more, whatever files of it come later. One that is part of the consult stays
    part of it.

    Said twice it is one. Raises ConsultNotFound, ConsultEnded, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require_open_for(actor, consult)
        waiting = ConsultStudy.unscoped.filter(consult=consult, study_id=study_id, is_attached=False).first()
        arrived = ArrivedStudy.objects.filter(pk=study_id, consult=consult, attached_at=None).first()
        if arrived is not None:
            _note(consult, study_id, Said.SET_ASIDE, person_id=None, at=arrived.arrived_at)
            ArrivedStudy.objects.filter(pk=study_id).update(consult=None)
        if waiting is not None:
            _note(consult, study_id, Said.SAME_PATIENT, person_id=waiting.attached_by_id, at=waiting.attached_at)
            waiting.delete()
        if waiting or arrived:
            RefusedStudy.objects.get_or_create(consult=consult, study_id=study_id, defaults={"said_at": now})
            _note(consult, study_id, Said.OTHER_PATIENT, person_id=actor.person_id, at=now)
            record(consult, "study.not_this_patient", actor=actor, now=now, details={"study": str(study_id)})


def take_back_other_patient(*, actor: Actor, consult_id: UUID, study_id: UUID, now: datetime) -> None:
    """Undo one's own `not_this_patient`: it is open again whose images these are, unless somebody else says the same.
    Nothing is attached by it, and who had said that it is the same patient says so anew.

    Done twice it is once. Raises ConsultNotFound, ConsultEnded, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require_open_for(actor, consult)
        if not is_put_away(consult, study_id):
            return
        people = {word.person_id for word in words_on(consult, study_id).get(study_id, [])}
        if actor.person_id not in people:
            require(_has_taken_back(actor, consult, study_id))
            return
        is_open_again = people == {actor.person_id}
        if is_open_again:
            consult.refused_studies.filter(study_id=study_id).delete()
        if is_open_again and consult.study_decisions.filter(study_id=study_id, said=Said.SET_ASIDE).exists():
            ArrivedStudy.objects.filter(pk=study_id, consult=None, attached_at=None).update(consult=consult)
        _note(consult, study_id, Said.TAKEN_BACK, person_id=actor.person_id, at=now)
        record(consult, "study.other_patient_taken_back", actor=actor, now=now, details={"study": str(study_id)})


def _has_taken_back(actor: Actor, consult: Consult, study_id: UUID) -> bool:
    """Whether this is the second click of somebody whose own word is gone, while a colleague's stands."""
    own = consult.study_decisions.filter(study_id=study_id, person_id=actor.person_id).last()
    return own is not None and own.said == Said.TAKEN_BACK


def _note(consult: Consult, study_id: UUID, said: Said, *, person_id: UUID | None, at: datetime) -> None:
    StudyDecision.objects.create(consult=consult, study_id=study_id, said=said, person_id=person_id, said_at=at)


def require_open_for(actor: Actor, consult: Consult) -> None:
    """Only the requesting side knows whose images these are, and only an open consult takes some."""
    require(acts_for_requester(actor, consult, "imaging.upload"))
    if consult.state not in OPEN:
        raise ConsultEnded


def _attach(consult: Consult, study_id: UUID, *, how: str, actor: Actor, now: datetime) -> ConsultStudy:
    row, is_new = ConsultStudy.unscoped.get_or_create(
        consult=consult,
        study_id=study_id,
        defaults={"how": how, "attached_by_id": actor.person_id, "attached_at": now},
    )
    if is_new:
        _settle(consult, study_id, now=now)
        record(consult, "study.attached", actor=actor, now=now, details={"study": str(study_id), "how": how})
        people = [consult.requester_id, consult.expert_id]
        tell([p for p in people if p], "consult.study_arrived", consult, now=now, key=f"study:{study_id}:{consult.pk}")
    return row


def _wait_for_second_person(
    consult: Consult, study_id: UUID, reason: str, *, actor: Actor, now: datetime
) -> ConsultStudy:
    row, _is_new = ConsultStudy.unscoped.get_or_create(
        consult=consult,
        study_id=study_id,
        defaults={
            "how": AttachedHow.BY_HAND,
            "is_attached": False,
            "mismatch_reason": reason,
            "attached_by_id": actor.person_id,
            "attached_at": now,
        },
    )
    record(consult, "study.mismatch_reasoned", actor=actor, now=now, details={"study": str(study_id)})
    return row


def _settle(consult: Consult, study_id: UUID, *, now: datetime) -> None:
    ArrivedStudy.objects.filter(pk=study_id).update(attached_at=now)
    if consult.state in OPEN:
        sharing.share_study(consult, study_id, now=now)


def _consults_for(study: StudyFacts, uploads: list[UUID]) -> list[UUID]:
    """The consults it was sent with, else the one whose accession number it carries; of several those of whose patient
    the header is. None of which was said that it is another patient. In order, for locking."""
    refused = RefusedStudy.objects.filter(study_id=study.id).values("consult_id")
    rows = (
        Consult.unscoped.filter(requesting_organisation_id=study.organisation_id, state__in=OPEN)
        .exclude(pk__in=refused)
        .select_related("patient")
    )
    sent_with = _not_put_away(rows.filter(uploads__in=uploads).distinct().order_by("pk"), study.id)
    same = [consult for consult in sent_with if likeness(consult.patient, study).is_same]
    if same or sent_with:
        return [consult.pk for consult in same] or [sent_with[0].pk]
    if not study.accession_number:
        return []
    numbered = rows.filter(accession_number=study.accession_number).order_by("pk")
    matching = _not_put_away(numbered[:MOST_MATCHING], study.id)
    same = [consult for consult in matching if likeness(consult.patient, study).is_same]
    candidates = same or matching
    return [candidates[0].pk] if len(candidates) == 1 else []


def _not_put_away(consults: QuerySet[Consult], study_id: UUID) -> list[Consult]:
    return [consult for consult in consults if not is_put_away(consult, study_id)]
