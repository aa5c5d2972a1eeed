"""Who may do what to a consult. A rule answers for one row; `..._by(actor)` gives all rows it would answer yes for.
Lists start from `visible_to`."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Q, QuerySet

from consult_bridge.models import Consult, CriticalValue, Opinion, Report
from consult_bridge.models.written import WrittenDocument
from consult_bridge.states import ANSWERING, CONSULT, FINISHING, OPEN, REPORTING
from consult_bridge.vocabulary import SERVICES
from core.actor import Actor

Written = TypeVar("Written", bound=WrittenDocument)


def may_triage(actor: Actor, consult: Consult) -> bool:
    return actor.may("consult.triage", consult.receiving_organisation.path)


def may_accept(actor: Actor, consult: Consult) -> bool:
    return consult.state == "assigned" and consult.expert_id == actor.person_id and answers(actor, consult)


def may_hand_back(actor: Actor, consult: Consult) -> bool:
    has_it = consult.state in {"assigned", "accepted"} and consult.expert_id == actor.person_id
    return has_it and answers(actor, consult)


def may_write(actor: Actor, consult: Consult) -> bool:
    """The assigned expert, or a reporting doctor of the receiving hospital who writes for the expert. Of a text that is
    begun only one of them is the writer: see `may_write_opinion`."""
    if consult.state not in ANSWERING or consult.state == "under_review":
        return False
    return answers(actor, consult)


def answers(actor: Actor, consult: Consult) -> bool:
    """A doctor of the receiving hospital; the assigned expert too only while they are one."""
    return actor.may("consult.answer", consult.receiving_organisation.path)


def may_type(actor: Actor, consult: Consult, *, is_begun: bool = False) -> bool:
    """What a doctor types may be kept for them also while the consult waits for somebody else, until it has ended; of
    a report that is begun also after it was closed."""
    return (consult.state in OPEN or (is_begun and consult.state in FINISHING)) and reads_to_answer(actor, consult)


def reads_to_answer(actor: Actor, consult: Consult) -> bool:
    """Who answers, and who was named to check."""
    return answers(actor, consult) or checks(actor, consult)


def takes_part(actor: Actor, consult: Consult, permission: str) -> bool:
    """Whether the actor holds `permission` over one of the two hospitals."""
    sides = (consult.requesting_organisation, consult.receiving_organisation)
    return any(actor.may(permission, side.path) for side in sides)


def may_write_opinion(actor: Actor, consult: Consult, opinion: Opinion | None) -> bool:
    """Whoever begins it, then its writer alone."""
    return may_write(actor, consult) if opinion is None else may_go_on(actor, opinion)


def may_go_on(actor: Actor, document: WrittenDocument) -> bool:
    """Only its writer: another's name stands on it."""
    return (
        document.is_being_written
        and document.written_by_id == actor.person_id
        and document.consult.state in FINISHING
        and answers(actor, document.consult)
    )


def may_take_over(actor: Actor, document: WrittenDocument) -> bool:
    """Another of those who may write here, while it is in the writer's hands."""
    return (
        document.is_being_written
        and document.written_by_id != actor.person_id
        and document.consult.state in FINISHING
        and answers(actor, document.consult)
    )


def may_give_up(actor: Actor, document: WrittenDocument) -> bool:
    """Its writer, of a report or a correction: a first opinion is what its consult is for."""
    return may_go_on(actor, document) and (document.is_amendment or isinstance(document, Report))


def ends_for_good(document: WrittenDocument) -> bool:
    """Whether nobody could begin it again once it is given up: a first report, after its consult was closed."""
    return not document.is_amendment and document.consult.state not in REPORTING


def has_written(actor: Actor, document: WrittenDocument) -> bool:
    """The text is, or once was, this person's own: somebody else has to check it."""
    if document.written_by_id == actor.person_id:
        return True
    return document.former_writers.filter(pk=actor.person_id).exists()


def checks(actor: Actor, consult: Consult) -> bool:
    """A doctor of the receiving hospital with the right to check, or the one of another hospital who was named."""
    return actor.may("consult.check", consult.receiving_organisation.path) or (
        consult.checker_id == actor.person_id and actor.may("consult.check")
    )


