"""The door of peer_review. See docs/interfaces/peer-review.md."""

from peer_review.contracts import Candidate, ReviewBlock, RoundProgress, RoundStanding
from peer_review.errors import ReviewNotFound, ReviewWentOn
from peer_review.selectors import (
    are_asked_among,
    assignment_of,
    candidates,
    comments_of,
    get_round,
    manifest_before,
    named_reviewers,
    progress_of,
    reviewers_now,
)
from peer_review.services import (
    answer_comment,
    cancel_round,
    open_round,
    submit_report,
    withdraw_parts,
    withdraw_subject,
)
from peer_review.standing import require_seen, standing_of
from peer_review.subjects import register_subject

__all__ = [
    "Candidate",
    "ReviewBlock",
    "ReviewNotFound",
    "ReviewWentOn",
    "RoundProgress",
    "RoundStanding",
    "answer_comment",
    "are_asked_among",
    "assignment_of",
    "cancel_round",
    "candidates",
    "comments_of",
    "get_round",
    "manifest_before",
    "named_reviewers",
    "open_round",
    "progress_of",
    "register_subject",
    "require_seen",
    "reviewers_now",
    "standing_of",
    "submit_report",
    "withdraw_parts",
    "withdraw_subject",
]
