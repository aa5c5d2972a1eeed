"""Durable work of directory."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from core.jobs import A_DAY, job
from directory.models import Invitation
from directory.selectors import address_of
from directory.services import addresses, invitations


@job("directory.send_invitation", retry_for=A_DAY)
def send_invitation(context: Any, *, invitation_id: str) -> dict[str, Any]:
    """Sends an invitation that was not sent yet. A repeated run after a crash may send it twice, with the same link."""
    now = context.now()
    invitation = Invitation.objects.select_related("organisation").get(pk=UUID(invitation_id))
    if invitation.sent_at is not None or invitation.accepted_at is not None:
        return {"sent": False}
    with translation.override(settings.LANGUAGE_CODE):
        invitations.send(invitation, now)
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=now)
    return {"sent": True}


@job("directory.tell_former_address", retry_for=A_DAY)
def tell_former_address(context: Any, *, person_id: str, kind: str, sealed: str) -> dict[str, Any]:
    """Tells an address that it no longer signs in. The address travels sealed: a job row is read by more people."""
    reached = address_of(UUID(person_id))
    with translation.override((reached and reached.language) or settings.LANGUAGE_CODE):
        addresses.send_farewell(kind=kind, address=addresses.unseal(sealed), now=context.now())
    return {"sent": True}
