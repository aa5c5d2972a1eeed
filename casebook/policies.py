"""Who may do what to proposals, cases and versions. Each rule answers for one row and for a list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from casebook.models import CaseVersion, Proposal, TeachingCase
from casebook.states import CASE_VERSION, PROPOSAL
from core.actor import Actor

EDIT = frozenset({"case.edit"})
PUBLISH = frozenset({"case.publish"})
UNREVISABLE = ("withdrawn", "in_review")
UNDECIDED = ("proposed", "consent_missing", "releasing")


def may_decide(actor: Actor, proposal: Proposal) -> bool:
    """An editor of the organisation that answered the consult, or of one above it."""
    return PROPOSAL.allows(proposal.state, "reject") and actor.may("case.edit", proposal.organisation.path)


def decidable_by(actor: Actor) -> QuerySet[Any]:
    return Proposal.objects.visible_to(actor, EDIT).filter(state__in=UNDECIDED)


def may_edit(actor: Actor, version: CaseVersion) -> bool:
    return version.state == "draft" and actor.may("case.edit", version.case.organisation.path)


def editable_by(actor: Actor) -> QuerySet[Any]:
    return CaseVersion.objects.visible_to(actor, EDIT).filter(state="draft")


def may_revise(actor: Actor, case: TeachingCase) -> bool:
    """Start a new version; not of a case whose consent was withdrawn, nor beside a version in review or approved."""
    latest = case.versions.order_by("-number").values_list("state", flat=True).first()
    return latest not in {None, *UNREVISABLE} and actor.may("case.edit", case.organisation.path)


def revisable_by(actor: Actor) -> QuerySet[Any]:
    closed = CaseVersion.objects.visible_to(actor, EDIT).filter(state__in=UNREVISABLE).values("case")
    return TeachingCase.objects.visible_to(actor, EDIT).exclude(pk__in=closed)


def may_take_back(actor: Actor, version: CaseVersion) -> bool:
    return CASE_VERSION.allows(version.state, "take_back") and actor.may("case.edit", version.case.organisation.path)


def may_staff(actor: Actor, version: CaseVersion, author_ids: frozenset[UUID]) -> bool:
    """Name a reviewer for an empty place of its round: whoever publishes it, but for those who wrote in it."""
    return actor.person_id not in author_ids and actor.may("case.publish", version.case.organisation.path)


def may_publish(actor: Actor, version: CaseVersion) -> bool:
    is_approved = version.approved_at is not None and CASE_VERSION.allows(version.state, "publish")
    return is_approved and actor.may("case.publish", version.case.organisation.path)


def publishable_by(actor: Actor) -> QuerySet[Any]:
    return CaseVersion.objects.visible_to(actor, PUBLISH).filter(state="in_review", approved_at__isnull=False)


def may_retire(actor: Actor, version: CaseVersion) -> bool:
    return CASE_VERSION.allows(version.state, "retire") and actor.may("case.publish", version.case.organisation.path)


def retirable_by(actor: Actor) -> QuerySet[Any]:
    return CaseVersion.objects.visible_to(actor, PUBLISH).filter(state="published")


def may_read(actor: Actor, version: CaseVersion) -> bool:
    """What is published is open to everybody who is signed in, while its release is."""
    return readable_by(actor).filter(pk=version.pk).exists()


def readable_by(actor: Actor) -> QuerySet[Any]:
    return CaseVersion.objects.readable_by(actor)
