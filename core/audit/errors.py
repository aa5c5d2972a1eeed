"""What the audit trail may raise."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict


class AuditIsAppendOnly(Conflict):
    """Somebody tried to change or delete an entry or a seal through the ORM."""

    code = "audit_is_append_only"
    message = _("The audit trail is never changed or deleted.")
    next_step = _("Correct the matter itself; the correction is recorded as an entry of its own.")
