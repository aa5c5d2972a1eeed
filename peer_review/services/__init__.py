from peer_review.services.commenting import answer_comment, resolve_comment, write_comment
from peer_review.services.opening import cancel_round, open_round
from peer_review.services.reporting import declare_conflict, save_report, set_naming, submit_report
from peer_review.services.staffing import name_reviewer, release_lapsed
from peer_review.services.withdrawing import withdraw_parts, withdraw_subject

__all__ = [
    "answer_comment",
    "cancel_round",
    "declare_conflict",
    "name_reviewer",
    "open_round",
    "release_lapsed",
    "resolve_comment",
    "save_report",
    "set_naming",
    "submit_report",
    "withdraw_parts",
    "withdraw_subject",
    "write_comment",
]
