"""The first screen of Wagtail's admin: what waits for this author or editor, what is in hand, and the ways out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from cms import selectors
from cms.models import CoursePage
from cms.states import COURSE, EDITABLE
from cms.web.figures import desk_figures
from core.actor import Actor
from core.ui.access import actor_of
from core.ui.registry import current_key, navigation_for, tasks_for
from peer_review.api import progress_of

#: Areas of the house where teaching is written, with what is done there and Wagtail's icon for it.
DESKS = {
    "course-desk": (gettext_lazy("Submit, answer reviewers, publish editions."), "form"),
    "questions": (gettext_lazy("Questions of the four types, kept in versions."), "help"),
    "case_desk": (gettext_lazy("Proposals to take up, cases to edit and publish."), "doc-full"),
    "reviews": (gettext_lazy("What you were asked to review."), "check"),
}
MOST_WAITING = 8
SHOWN = 5


class DeskHome(Component):
    """Stands for Wagtail's own summary, which counts the pages of the whole site."""

    name = "desk"
    order = 10
    template_name = "cms/admin/home.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        actor, now = actor_of(parent_context["request"]), timezone.now()
        context = {"waiting": waiting(actor, now), "doors": doors(actor), "has_courses": has_courses(actor), "now": now}
        return {**context, **_courses(actor)} if context["has_courses"] else context


def has_courses(actor: Actor) -> bool:
    return actor.may("course.author") or actor.may("course.publish")


def waiting(actor: Actor, now: datetime) -> list[Any]:
    """The tasks of the teaching side only: consults are not answered from here."""
    areas = navigation_for(actor)
    tasks = (task for task in tasks_for(actor, now) if current_key(areas, task.url) in DESKS)
    return list(tasks)[:MOST_WAITING]


def doors(actor: Actor) -> list[dict[str, Any]]:
    """Only those that this person may enter."""
    return [
        {"label": item.label, "url": item.url(), "says": DESKS[item.key][0], "icon": DESKS[item.key][1]}
        for item in navigation_for(actor)
        if item.key in DESKS
    ]


def _courses(actor: Actor) -> dict[str, Any]:
    courses = selectors.desk_courses(actor)
    drafts = list(courses.filter(state__in=EDITABLE).order_by("-changed_at")[:SHOWN])
    reviewed = list(courses.filter(state="in_review").order_by("changed_at")[:SHOWN])
    pages = dict(CoursePage.objects.filter(course__in=drafts).values_list("course_id", "pk"))
    progress = progress_of(course.round_id for course in reviewed)
    return {
        "figures": desk_figures(actor, ("draft", "review", "changes", "approved", "published")),
        "drafts": [{"course": c, "state": COURSE.states[c.state].label, "page_id": pages.get(c.pk)} for c in drafts],
        "reviewed": [{"course": c, "progress": progress.get(c.round_id) if c.round_id else None} for c in reviewed],
    }
