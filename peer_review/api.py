"""The door of peer_review. See docs/interfaces/peer-review.md."""

from peer_review.contracts import Candidate, ReviewBlock, RoundProgress
from peer_review.errors import ReviewNotFound
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
from peer_review.subjects import register_subject

__all__ = [
    "Candidate",
    "ReviewBlock",
    "ReviewNotFound",
    "RoundProgress",
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
    "reviewers_now",
    "submit_report",
    "withdraw_parts",
    "withdraw_subject",
]
