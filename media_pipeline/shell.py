"""What this room puts into the shell: its areas and what waits for a reader."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.actor import Actor
from core.ui.registry import Chip, NavigationItem, TaskItem, register_navigation, register_tasks
from media_pipeline.release import desk
from media_pipeline.states import RELEASE

MOST_TASKS = 10


def register() -> None:
    register_navigation(
        NavigationItem(
            key="deid",
            label=_("Pixel review"),
            url_name="media_pipeline:deid_list",
            icon="scan-eye",
            order=30,
            permission=desk.REVIEW,
            count=lambda actor, now: desk.count_waiting(actor),
        )
    )
    register_navigation(
        NavigationItem(
            key="imaging",
            label=pgettext_lazy("medical images", "Images"),
            url_name="media_pipeline:studies",
            icon="images",
            order=60,
            permission="imaging.upload",
            areas=("/imaging/",),
        )
    )
    register_tasks(tasks)


def tasks(actor: Actor, now: datetime) -> Iterable[TaskItem]:
    """Releases this reader has not confirmed."""
    if not actor.may(desk.REVIEW):
        return
    for release in desk.waiting_for(actor)[:MOST_TASKS]:
        yield TaskItem(
            title=_("Pixel review %(label)s") % {"label": release.label},
            url=reverse("media_pipeline:deid_release", args=[release.pk]),
            action=_("Look at the frames"),
            meta=(release.organisation.shown_name,),
            chip=Chip.of(RELEASE, release.state),
            started_at=release.created_at,
            icon="scan-eye",
        )
