"""What a machine's key may be for, as data: each scope names the permissions that it lets through.

A scope never adds a right: the bearer has what its person's grants give, cut down to these.
"""

from __future__ import annotations

SCOPES: dict[str, frozenset[str]] = {
    "dicomweb": frozenset({"imaging.view", "imaging.upload", "teaching.view"}),
    "fhir": frozenset({"consult.request", "consult.view", "referral.request", "patient.edit", "imaging.view"}),
    "hl7": frozenset({"patient.edit", "referral.request", "imaging.upload"}),
    "xapi": frozenset(),
    "lti": frozenset(),
    "api": frozenset(
        {"consult.request", "consult.view", "consult.message", "referral.request", "training.manage", "supervise.view"}
    ),
}