def may_check(actor: Actor, document: WrittenDocument) -> bool:
    """A second doctor, never one of its writers. Holds for each version anew."""
    return (
        document.state == "under_review"
        and document.consult.state in FINISHING
        and checks(actor, document.consult)
        and not has_written(actor, document)
    )


def may_amend(actor: Actor, document: WrittenDocument) -> bool:
    """The latest version, once it is signed."""
    return document.state == "signed" and document.consult.state in FINISHING and answers(actor, document.consult)


def is_writer(actor: Actor, document: WrittenDocument) -> bool:
    """Its writer, while they answer at the receiving hospital."""
    return document.written_by_id == actor.person_id and answers(actor, document.consult)


def check_has_begun(document: WrittenDocument) -> bool:
    """Whether somebody else has saved the text since it was submitted."""
    since = document.revisions.filter(saved_at__gte=document.submitted_at)
    return since.exclude(saved_by_id=document.written_by_id).exists()


def may_take_back(actor: Actor, document: WrittenDocument) -> bool:
    """The writer of a submitted opinion or report, until a second doctor has begun."""
    return document.state == "under_review" and is_writer(actor, document) and not check_has_begun(document)


def may_sign_alone(actor: Actor, opinion: Opinion) -> bool:
    """The assigned expert, as its writer and with the right to check, where the service type asks for no second
    doctor."""
    consult = opinion.consult
    return (
        opinion.state == "drafting"
        and opinion.written_by_id == actor.person_id
        and not SERVICES[consult.service_type].needs_checker
        and consult.expert_id == actor.person_id
        and actor.may("consult.check", consult.receiving_organisation.path)
    )


def may_supply(actor: Actor, consult: Consult) -> bool:
    return consult.state == "awaiting_information" and acts_for_requester(actor, consult, "consult.request")


def may_close(actor: Actor, consult: Consult) -> bool:
    return consult.state == "signed" and acts_for_requester(actor, consult, "consult.close")


def may_cancel(actor: Actor, consult: Consult) -> bool:
    return CONSULT.allows(standing(consult), "cancel") and acts_for_requester(actor, consult, "consult.request")


def standing(consult: Consult) -> str:
    """How far the consult has come: while it waits for information, the state to which that leads it back."""
    is_paused = consult.state == "awaiting_information" and consult.resume_state
    return consult.resume_state if is_paused else consult.state


def may_keep_consent(actor: Actor, consult: Consult) -> bool:
    """Consent is taken, and taken back, where the patient is."""
    return acts_for_requester(actor, consult, "consult.request")


def may_propose(actor: Actor, consult: Consult) -> bool:
    """A participant proposes for teaching what is closed."""
    return consult.state == "closed" and takes_part(actor, consult, "case.propose")


def knows_of_teaching(actor: Actor, consult: Consult) -> bool:
    """Whether the actor may know of a consent to teaching and of a proposal: who records the one or may make the other.
    A second doctor of another hospital, the consult centre and the authorities above have no part in it."""
    return may_keep_consent(actor, consult) or takes_part(actor, consult, "case.propose")


def proposable_by(actor: Actor) -> QuerySet[Consult]:
    """The closed consults this participant may propose for teaching."""
    return Consult.objects.visible_to(actor).visible_to(actor, "case.propose").filter(state="closed")


def leads(actor: Actor, consult: Consult) -> bool:
    """The coordinators, and the expert who has it, whatever its state: they ask for what is missing, and decline."""
    return may_triage(actor, consult) or (consult.expert_id == actor.person_id and answers(actor, consult))


def may_decline(actor: Actor, consult: Consult) -> bool:
    return CONSULT.allows(consult.state, "decline") and leads(actor, consult)


def may_ask_information(actor: Actor, consult: Consult) -> bool:
    return can_wait(consult) and leads(actor, consult)


def can_wait(consult: Consult) -> bool:
    """For information; what is only submitted is taken up with the question."""
    return consult.state == "submitted" or CONSULT.allows(consult.state, "request_information")


