"""Who may do what to a consult. Each rule answers for one row; lists start from `Consult.objects.visible_to`."""

from __future__ import annotations

from django.db.models import QuerySet

from consult_bridge.models import Consult, Opinion
from consult_bridge.states import ANSWERING, CONSULT
from consult_bridge.vocabulary import SERVICES
from core.actor import Actor


def may_triage(actor: Actor, consult: Consult) -> bool:
    return actor.may("consult.triage", consult.receiving_organisation.path)


def may_accept(actor: Actor, consult: Consult) -> bool:
    return consult.state == "assigned" and consult.expert_id == actor.person_id and actor.may("consult.answer")


def may_write(actor: Actor, consult: Consult) -> bool:
    """The assigned expert, or a reporting doctor of the receiving hospital who writes for the expert."""
    if consult.state not in ANSWERING or consult.state == "under_review":
        return False
    return actor.may("consult.answer", consult.receiving_organisation.path) or (
        consult.expert_id == actor.person_id and actor.may("consult.answer")
    )


def may_check(actor: Actor, opinion: Opinion) -> bool:
    """A second doctor of the receiving hospital, never the writer."""
    return (
        opinion.state == "under_review"
        and opinion.written_by_id != actor.person_id
        and actor.may("consult.check", opinion.consult.receiving_organisation.path)
    )


def may_sign_alone(actor: Actor, opinion: Opinion) -> bool:
    """The assigned expert with the right to check, where the service type asks for no second doctor."""
    consult = opinion.consult
    return (
        opinion.state == "drafting"
        and not SERVICES[consult.service_type].needs_checker
        and consult.expert_id == actor.person_id
        and actor.may("consult.check", consult.receiving_organisation.path)
    )


def may_supply(actor: Actor, consult: Consult) -> bool:
    return consult.state == "awaiting_information" and acts_for_requester(actor, consult, "consult.request")


def may_close(actor: Actor, consult: Consult) -> bool:
    return consult.state == "signed" and acts_for_requester(actor, consult, "consult.close")


def may_cancel(actor: Actor, consult: Consult) -> bool:
    return CONSULT.allows(consult.state, "cancel") and acts_for_requester(actor, consult, "consult.request")


def may_keep_consent(actor: Actor, consult: Consult) -> bool:
    """Consent is taken, and taken back, where the patient is."""
    return acts_for_requester(actor, consult, "consult.request")


def may_propose(actor: Actor, consult: Consult) -> bool:
    """A participant proposes for teaching what is closed."""
    return consult.state == "closed" and actor.may("case.propose")


def proposable_by(actor: Actor) -> QuerySet[Consult]:
    """The closed consults this participant may propose for teaching."""
    rows = Consult.objects.visible_to(actor).filter(state="closed")
    return rows if actor.may("case.propose") else rows.none()


def may_decline(actor: Actor, consult: Consult) -> bool:
    if not CONSULT.allows(consult.state, "decline"):
        return False
    return may_triage(actor, consult) or may_accept(actor, consult)


def may_ask_information(actor: Actor, consult: Consult) -> bool:
    if consult.state == "submitted":
        return may_triage(actor, consult)
    if not CONSULT.allows(consult.state, "request_information"):
        return False
    return may_triage(actor, consult) or consult.expert_id == actor.person_id


def acts_for_requester(actor: Actor, consult: Consult, permission: str) -> bool:
    return actor.may(permission, consult.requesting_organisation.path)


def sees_drafts(actor: Actor, consult: Consult) -> bool:
    """An unsigned text is seen where it is written, not where it was asked for."""
    return actor.may("consult.answer", consult.receiving_organisation.path) or consult.expert_id == actor.person_id
