"""What peer review adds to the shell: its place in the navigation, its tasks, its notification."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.notify import Kind, register_kind
from core.ui.registry import Chip, NavigationItem, Panel, TaskItem, register_navigation, register_panel, register_tasks
from peer_review import selectors
from peer_review.states import ASSIGNMENT, ROUND
from peer_review.subjects import subject_of


def count_to_do(actor: Actor, now: datetime) -> int:
    return selectors.mine_to_do(actor).count()


def tasks(actor: Actor, now: datetime) -> Iterable[TaskItem]:
    """Reviews that wait for this person."""
    for row in selectors.mine_to_do(actor)[:20]:
        yield TaskItem(
            title=row.round.title,
            meta=(subject_of(row.round.subject_kind).label,),
            url=reverse("peer_review:assignment", args=[row.pk]),
            action=_("Review"),
            chip=Chip.of(ASSIGNMENT, row.state),
            due_at=row.round.due_at,
            urgency=5,
            icon="message-square-text",
        )


def missing_reviewers(actor: Actor, now: datetime) -> Iterable[TaskItem]:
    """Rounds that wait until this person names somebody."""
    for row in selectors.rounds_without_reviewer(actor):
        yield TaskItem(
            title=row.title,
            meta=(subject_of(row.subject_kind).label, _("A reviewer is missing")),
            url=reverse("peer_review:staff_round", args=[row.pk]),
            action=_("Name a reviewer"),
            chip=Chip.of(ROUND, row.state),
            due_at=row.due_at,
            urgency=6,
            icon="message-square-text",
        )


def register() -> None:
    _register_kinds()
    register_navigation(
        NavigationItem(
            key="reviews",
            label=_("Reviews"),
            url_name="peer_review:desk",
            icon="message-square-text",
            order=60,
            permission="course.review",
            count=count_to_do,
        )
    )
    register_tasks(tasks)
    register_panel(
        "home",
        Panel(
            "reports_due", _("Reports due"), "peer_review:due_panel", permission="course.review", order=12, is_wide=True
        ),
    )
    register_tasks(missing_reviewers)


def _register_kinds() -> None:
    register_kind(
        Kind(
            name="peer_review.lapse_failed",
            subject=_("A review could not be cleared of a reviewer who lost the role."),
            body=_("The assignment is %(assignment)s; what went wrong stands in the log. It is tried again by itself."),
            channels={"app", "email"},
        )
    )
    register_kind(
        Kind(
            name="peer_review.reviewer_missing",
            subject=_("A reviewer is missing."),
            body=_("A reviewer of “%(title)s” left and nobody else is free. Name somebody: the round waits for it."),
            channels={"app", "email"},
        )
    )
    register_kind(
        Kind(
            name="peer_review.nobody_names",
            subject=_("A reviewer of your submission is missing."),
            body=_(
                "A reviewer of “%(title)s” left, nobody else is free, and all who lead the desk wrote it. Take it back "
                "and submit it again, or ask an administrator for another lead."
            ),
            channels={"app", "email"},
        )
    )
    register_kind(
        Kind(
            name="peer_review.assigned",
            subject=_("You are asked to review a submission."),
            body=_(
                "You were asked to review “%(title)s”. It is blind: you do not see who wrote it, its authors do not "
                "see which report is yours. Say so if you have a conflict of interest."
            ),
            channels={"app", "email"},
        )
    )
