"""The machines of a review round and of one reviewer's part in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Machine, State, Transition

LEAST = 2
"""Reports that a round needs at least, whatever it was opened for."""

ROUND = Machine(
    name="review_round",
    initial="open",
    states={
        "open": State(_("Under review"), "p75", "blue"),
        "decided": State(_("Decided"), "done", "green"),
        "cancelled": State(_("Cancelled"), "stopped", "grey"),
    },
    transitions=(
        Transition("decide", ("open",), "decided"),
        Transition("cancel", ("open",), "cancelled"),
    ),
)

ASSIGNMENT = Machine(
    name="review_assignment",
    initial="assigned",
    states={
        "assigned": State(_("Waiting for my review"), "next", "apricot"),
        "drafting": State(_("Review begun"), "half", "apricot"),
        "submitted": State(_("Review submitted"), "done", "green"),
        "conflicted": State(_("Conflict declared"), "stopped", "grey"),
        "released": State(_("No longer needed"), "stopped", "grey"),
    },
    transitions=(
        Transition("save", ("assigned", "drafting"), "drafting"),
        Transition("submit", ("assigned", "drafting"), "submitted"),
        Transition("declare_conflict", ("assigned", "drafting"), "conflicted"),
        Transition("release", ("assigned", "drafting"), "released"),
    ),
)


class Verdict(models.TextChoices):
    APPROVE = "approve", pgettext_lazy("review", "Approve")
    CHANGES = "changes", _("Send back for changes")
    REJECT = "reject", _("Do not approve")


class Outcome(models.TextChoices):
    APPROVED = "approved", pgettext_lazy("review", "Approved")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("review", "Changes requested")
    REJECTED = "rejected", _("Not approved")
