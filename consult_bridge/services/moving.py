"""What every change of a consult shares: the locked re-read, the move along the machine, scope rows and shares."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from consult_bridge import policies
from consult_bridge.errors import ConsultNotFound, ConsultWentOn, ReasonMissing
from consult_bridge.models import Consult, ConsultScope, ConsultStep
from consult_bridge.models.scoping import CHECKER, checker_token
from consult_bridge.selectors.second_doctors import unsigned_texts
from consult_bridge.services import sharing
from consult_bridge.states import CONSULT, ENDED
from core import audit
from core.actor import Actor, organisation_token, person_token
from core.errors import Forbidden
from core.ui.tags.times import written
from directory import api as directory


def lock_consult(actor: Actor, consult_id: UUID) -> Consult:
    """The consult, locked and freshly read, inside a transaction. Foreign and missing raise ConsultNotFound alike."""
    rows = Consult.unscoped.all() if actor.is_system else Consult.objects.visible_to(actor)
    consult = (
        rows.select_for_update(of=("self",))
        .select_related("patient", "requesting_organisation", "receiving_organisation")
        .filter(pk=consult_id)
        .first()
    )
    if consult is None:
        raise ConsultNotFound
    return consult


def require(allowed: bool) -> None:
    """Raise Forbidden, which the edge audits as a refusal, unless allowed."""
    if not allowed:
        raise Forbidden


def went_on(consult: Consult) -> ConsultWentOn:
    """For whoever comes too late: where it stands, and who brought it there when."""
    last = consult.steps.select_related("person").last()
    facts = [last.person.name if last.person else "", written(last.happened_at)] if last else []
    since = pgettext("list", ", ").join(fact for fact in facts if fact)
    error = ConsultWentOn(state=CONSULT.states[consult.state].label, since=since)
    error.way = (_("Open the consult"), reverse("consult_bridge:consult", args=[consult.pk]))
    return error


def require_leads(actor: Actor, consult: Consult, *, is_possible: bool) -> None:
    """First the right, then the state: Forbidden, and ConsultWentOn for who has it, or had it until another got it."""
    if not policies.leads(actor, consult):
        require(policies.answers(actor, consult) and was_assigned(actor, consult))
        raise went_on(consult)
    if not is_possible:
        raise went_on(consult)


def was_assigned(actor: Actor, consult: Consult) -> bool:
    return consult.steps.filter(assigned_to_id=actor.person_id).exists()


def reason_of(text: str) -> str:
    """The reason without its outer blanks. Raises ReasonMissing when nothing is left."""
    reason = text.strip()
    if not reason:
        raise ReasonMissing(fields={"reason": [ReasonMissing.message]})
    return reason


def move(consult: Consult, verb: str, *, actor: Actor, now: datetime, note: str = "", **changes: object) -> None:
    """Take `verb` along the machine, store it with `changes`, and write the step and the audit entry.

    Raises WrongState when the verb is not allowed from the present state.
    """
    consult.state = CONSULT.check(consult.state, verb)
    consult.revision += 1
    for field, value in changes.items():
        setattr(consult, field, value)
    if consult.state in ENDED:
        consult.ended_at = now
    end_checking(consult, now=now)
    consult.save()
    assigned_to = consult.expert_id if verb == "assign" else None
    add_step(consult, verb, actor=actor, now=now, note=note, assigned_to=assigned_to)
    record(consult, f"consult.{verb}", actor=actor, now=now, details={"state": consult.state})


def was_done(consult: Consult, verb: str, *, actor: Actor, note: str = "") -> bool:
    """Whether the last thing that happened here is this very deed of this person: the second of two clicks."""
    last = consult.steps.last()
    return last is not None and (last.verb, last.person_id, last.note) == (verb, actor.person_id, note)


def add_step(
    consult: Consult, verb: str, *, actor: Actor, now: datetime, note: str = "", assigned_to: UUID | None = None
) -> None:
    """A line of the consult's history; its state is the one the consult has now."""
    ConsultStep.objects.create(
        consult=consult,
        verb=verb,
        to_state=consult.state,
        person_id=actor.person_id,
        note=note,
        assigned_to_id=assigned_to,
        happened_at=now,
    )


def record(consult: Consult, action: str, *, actor: Actor, now: datetime, details: dict | None = None) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject_type="consult",
        subject_id=consult.pk,
        organisation_path=consult.requesting_organisation.path,
        details=details or {},
        now=now,
    )


def add_participant_organisation(consult: Consult, organisation_id: UUID) -> None:
    """Scope rows for an organisation and each of its ancestors."""
    participant = organisation_token(organisation_id)
    rows = [
        ConsultScope(consult=consult, participant=participant, token=organisation_token(ancestor))
        for ancestor in directory.ancestors_of(organisation_id)
    ]
    ConsultScope.objects.bulk_create(rows, ignore_conflicts=True)


def add_checker(consult: Consult, person_id: UUID) -> None:
    """A scope row for a second doctor of another hospital, until nothing is left to sign."""
    row = ConsultScope(consult=consult, participant=person_token(person_id), token=checker_token(person_id))
    ConsultScope.objects.bulk_create([row], ignore_conflicts=True)


def end_checking(consult: Consult, *, now: datetime) -> None:
    """Once the opinion is signed, or the consult has ended, and nothing is left to sign, a second doctor of another
    hospital sees nothing more, images included. The caller saves `checker`."""
    is_answered = consult.state == "signed" or consult.state in ENDED
    if is_answered and consult.checker_id and not unsigned_texts(consult):
        sharing.unshare_from(consult, person_token(consult.checker_id), now=now)
        remove_checker(consult)
        consult.checker_id = None


def remove_checker(consult: Consult) -> None:
    ConsultScope.objects.filter(consult=consult, token__startswith=CHECKER).delete()
