"""The door of the casebook."""

from __future__ import annotations

from uuid import UUID

from casebook import selectors
from casebook.contracts import CaseCard, CaseVersionFacts
from casebook.errors import CaseNotFound
from casebook.models import Proposal
from casebook.services.curating import save_draft, start_new_version
from casebook.services.proposing import accept_proposal, propose, reject_proposal
from casebook.services.publishing import freeze_version, publish_version, retire_version
from core.actor import SYSTEM, Actor
from core.errors import Forbidden

get_case_version = selectors.version_facts
get_case_versions = selectors.version_facts_many


def list_published_cases(actor: Actor) -> list[CaseCard]:
    """Cards of every published case, for somebody who is signed in. Raises Forbidden."""
    if not actor.is_signed_in:
        raise Forbidden
    return [selectors.card(version) for version in selectors.published_versions(actor)]


def is_published(version_id: UUID) -> bool:
    return selectors.published_versions(SYSTEM).filter(pk=version_id).exists()


def release_of(proposal_id: UUID) -> UUID:
    """The release that a proposal started. Raises CaseNotFound while there is none."""
    release_id = Proposal.unscoped.filter(pk=proposal_id).values_list("release_id", flat=True).first()
    if release_id is None:
        raise CaseNotFound
    return release_id


__all__ = [
    "CaseCard",
    "CaseVersionFacts",
    "accept_proposal",
    "freeze_version",
    "get_case_version",
    "get_case_versions",
    "is_published",
    "list_published_cases",
    "propose",
    "publish_version",
    "reject_proposal",
    "release_of",
    "retire_version",
    "save_draft",
    "start_new_version",
]
