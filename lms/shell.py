"""What lms shows in the shell: its area, and the units that wait for a learner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms import api as cms
from core.actor import Actor
from core.ui.registry import Chip, NavigationItem, Panel, TaskItem, register_navigation, register_panel, register_tasks
from lms import selectors
from lms.presenting import outline
from lms.states import ENROLMENT

SHOWN = 5
LEARNING = 7  # behind every patient-facing task


def learning_tasks(actor: Actor, now: datetime) -> Iterator[TaskItem]:
    """The next unit of each course that the actor has begun or enrolled in, newest first, five at most."""
    if not actor.is_signed_in:
        return
    rows = list(selectors.my_enrolments(actor).filter(state__in=("enrolled", "in_progress"))[:SHOWN])
    overlays = cms.get_overlays(row.edition_id for row in rows) if rows else {}
    for enrolment in rows:
        edition = cms.get_edition(enrolment.edition_id)
        shown = outline(edition, enrolment.progress, overlays[edition.id].voids)
        number = shown.next_number
        yield TaskItem(
            title=edition.title,
            url=reverse("lms:unit", args=[enrolment.pk, number])
            if number
            else reverse("lms:course", args=[enrolment.pk]),
            action=_("Go on learning"),
            meta=(
                _("Unit %(n)s of %(total)s") % {"n": number or shown.total, "total": shown.total},
                f"{enrolment.progress.percent}%",
            ),
            chip=Chip.of(ENROLMENT, enrolment.state),
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
