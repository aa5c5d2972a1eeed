"""Schemes, the ledger and certificates."""

from credits.models.certificate import Certificate, CertificateDocument
from credits.models.ledger import CreditActivity, CreditEntry
from credits.models.scheme import Cycle, Requirement, Scheme, SchemeVersion

__all__ = [
    "Certificate",
    "CertificateDocument",
    "CreditActivity",
    "CreditEntry",
    "Cycle",
    "Requirement",
    "Scheme",
    "SchemeVersion",
]
