"""What a machine's key may be for, as data: each scope names the permissions that it lets through.

A scope never adds a right: the bearer has what its person's grants give, cut down to these.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

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

#: Scopes behind which a door stands today; the page for new keys offers no other.
SERVED = ("dicomweb",)

#: What each scope is for, in words.
LABELS: dict[str, str | Promise] = {
    "dicomweb": pgettext_lazy("scope", "DICOMweb: send and read images"),
    "fhir": pgettext_lazy("scope", "FHIR: patients, consults and referrals of a record system"),
    "hl7": pgettext_lazy("scope", "HL7: patients, orders and results of a hospital system"),
    "xapi": pgettext_lazy("scope", "xAPI: learning records"),
    "lti": pgettext_lazy("scope", "LTI: courses in another platform"),
    "api": pgettext_lazy("scope", "API: consults, referrals and figures"),
}
