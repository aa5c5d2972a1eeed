"""What a proposer, or the editors of a case, are told: fixed sentences, nothing of the patient or the case."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casebook.models import CaseVersion, Proposal
from core.notify import Kind, notify, register_kind

OUTSIDE = frozenset({"app", "email"})
KINDS = (
    Kind(
        name="casebook.accepted",
        subject=_("The editors took up a consult that you proposed for teaching."),
        body=_("They write a teaching case from it. You will be told when it is published."),
        channels=OUTSIDE,
    ),
    Kind(
        name="casebook.rejected",
        subject=_("The editors turned down a consult that you proposed for teaching."),
        body=_("Its material is closed. Their reason stands on the page of the proposal."),
        channels=OUTSIDE,
    ),
    Kind(
        name="casebook.release_refused",
        subject=_("A consult that you proposed for teaching was not released."),
        body=_("The officers who check its de-identification refused it, and its material is closed."),
        channels=OUTSIDE,
    ),
    Kind(
        name="casebook.published",
        subject=_("A teaching case from a consult that you proposed is published."),
        body=_("Whoever is signed in can read it now."),
        channels=OUTSIDE,
    ),
    Kind(
        name="casebook.report_amended",
        subject=_("An imaging report or an opinion behind a teaching case of yours was corrected."),
        body=_("The case was made from the text before. Look on the case desk, and say there that you have looked."),
        channels=OUTSIDE,
    ),
    Kind(
        name="casebook.withdrawn",
        subject=_("The teaching material of a consult that you proposed was withdrawn."),
        body=_("The consent was taken back, or something was found in it. Nothing made from it is shown any more."),
        channels=OUTSIDE,
    ),
)


def register() -> None:
    for kind in KINDS:
        register_kind(kind)


def tell_proposer(proposal: Proposal, what: str, *, now: datetime, url: str = "") -> None:
    """Each thing once, in the current transaction. Without `url` it leads to the page of the proposal."""
    notify(
        person_ids=[proposal.proposer_id],
        kind=f"casebook.{what}",
        params={},
        url=url or reverse("casebook:propose", args=[proposal.consult_id]),
        now=now,
        key=f"proposal-{proposal.pk}-{what}",
    )


def tell_of_publication(version: CaseVersion, *, now: datetime) -> None:
    """The first version of the case that is published; later ones are told to nobody."""
    url = reverse("casebook:case", args=[version.case_id])
    for proposal in Proposal.unscoped.filter(release_id=version.release_id):
        tell_proposer(proposal, "published", now=now, url=url)
