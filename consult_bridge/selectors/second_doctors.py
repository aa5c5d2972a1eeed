"""Who is left to check a text: whoever wrote in it is no second doctor, and a house may have but two who may."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consult_bridge.models import Consult, Opinion, Report
from consult_bridge.models.written import WrittenDocument
from consult_bridge.selectors.experts import EXPERT, checkers_for
from consult_bridge.states import FINISHING
from consult_bridge.vocabulary import SERVICES
from core.actor import Actor
from directory import api as directory
from directory.contracts import PersonCard

OFFERED = 100


def second_doctors(document: WrittenDocument, *, now: datetime, besides: UUID | None = None) -> list[UUID]:
    """Those of the receiving hospital, and the one who was named, that never wrote in it; `besides` will have."""
    consult = document.consult
    writers = {document.written_by_id, *document.former_writers.values_list("pk", flat=True), besides}
    return [person for person in (*checkers_for(consult, now=now), *_named(consult, now)) if person not in writers]


def _named(consult: Consult, now: datetime) -> list[UUID]:
    """Who was named, while they still are an expert."""
    if consult.checker_id is None:
        return []
    return [person for person in directory.holders_of(EXPERT, now) if person == consult.checker_id]


def lacks_checker(document: WrittenDocument, *, now: datetime) -> bool:
    """Whether it needs a second doctor and nobody is left."""
    return not _signs_alone(document, document.written_by_id) and not second_doctors(document, now=now)


def leaves_nobody(document: WrittenDocument, actor: Actor, *, now: datetime) -> bool:
    """Whether nobody could sign it any more once this person goes on with it."""
    if _signs_alone(document, actor.person_id):
        return False
    return not second_doctors(document, now=now, besides=actor.person_id)


def lacks_second_doctor(consult: Consult, *, now: datetime) -> bool:
    """Whether a text of this consult is under way that nobody is left to check."""
    return any(lacks_checker(document, now=now) for document in unsigned_texts(consult))


def checkers_elsewhere(consult: Consult, *, now: datetime) -> list[PersonCard]:
    """Experts of other hospitals who have no part in its texts: those of its specialty, else of any; by hospital."""
    writers: set[UUID | None] = {consult.expert_id, *checkers_for(consult, now=now)}
    for document in unsigned_texts(consult):
        writers |= {document.written_by_id, *document.former_writers.values_list("pk", flat=True)}
    holders = [person for person in directory.holders_of(EXPERT, now) if person not in writers]
    cards = sorted(directory.get_people(holders).values(), key=lambda card: (card.organisation_name, card.name))
    like = [card for card in cards if card.specialty == consult.specialty]
    return (like or cards)[:OFFERED]


def unsigned_texts(consult: Consult) -> list[WrittenDocument]:
    """Opinion and reports that somebody still has to check and sign; after the end only a report or a correction can
    be."""
    if consult.state not in FINISHING:
        return []
    rows: list[WrittenDocument] = []
    for model in (Opinion, Report):
        texts = model.unscoped.filter(consult=consult).select_related("consult__receiving_organisation")
        rows += [text for text in texts if text.is_under_way]
    return rows


def _signs_alone(document: WrittenDocument, writer_id: UUID | None) -> bool:
    """The assigned expert's own opinion, where the service type asks for no second doctor."""
    consult = document.consult
    is_opinion = isinstance(document, Opinion)
    return is_opinion and not SERVICES[consult.service_type].needs_checker and consult.expert_id == writer_id
