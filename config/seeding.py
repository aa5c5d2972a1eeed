"""The demo's province and its twelve months of history: every app's seed, in the order of the rooms, once.

An app that has history to tell offers `<app>.seed.seed(*, rng, province, now)`. Each runs in one transaction together
with its stamp, with a random source of its own, so that one app's figures don't move when another's seed changes, and
an interrupted seeding continues where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from random import Random

from django.db import transaction
from django.utils import timezone

from directory import seed as directory_seed
from directory.models import SeedStamp

SEED = 20260101
HISTORIES = (
    "consult_bridge.seed",
    "media_pipeline.seed",
    "casebook.seed",
    "assessment.seed",
    "peer_review.seed",
    "cms.seed",
    "lms.seed",
    "credits.seed",
    "config.seed",
)


def reference_moment(clock: datetime) -> datetime:
    """The clock's last whole hour: what stands on the desks is hours old, and two seedings in one hour are equal."""
    return timezone.localtime(clock).replace(minute=0, second=0, microsecond=0)


def seed_all(now: datetime) -> Iterator[tuple[str, bool]]:
    """Seeds what is not seeded yet and yields (app, whether it was written now).

    A stamp found in the database fixes the history's last day: a continued seeding keeps to it, whatever `now` says.
    """
    stamp = SeedStamp.objects.order_by("reference_now").first()
    now = stamp.reference_now if stamp else now
    yield "directory", _once("directory", now, lambda rng: directory_seed.seed(rng=rng, now=now))
    province = directory_seed.read_province()
    for name in HISTORIES:
        if find_spec(name) is None:
            continue
        app, history = name.partition(".")[0], import_module(name).seed
        yield app, _once(app, now, lambda rng, history=history: history(rng=rng, province=province, now=now))  # type: ignore[misc]


def _once(app: str, now: datetime, write: Callable[[Random], object]) -> bool:
    if SeedStamp.objects.filter(pk=app).exists():
        return False
    with transaction.atomic():
        write(Random(f"{SEED}:{app}"))  # noqa: S311 (reproducible figures, no secret)
        SeedStamp.objects.create(app=app, seed=SEED, reference_now=now)
    return True
