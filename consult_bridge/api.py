"""The door of consult_bridge."""

from __future__ import annotations

from consult_bridge.contracts import CaseFacts, ProposableConsult
from consult_bridge.errors import ConsentMissing
from consult_bridge.selectors.reports import outdated_releases
from consult_bridge.services.answering import accept, hand_back, start_drafting
from consult_bridge.services.closing import close_consult
from consult_bridge.services.consent import record_consent, withdraw_consent
from consult_bridge.services.critical import acknowledge as acknowledge_critical_value
from consult_bridge.services.giving_up import give_up_correction, give_up_report
from consult_bridge.services.opinions import (
    amend_opinion,
    return_opinion,
    save_opinion,
    sign_opinion,
    submit_opinion,
    take_over_opinion,
)
from consult_bridge.services.reports import (
    amend_report,
    return_report,
    save_report,
    sign_report,
    submit_report,
    take_over_report,
)
from consult_bridge.services.submitting import cancel_consult, submit_consult, supply_information
from consult_bridge.services.taking_back import take_back_opinion, take_back_report
from consult_bridge.services.teaching import (
    PATIENT_TEXT,
    REASON_TEXT,
    consented_consults,
    count_like,
    is_proposable,
    propose_for_teaching,
    read_proposable,
    release_for_teaching,
)
from consult_bridge.services.triage import assign, decline, request_information, start_triage
from consult_bridge.vocabulary import SPECIALTIES

__all__ = [
    "PATIENT_TEXT",
    "REASON_TEXT",
    "SPECIALTIES",
    "CaseFacts",
    "ConsentMissing",
    "ProposableConsult",
    "accept",
    "acknowledge_critical_value",
    "amend_opinion",
    "amend_report",
    "assign",
    "cancel_consult",
    "close_consult",
    "consented_consults",
    "count_like",
    "decline",
    "give_up_correction",
    "give_up_report",
    "hand_back",
    "is_proposable",
    "outdated_releases",
    "propose_for_teaching",
    "read_proposable",
    "record_consent",
    "release_for_teaching",
    "request_information",
    "return_opinion",
    "return_report",
    "save_opinion",
    "save_report",
    "sign_opinion",
    "sign_report",
    "start_drafting",
    "start_triage",
    "submit_consult",
    "submit_opinion",
    "submit_report",
    "supply_information",
    "take_back_opinion",
    "take_back_report",
    "take_over_opinion",
    "take_over_report",
    "withdraw_consent",
]
