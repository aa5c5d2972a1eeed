"""The machines of this room as data: a consult and a written report (write, check, sign)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Machine, State, Transition

WAITS_FROM = ("in_triage", "assigned", "accepted", "scheduled", "in_session", "drafting")

CONSULT = Machine(
    name="consult",
    initial="draft",
    states={
        "draft": State(_("Draft"), "draft", "grey"),
        "submitted": State(pgettext_lazy("consult state", "Submitted"), "sent", "blue"),
        "in_triage": State(_("In triage"), "p25", "blue"),
        "awaiting_information": State(_("Awaiting information"), "wait", "amber"),
        "assigned": State(_("Assigned"), "p25", "blue"),
        "accepted": State(pgettext_lazy("consult state", "Accepted"), "p25", "blue"),
        "scheduled": State(_("Scheduled"), "half", "blue"),
        "in_session": State(_("In session"), "half", "blue"),
        "drafting": State(_("Writing the opinion"), "half", "blue"),
        "under_review": State(pgettext_lazy("consult", "Under review"), "p75", "blue"),
        "signed": State(_("Opinion signed"), "done", "green"),
        "closed": State(pgettext_lazy("consult state", "Closed"), "done", "grey"),
        "declined": State(pgettext_lazy("consult state", "Declined"), "stopped", "red"),
        "cancelled": State(pgettext_lazy("consult", "Cancelled"), "stopped", "grey"),
        "expired": State(_("Expired"), "trouble", "red"),
    },
    transitions=(
        Transition("submit", ("draft",), "submitted"),
        Transition("start_triage", ("submitted",), "in_triage"),
        Transition("assign", ("in_triage", "assigned", "accepted", "scheduled"), "assigned"),
        Transition("request_information", WAITS_FROM, "awaiting_information"),
        *(Transition(f"resume_{state}", ("awaiting_information",), state) for state in WAITS_FROM),
        Transition("accept", ("assigned",), "accepted"),
        Transition("hand_back", ("assigned", "accepted", "scheduled"), "in_triage"),
        Transition("schedule", ("accepted", "scheduled"), "scheduled"),
        Transition("start_session", ("accepted", "scheduled"), "in_session"),
        Transition("start_drafting", ("accepted", "scheduled", "in_session"), "drafting"),
        Transition("submit_opinion", ("drafting",), "under_review"),
        Transition("return_opinion", ("under_review",), "drafting"),
        Transition("take_back_opinion", ("under_review",), "drafting"),
        Transition("sign", ("under_review", "drafting"), "signed"),
        Transition("close", ("signed",), "closed"),
        Transition("decline", ("submitted", "in_triage", "assigned"), "declined"),
        Transition(
            "cancel",
            ("draft", "submitted", "in_triage", "awaiting_information", "assigned", "accepted", "scheduled"),
            "cancelled",
        ),
        Transition("expire", ("awaiting_information",), "expired"),
    ),
)

REPORT = Machine(
    name="report",
    initial="drafting",
    states={
        "drafting": State(_("Being written"), "half", "blue"),
        "under_review": State(pgettext_lazy("consult", "Under review"), "p75", "blue"),
        "returned": State(_("Returned to the writer"), "wait", "amber"),
        "signed": State(pgettext_lazy("report state", "Signed"), "done", "green"),
        "amended": State(_("Amended"), "done", "amber"),
        "given_up": State(pgettext_lazy("report state", "Given up"), "stopped", "grey"),
    },
    transitions=(
        Transition("save", ("drafting", "returned"), "drafting"),
        Transition("submit", ("drafting", "returned"), "under_review"),
        Transition("return", ("under_review",), "returned"),
        Transition("take_back", ("under_review",), "drafting"),
        Transition("sign", ("under_review", "drafting"), "signed"),
        Transition("amend", ("signed",), "amended"),
        Transition("give_up", ("drafting", "returned"), "given_up"),
        Transition("begin_again", ("given_up",), "drafting"),
    ),
)

CRITICAL_VALUE = Machine(
    name="critical_value",
    initial="awaiting",
    states={
        "awaiting": State(_("Critical value, to be acknowledged"), "trouble", "red"),
        "acknowledged": State(_("Critical value acknowledged"), "done", "green"),
        "withdrawn": State(_("Critical value not confirmed"), "stopped", "grey"),
    },
    transitions=(
        Transition("acknowledge", ("awaiting",), "acknowledged"),
        Transition("withdraw", ("awaiting", "acknowledged"), "withdrawn"),
    ),
)

ENDED = frozenset({"closed", "declined", "cancelled", "expired"})
"""No clock runs and nothing more is expected of anybody."""

OPEN = frozenset(CONSULT.states) - ENDED - {"draft"}
ANSWERING = frozenset({"accepted", "scheduled", "in_session", "drafting", "under_review"})
TRIAGE = frozenset({"submitted", "in_triage"})
REPORTING = ANSWERING | {"signed"}
"""An imaging report may be begun: the images are shared with the receiving hospital."""
FINISHING = REPORTING | {"closed"}
"""A report that was begun is finished, and a signed report or opinion corrected, even after the requester closed the
consult."""

UNDER_WAY = frozenset({"drafting", "returned", "under_review"})
"""A written document that somebody still has to write, check or sign."""

STEPS = (
    ("submitted", pgettext_lazy("consult step", "Submitted")),
    ("in_triage", _("Triage")),
    ("accepted", pgettext_lazy("consult step", "Accepted")),
    ("drafting", _("In consultation")),
    ("under_review", pgettext_lazy("consult step", "Review")),
    ("signed", pgettext_lazy("consult step", "Signed")),
    ("closed", pgettext_lazy("consult step", "Closed")),
)
"""The seven steps of the stepper; a state that stands between two counts as the one before it."""

STEP_OF = {
    "draft": -1,
    "submitted": 0,
    "in_triage": 1,
    "assigned": 1,
    "awaiting_information": 1,
    "accepted": 2,
    "scheduled": 2,
    "in_session": 3,
    "drafting": 3,
    "under_review": 4,
    "signed": 5,
    "closed": 6,
    "declined": 1,
    "cancelled": 0,
    "expired": 1,
}
