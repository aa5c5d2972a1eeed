"""The Celery application. Tasks only carry ids; what must not be lost is a row in `core.jobs` or `core.outbox`."""

import atexit
import os
from threading import Event, Thread
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")  # a demo names its own

LAST_SEAL = 10.0  # seconds

app = Celery("xinglin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["core.jobs", "core.outbox"])
app.conf.beat_schedule = {
    "deliver-events": {"task": "core.outbox.deliver", "schedule": 5.0},
    "reap-jobs": {"task": "core.jobs.reap", "schedule": 10.0},
    "worker-seen": {"task": "config.worker_seen", "schedule": 10.0},
    "watch-consult-clocks": {"task": "consult_bridge.watch_clocks", "schedule": 60.0},
    "sweep-drafts": {"task": "consult_bridge.sweep", "schedule": 3600.0},
    "begin-scheme-versions": {"task": "credits.begin_versions", "schedule": 1800.0},
    "release-lapsed-reviewers": {"task": "peer_review.release_lapsed", "schedule": 600.0},
    "trim-rendered-frames": {"task": "media_pipeline.trim_rendered", "schedule": 300.0},
}


@worker_init.connect
@beat_init.connect
def start_only_with_keys(**_signal: Any) -> None:
    """Celery logs what a signal's receiver raises and goes on; only SystemExit ends it."""
    from config.starting import refuse_without_keys

    try:
        refuse_without_keys()
    except ImproperlyConfigured as refused:
        raise SystemExit(str(refused)) from refused


@worker_ready.connect
def find_lost_work(**_signal: Any) -> None:
    """A worker that starts may follow a killed one: what that one held or had been told is looked for at once."""
    app.send_task("core.jobs.reap", kwargs={"is_fresh": True})
    app.send_task("core.outbox.deliver")
    app.send_task("media_pipeline.trim_rendered")


@beat_init.connect
def seal_beside_the_clock(**_signal: Any) -> None:
    """There is exactly one beat, and no long job ever stands before it: it seals the audit trail itself."""
    from core.audit.keeping import keep_sealing

    end = Event()
    sealer = Thread(target=keep_sealing, args=(end,), name="audit-sealer", daemon=True)
    sealer.start()
    atexit.register(_seal_at_last, sealer, end)


def _seal_at_last(sealer: Thread, end: Event) -> None:
    """A beat that is stopped in good order seals once more. A database that does not answer holds it no longer."""
    end.set()
    sealer.join(LAST_SEAL)
