"""What lms shows in the shell: its area, and the units that wait for a learner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.ui.registry import Chip, NavigationItem, Panel, TaskItem, register_navigation, register_panel, register_tasks
from lms import selectors
from lms.next_steps import next_steps
from lms.states import ENROLMENT

SHOWN = 5
LEARNING = 7  # behind every patient-facing task


def learning_tasks(actor: Actor, now: datetime) -> Iterator[TaskItem]:
    """The next step in each course that the actor has begun or enrolled in, newest first, five at most."""
    if not actor.is_signed_in:
        return
    rows = list(selectors.my_enrolments(actor).filter(state__in=("enrolled", "in_progress"))[:SHOWN])
    for step in next_steps(rows, now):
        yield TaskItem(
            title=step.title,
            url=step.url,
            action=step.action,
            meta=step.meta,
            chip=Chip.of(ENROLMENT, step.enrolment.state),
            urgency=LEARNING,
            icon="book-open",
        )


def register() -> None:
    """Called once per process from `AppConfig.ready`."""
    register_navigation(
        NavigationItem("learn", _("Learning"), "lms:my_courses", "graduation-cap", order=30, areas=("/learn/",))
    )
    register_tasks(learning_tasks)
    register_panel("home", Panel("learning", _("Where I was"), "lms:mine_panel", order=15))
    register_panel(
        "supervision",
        Panel("learning", _("Learning"), "lms:learning_panel", permission="supervise.view", order=40),
    )
