"""The state of a consult as a list draws it for one reader."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from consult_bridge import policies
from consult_bridge.models import Consult
from consult_bridge.states import CONSULT
from core.actor import Actor
from core.ui.registry import Chip


def chip_of(actor: Actor, consult: Consult) -> Chip:
    """In apricot, with the verb, where this reader is the next to act."""
    if policies.may_accept(actor, consult):
        return Chip(_("For me to accept"), "next", "apricot")
    if getattr(consult, "has_report_to_check", False) and consult.state != "under_review":
        return Chip(_("Imaging report for review"), "next", "apricot")
    if getattr(consult, "has_correction_to_check", False):
        return Chip(_("Correction for review"), "next", "apricot")
    has_written = getattr(consult, "has_written", False)
    if consult.state == "under_review" and not has_written and policies.checks(actor, consult):
        return Chip(_("For review"), "next", "apricot")
    return Chip.of(CONSULT, consult.state)
