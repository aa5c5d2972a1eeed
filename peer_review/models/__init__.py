from peer_review.models.assignment import Assignment, ReviewComment, ReviewReport
from peer_review.models.review_round import Decision, ReviewRound

__all__ = ["Assignment", "Decision", "ReviewComment", "ReviewReport", "ReviewRound"]
