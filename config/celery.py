"""The Celery application. Tasks only carry ids; what must not be lost is a row in `core.jobs` or `core.outbox`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("xinglin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["core.jobs", "core.outbox", "core.audit"])
app.conf.beat_schedule = {
    "deliver-events": {"task": "core.outbox.deliver", "schedule": 5.0},
    "reap-jobs": {"task": "core.jobs.reap", "schedule": 10.0},
    "worker-seen": {"task": "config.worker_seen", "schedule": 10.0},
    "seal-audit": {"task": "core.audit.seal", "schedule": 1.0},
    "watch-consult-clocks": {"task": "consult_bridge.watch_clocks", "schedule": 60.0},
}
