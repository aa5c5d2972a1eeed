"""What cms adds to the shell: places in the navigation, the course desk's tasks, notifications."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms import policies, selectors
from cms.services import index
from cms.states import COURSE
from core.actor import Actor
from core.notify import Kind, register_kind
from core.search import SearchKind, register_rebuilder, register_search_kind
from core.ui.registry import Chip, NavigationItem, Panel, TaskItem, register_navigation, register_panel, register_tasks

MOST = 20
DESK = ("course.author", "course.publish")
ACTIONS = {
    "changes_requested": _("Read the reports"),
    "approved": _("Publish"),
}


def tasks(actor: Actor, now: datetime) -> Iterable[TaskItem]:
    """Courses that lost a case, those that wait for their authors, and approved ones for whoever may publish.

    Most people have no desk, and pay for none of it on their first screen.
    """
    if not any(actor.may(permission) for permission in DESK):
        return
    yield from _bereft(actor)
    to_submit = Q(state="changes_requested", pk__in=policies.writable_by(actor).values("pk"))
    to_publish = Q(state="approved", pk__in=policies.led_by(actor).values("pk"))
    for course in selectors.desk_list(actor, selectors.DeskFilters()).filter(to_submit | to_publish)[:MOST]:
        yield TaskItem(
            title=course.title,
            meta=(_("Course"), course.code),
            url=reverse("cms:course", args=[course.pk]),
            action=ACTIONS[course.state],
            chip=_chip_of(course.state),
            urgency=6,
            icon="book-open",
        )


def _chip_of(state: str) -> Chip:
    """An approved course waits for whoever publishes, and only they read it here as their own task."""
    shown = Chip.of(COURSE, state)
    return Chip(shown.label, "next", "apricot") if state == "approved" else shown


def _bereft(actor: Actor) -> Iterable[TaskItem]:
    """Learners meet a notice where the case stood, until the authors have revised the unit."""
    written = policies.writable_by(actor).values("pk")
    for course in selectors.with_withdrawn_content(actor).filter(pk__in=written)[:MOST]:
        if units := selectors.withdrawn_units(course):
            yield TaskItem(
                title=_("The case was withdrawn: revise the unit"),
                meta=(course.title, ", ".join(units)),
                url=reverse("cms:course", args=[course.pk]),
                action=_("Revise the unit"),
                chip=Chip.of(COURSE, course.state),
                urgency=6,
                icon="book-open",
            )


def register() -> None:
    register_search_kind(SearchKind(index.KIND, _("Courses"), icon="book-open", order=10))
    register_rebuilder(index.KIND, index.published_ids, index.entries)
    register_kind(
        Kind(
            name="cms.approved",
            subject=_("A course of yours was approved."),
            body=_("“%(title)s” was approved. It can be published now."),
            channels={"app", "email"},
        )
    )
    register_kind(
        Kind(
            name="cms.changes_requested",
            subject=_("Changes to a course of yours are requested."),
            body=_("The reviewers of “%(title)s” ask for changes. Read their reports, then submit again."),
            channels={"app", "email"},
        )
    )
    _register_authorship()
    _register_areas()
    register_tasks(tasks)
    register_panel(
        "home",
        Panel("course_desk", _("My course desk"), "cms:desk_panel", permission="course.author", order=12, is_wide=True),
    )


def _register_authorship() -> None:
    register_kind(
        Kind(
            name="cms.author_added",
            subject=_("You are an author of a course now."),
            body=_("%(by)s named you as an author of “%(title)s”."),
            channels={"app", "email"},
        )
    )
    register_kind(
        Kind(
            name="cms.author_removed",
            subject=_("You are no author of a course any more."),
            body=_("%(by)s took you off the authors of “%(title)s”. Editions that name you go on naming you."),
            channels={"app", "email"},
        )
    )


def _register_areas() -> None:
    register_navigation(
        NavigationItem(
            key="catalogue", label=_("Courses"), url_name="/courses/", icon="book-open", order=40, is_public=True
        )
    )
    register_navigation(
        NavigationItem(
            key="library", label=_("Library"), url_name="/library/", icon="library", order=70, is_public=True
        )
    )
    register_navigation(
        NavigationItem(
            key="course-desk",
            label=_("Course desk"),
            url_name="cms:desk",
            icon="square-pen",
            order=55,
            permission=DESK,
        )
    )
