"""Talk inside a consult."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.models import ConsultMessage, ConsultThread
from consult_bridge.notices import tell
from consult_bridge.services.moving import lock_consult, record, require
from core import threads
from core.actor import Actor


def post_message(*, actor: Actor, consult_id: UUID, message_id: UUID, text: str, now: datetime) -> None:
    """Add a message under the key its form minted, so that a double click posts once.

    Raises ConsultNotFound, Forbidden, and what `core.threads.post_message` raises.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.takes_part(actor, consult, "consult.message"))
        thread, _is_new = ConsultThread.objects.get_or_create(consult=consult, defaults={"created_at": now})
        _message, is_new = threads.post_message(
            ConsultMessage, thread=thread, author_id=actor.person_id, body=text, now=now, message_id=message_id
        )
        if not is_new:
            return
        record(consult, "consult.message_posted", actor=actor, now=now)
        people = {consult.requester_id, consult.expert_id, consult.coordinator_id} - {actor.person_id}
        tell(people, "consult.message", consult, now=now, key=f"message:{message_id}")
