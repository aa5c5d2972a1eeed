"""Close with feedback: the requester says what came of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consult_bridge import policies
from consult_bridge.errors import ImagesUndecided, TextsUnderWay
from consult_bridge.events import ConsultClosed
from consult_bridge.models import Consult, Feedback, Outcome
from consult_bridge.notices import tell
from consult_bridge.selectors.identities import undecided_ids
from consult_bridge.selectors.second_doctors import unsigned_texts
from consult_bridge.services import critical, sharing
from consult_bridge.services.moving import lock_consult, move, require, went_on
from core import outbox
from core.actor import Actor
from core.errors import Invalid


class FeedbackIncomplete(Invalid):
    code = "feedback_incomplete"
    message = _("Say what came of it, and how useful the opinion was from 1 to 5.")


def close_consult(
    *,
    actor: Actor,
    consult_id: UUID,
    outcome: str,
    usefulness: int,
    comment: str = "",
    under_way: Collection[UUID] = (),
    undecided: Collection[UUID] = (),
    now: datetime,
) -> None:
    """Close a signed consult; from now on only the owner keeps its view of the images, and whoever writes or checks a
    report or a correction that is not signed yet, until it is. A second click changes nothing.

    `under_way` are the ones of which the requester knows, `undecided` the studies that closing leaves out because it is
    open whose they are. Raises FeedbackIncomplete, CriticalValueWaits, TextsUnderWay, ImagesUndecided, ConsultWentOn,
    Forbidden.
    """
    if outcome not in Outcome.values or not 1 <= usefulness <= 5:
        raise FeedbackIncomplete
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.acts_for_requester(actor, consult, "consult.close"))
        given = Feedback.objects.filter(consult=consult, given_by=actor.person_id)
        if given.filter(outcome=outcome, usefulness=usefulness, comment=comment.strip()).exists():
            return
        _require_ready(actor, consult, {*under_way, *undecided})
        sharing.unshare_all(consult, now=now)
        move(consult, "close", actor=actor, now=now)
        sharing.share_unsigned(consult, now=now)
        Feedback.objects.create(
            consult=consult,
            outcome=outcome,
            usefulness=usefulness,
            comment=comment.strip(),
            given_by_id=actor.person_id,
            given_at=now,
        )
        outbox.publish(ConsultClosed(consult.pk), now=now)
        tell([consult.expert_id], "consult.closed", consult, now=now)


def _require_ready(actor: Actor, consult: Consult, known: set[UUID]) -> None:
    if not policies.may_close(actor, consult):
        raise went_on(consult)
    critical.require_all_acknowledged(consult)
    if {document.pk for document in unsigned_texts(consult)} - known:
        raise TextsUnderWay
    if set(undecided_ids(consult)) - known:
        raise ImagesUndecided
