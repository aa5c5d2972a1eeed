"""What can go wrong with credits and certificates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid, NotFound, Unavailable, XinglinError


class EntryNotFound(NotFound):
    code = "credit_entry_not_found"
    message = _("This credit entry was not found.")


class CertificateNotFound(NotFound):
    code = "certificate_not_found"
    message = _("No certificate has this number.")
    next_step = _("Check the letter O and the digit 0. The code printed on the certificate cannot be mistyped.")


class LedgerIsAppendOnly(Conflict):
    """Nothing in the ledger is changed or deleted; the database refuses it too."""

    code = "ledger_is_append_only"
    message = _("A credit entry cannot be changed.")
    next_step = _("Reverse it by a second entry.")


class AlreadyReversed(Conflict):
    code = "already_reversed"
    message = _("This entry was reversed before.")
    next_step = _("Look at the entry that reverses it.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = _("Say why. The reason stands in the ledger.")


class TooManyChecks(XinglinError):
    """Verification is open to everybody, so it is limited for each address."""

    code = "too_many_checks"
    status = 429
    message = _("Too many certificates were checked from your network within a minute.")
    next_step = _("Wait a minute and check again.")


class CertificateRevoked(Conflict):
    """No new copy of a revoked certificate is handed out."""

    code = "certificate_revoked"
    message = _("This certificate was revoked, so there is no document to download.")
    next_step = _("Its page says when and why. Ask the issuing authority if you think this is a mistake.")


class DocumentNotReady(Unavailable):
    code = "document_not_ready"
    message = _("The document is still being made.")
    next_step = _("Open the certificate again in a few seconds.")


class NobodyToRemind(Conflict):
    code = "nobody_to_remind"
    message = _("None of the people chosen is short of credits now.")
    next_step = _("Open the list again; somebody may have passed a course meanwhile.")


class SchemeUnreadable(Invalid):
    """Nothing of it was installed."""

    code = "scheme_unreadable"
    message = _("%(file)s is no credit scheme (%(what)s). Nothing of it was installed.")
    next_step = _("Compare it with credits/schemes/qingjiang.json.")


class SchemeBesideAnother(Conflict):
    """Of two schemes with the same reach, their codes in the alphabet would say which one counts."""

    code = "scheme_beside_another"
    message = _("The credit scheme %(code)s covers the same people already. Nothing was installed.")
    next_step = _(
        "Give a new version of it the code %(code)s, or say in the file which organisation the scheme is for."
    )