def acts_for_requester(actor: Actor, consult: Consult, permission: str) -> bool:
    return actor.may(permission, consult.requesting_organisation.path)


def may_bring_images(actor: Actor, consult: Consult) -> bool:
    """The requesting side, which knows the patient, until the consult ends."""
    return consult.state in OPEN and acts_for_requester(actor, consult, "imaging.upload")


def sees_drafts(actor: Actor, consult: Consult) -> bool:
    """An unsigned text is seen where it is written, not where it was asked for."""
    return reads_to_answer(actor, consult)


def may_begin_report(actor: Actor, consult: Consult) -> bool:
    """A reporting doctor or an expert of the receiving hospital, while its doctors see the images."""
    return consult.state in REPORTING and answers(actor, consult)


def checked_by_actor(actor: Actor, at: str = "") -> Q:
    """As `checks`, for rows that reach their consult by `at`."""
    here = received_below(actor, "consult.check", at)
    return here | Q(**{f"{at}checker_id": actor.person_id}) if actor.may("consult.check") else here


def reports_to_check_by(actor: Actor) -> QuerySet[Report]:
    return _to_check(actor, Report.objects.visible_to(actor))


def amendments_to_check_by(actor: Actor) -> QuerySet[Opinion]:
    """Of opinions; a first one is found by the state of its consult."""
    return _to_check(actor, Opinion.objects.visible_to(actor).filter(amends__isnull=False))


def _to_check(actor: Actor, rows: QuerySet[Written]) -> QuerySet[Written]:
    return (
        rows.filter(
            checked_by_actor(actor, "consult__"),
            state="under_review",
            signed_at__isnull=True,
            consult__state__in=FINISHING,
        )
        .exclude(written_by_id=actor.person_id)
        .exclude(former_writers=actor.person_id)
    )


def reports_to_write_by(actor: Actor) -> QuerySet[Report]:
    """The actor's own reports that are begun or came back."""
    return _to_write(actor, Report.objects.visible_to(actor))


def amendments_to_write_by(actor: Actor) -> QuerySet[Opinion]:
    """The actor's own amendments of opinions that are begun or came back."""
    return _to_write(actor, Opinion.objects.visible_to(actor).filter(amends__isnull=False))


def _to_write(actor: Actor, rows: QuerySet[Written]) -> QuerySet[Written]:
    return rows.filter(
        received_below(actor, "consult.answer", "consult__"),
        state__in=["drafting", "returned"],
        signed_at__isnull=True,
        written_by_id=actor.person_id,
        consult__state__in=FINISHING,
    )


def received_below(actor: Actor, permission: str, prefix: str = "") -> Q:
    """Consults whose receiving hospital is one where the actor holds `permission`, or stands below one."""
    return below(actor, permission, f"{prefix}receiving_organisation")


def asked_below(actor: Actor, permission: str, prefix: str = "") -> Q:
    """As `received_below`, of the hospital that asks."""
    return below(actor, permission, f"{prefix}requesting_organisation")


def below(actor: Actor, permission: str, organisation: str) -> Q:
    """Rows whose `organisation` is one over which the actor holds `permission`, as `Actor.may` says of its path."""
    condition = Q(pk__in=[])
    for path in sorted({grant.organisation_path for grant in actor.grants if permission in grant.permissions}):
        condition |= Q(**{f"{organisation}__path__startswith": path})
    return condition


def may_acknowledge(actor: Actor, critical: CriticalValue) -> bool:
    """Where the patient is: the requesting doctor, or a colleague who has the patient now."""
    return critical.state == "awaiting" and acts_for_requester(actor, critical.consult, "consult.request")


def to_acknowledge_by(actor: Actor) -> QuerySet[CriticalValue]:
    return CriticalValue.objects.visible_to(actor).filter(
        asked_below(actor, "consult.request", "consult__"), state="awaiting"
    )


def escalated_to(actor: Actor) -> QuerySet[CriticalValue]:
    """Critical values past their time, for the coordinators of the receiving hospital."""
    return CriticalValue.objects.visible_to(actor).filter(
        received_below(actor, "consult.triage", "consult__"),
        state="awaiting",
        escalated_at__isnull=False,
    )
