"""The door of credits."""

from credits.contracts import Transcript, Verification
from credits.selectors import transcript_of_year as get_transcript
from credits.selectors import verification as verify_certificate
from credits.services.certifying import revoke_certificate
from credits.services.crediting import reverse_entry

__all__ = [
    "Transcript",
    "Verification",
    "get_transcript",
    "reverse_entry",
    "revoke_certificate",
    "verify_certificate",
]
