"""Every table of core, gathered for Django."""

from core.audit.models import AuditEntry, AuditSeal
from core.jobs.models import Job
from core.keys.models import RootKeyRecord
from core.notify.models import Notification
from core.outbox.models import InboxReceipt, OutboxEvent
from core.search.models import SearchAudience, SearchEntry

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "InboxReceipt",
    "Job",
    "Notification",
    "OutboxEvent",
    "RootKeyRecord",
    "SearchAudience",
    "SearchEntry",
]
