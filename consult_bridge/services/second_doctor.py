"""A second doctor of another hospital, where nobody of the own one is left to check."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.errors import NoSecondDoctorThere, SecondDoctorHere
from consult_bridge.models import Consult
from consult_bridge.models.written import WrittenDocument
from consult_bridge.notices import tell
from consult_bridge.selectors.experts import coordinators_for
from consult_bridge.selectors.second_doctors import checkers_elsewhere, lacks_checker, lacks_second_doctor
from consult_bridge.services import sharing
from consult_bridge.services.moving import add_checker, lock_consult, record, remove_checker, require
from consult_bridge.states import ENDED
from core.actor import Actor, person_token


def name_second_doctor(*, actor: Actor, consult_id: UUID, checker_id: UUID, now: datetime) -> None:
    """The coordinator names who checks, and so who sees this consult, its images and its unsigned texts; that person is
    told. Only where nobody of the hospital is left: no more people see a patient than must.

    A second click changes nothing. Raises SecondDoctorHere, NoSecondDoctorThere, ConsultNotFound, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.may_triage(actor, consult))
        if consult.checker_id == checker_id:
            return
        if not lacks_second_doctor(consult, now=now):
            raise SecondDoctorHere
        if checker_id not in {card.id for card in checkers_elsewhere(consult, now=now)}:
            raise NoSecondDoctorThere(fields={"checker": [NoSecondDoctorThere.message]})
        _leave_former(consult, now=now)
        consult.checker_id = checker_id
        consult.save(update_fields=["checker"])
        add_checker(consult, checker_id)
        if consult.state not in ENDED:
            sharing.share_with(consult, person_token(checker_id), now=now)
        sharing.share_unsigned(consult, now=now)
        record(consult, "consult.checker_named", actor=actor, now=now, details={"checker": str(checker_id)})
        tell([checker_id], "consult.checker_named", consult, now=now, key=f"checker:{consult.pk}:{checker_id}")


def _leave_former(consult: Consult, *, now: datetime) -> None:
    if consult.checker_id:
        sharing.unshare_from(consult, person_token(consult.checker_id), now=now)
        remove_checker(consult)


def tell_when_nobody_is_left(document: WrittenDocument, *, now: datetime) -> None:
    """The coordinators of the receiving hospital, once for each set of writers."""
    if not lacks_checker(document, now=now):
        return
    consult = document.consult
    waiting = coordinators_for(consult.receiving_organisation_id, now=now)
    writers = document.former_writers.count()
    tell(waiting, "consult.no_second_doctor", consult, now=now, key=f"no-second:{document.pk}:{writers}")
