"""A report or an opinion was corrected after its texts had been taken for teaching: the case's editors are told to
look."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from casebook.models import Proposal, TeachingCase
from casebook.services.proposing import audit_proposal, locked_proposal
from consult_bridge import api as consult_bridge
from core.actor import SYSTEM, Actor
from core.notify import notify

MATTERING = ("releasing", "accepted")


def note_amendment(*, document_id: UUID, now: datetime) -> None:
    """Mark the proposals whose material holds what this report or opinion corrected; a first one corrects
    nothing."""
    releases = consult_bridge.outdated_releases(document_id)
    with transaction.atomic():
        rows = Proposal.unscoped.select_for_update(of=("self",)).select_related("organisation")
        marked = list(rows.filter(release_id__in=releases, state__in=MATTERING))
        for proposal in marked:
            proposal.report_amended_at = now
            proposal.save(update_fields=["report_amended_at"])
            audit_proposal("case.report_amended", SYSTEM, proposal, now)
        _tell_editors({proposal.release_id for proposal in marked if proposal.release_id}, document_id, now)


def _tell_editors(release_ids: set[UUID], document_id: UUID, now: datetime) -> None:
    """Those who wrote in the case; before there is one, the desk shows it to all."""
    writers = TeachingCase.editors.through.objects.filter(teachingcase__release_id__in=release_ids)
    notify(
        person_ids=writers.values_list("person_id", flat=True),
        kind="casebook.report_amended",
        params={},
        url=reverse("casebook:desk"),
        now=now,
        key=f"report-amended-{document_id}",
    )


def settle_amendment(*, actor: Actor, proposal_id: UUID, now: datetime) -> None:
    """An editor looked: the case is right, or is being put right. A second click finds it settled.

    Raises Forbidden, CaseNotFound.
    """
    actor.require("case.edit")
    with transaction.atomic():
        proposal = locked_proposal(actor, proposal_id)
        if proposal.report_amended_at is None:
            return
        proposal.report_amended_at = None
        proposal.save(update_fields=["report_amended_at"])
        audit_proposal("case.amendment_settled", actor, proposal, now)
