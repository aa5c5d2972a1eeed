"""Who may see the images of a case's release: its editors, its reviewers, and from publication on whoever is signed in.

The rows are media_pipeline's; they are written here, in the transaction of what gives or takes the right.
"""

from __future__ import annotations

from datetime import datetime

from casebook.models import CaseVersion, Proposal
from core.actor import SIGNED_IN, organisation_token, person_token
from directory import api as directory
from media_pipeline import api as media
from peer_review import api as peer_review

EDITING, READING = "editing", "reading"


def admit_editors(proposal: Proposal, now: datetime) -> None:
    """The desks on which the proposal lies: of its organisation and of each above. Seen once the release is open."""
    holders = [organisation_token(pk) for pk in directory.ancestors_of(proposal.organisation_id)]
    media.admit(release_ids=_one(proposal), holders=holders, purpose=EDITING, now=now)


def admit_reviewers(version: CaseVersion, now: datetime) -> None:
    """Those who review the version at this moment; none once its round is decided or called off.

    Like the review's own page, the rows count only while their holder may review cases somewhere.
    """
    if version.round_id is None:
        return
    holders = [person_token(person_id) for person_id in peer_review.reviewers_now(version.round_id)]
    purpose = f"review:{version.round_id}"
    right = media.Right("case.review")
    media.admit_only(release_ids=[version.release_id], holders=holders, purpose=purpose, right=right, now=now)


def admit_readers(version: CaseVersion, now: datetime) -> None:
    media.admit(release_ids=[version.release_id], holders=[SIGNED_IN], purpose=READING, now=now)


def dismiss_readers(version: CaseVersion) -> None:
    """What was published is retired. Learners of a course that shows it have rows of their own."""
    media.dismiss(release_ids=[version.release_id], purpose=READING)


def _one(proposal: Proposal) -> list:
    return [] if proposal.release_id is None else [proposal.release_id]
