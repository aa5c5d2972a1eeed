"""Machines of the casebook."""

from django.utils.translation import gettext_lazy as _

from core.states import Machine, State, Transition

PROPOSAL = Machine(
    name="proposal",
    initial="proposed",
    states={
        "proposed": State(_("Proposed"), "sent", "blue"),
        "consent_missing": State(_("Waiting for consent"), "wait", "amber"),
        "releasing": State(_("Being de-identified"), "half", "blue"),
        "accepted": State(_("Accepted"), "done", "green"),
        "rejected": State(_("Rejected"), "stopped", "red"),
        "withdrawn": State(_("Withdrawn"), "stopped", "red"),
    },
    transitions=(
        Transition("wait_for_consent", ("proposed",), "consent_missing"),
        Transition("release", ("proposed", "consent_missing"), "releasing"),
        Transition("accept", ("releasing",), "accepted"),
        Transition("reject", ("proposed", "consent_missing", "releasing"), "rejected"),
        Transition("withdraw", ("proposed", "consent_missing", "releasing", "accepted"), "withdrawn"),
    ),
)

CASE_VERSION = Machine(
    name="case_version",
    initial="draft",
    states={
        "draft": State(_("Draft"), "draft", "grey"),
        "in_review": State(_("In review"), "p75", "blue"),
        "published": State(_("Published"), "done", "green"),
        "retired": State(_("Retired"), "stopped", "grey"),
        "withdrawn": State(_("Withdrawn"), "stopped", "red"),
    },
    transitions=(
        Transition("freeze", ("draft",), "in_review"),
        Transition("send_back", ("in_review",), "retired"),
        Transition("take_back", ("in_review",), "draft"),
        Transition("publish", ("in_review",), "published"),
        Transition("retire", ("published",), "retired"),
        Transition("withdraw", ("draft", "in_review", "published", "retired"), "withdrawn"),
    ),
)
