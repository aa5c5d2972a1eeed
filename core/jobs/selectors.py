"""What an administrator sees of jobs: those of the organisations that the actor's grants cover."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from core.actor import Actor
from core.jobs.models import Job


def failed_jobs(actor: Actor, permission: str) -> QuerySet[Job]:
    """Work that was given up, the newest first."""
    return jobs_of(actor, permission).filter(state="dead").order_by("-finished_at")


def jobs_of(actor: Actor, permission: str) -> QuerySet[Job]:
    """The work of the actor's organisations; the root's administrator sees also what belongs to none."""
    rows = Job.objects.all()
    paths = [grant.organisation_path for grant in actor.grants if permission in grant.permissions]
    if any(path.count("/") <= 1 for path in paths):
        return rows
    covered = Q(pk__in=())
    for path in paths:
        covered |= Q(organisation_path__startswith=path)
    return rows.filter(covered)
