"""The words of what is recorded here, for those who read the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit.words import Family, register_words
from peer_review.states import Verdict

ACTIONS = {
    Family.WRITTEN: {
        "review.opened": _("Opened a round of review"),
        "review.reviewer_named": _("Named a reviewer"),
        "review.conflict_declared": _("Declared a conflict of interest"),
        "review.commented": _("Wrote a comment in a review"),
        "review.answered": _("Answered a comment in a review"),
        "review.comment_resolved": _("Marked a comment as resolved"),
        "review.naming_set": _("Chose whether to be named as reviewer"),
    },
    Family.WITHDRAWN: {
        "review.reviewer_lapsed": _("A reviewer’s assignment lapsed"),
        "review.cancelled": _("Cancelled a round of review"),
        "review.subject_withdrawn": _("Ended a review: what was reviewed is withdrawn"),
        "review.remarks_withdrawn": _("Emptied remarks of a review: what they were about is withdrawn"),
    },
    Family.SIGNED: {
        "review.reported": _("Gave a review report"),
    },
}
FACTS = {
    "comment": pgettext_lazy("audit", "Comment"),
    "hash": pgettext_lazy("audit", "Fingerprint"),
    "named": pgettext_lazy("audit", "Named"),
    "reviewers": pgettext_lazy("audit", "Reviewers"),
    "round": pgettext_lazy("audit", "Round of review"),
    "verdict": pgettext_lazy("audit", "Verdict"),
}
VALUES = {"verdict": dict(Verdict.choices)}


def register() -> None:
    register_words(actions=ACTIONS, facts=FACTS, values=VALUES)
