"""Every Celery task and every job of core, gathered for autodiscovery."""

from core.jobs.tasks import reap, run
from core.notify.tasks import send_outside
from core.outbox.tasks import deliver_due, deliver_event
from core.search.tasks import follow

__all__ = ["deliver_due", "deliver_event", "follow", "reap", "run", "send_outside"]
