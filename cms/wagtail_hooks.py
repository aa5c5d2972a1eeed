"""Wagtail's admin beside the desk: home and menu are ours, courses are edited while they may be, saves are audited."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.images import get_image_model
from wagtail.models import Page

from cms import policies, selectors, services
from cms.models import Course, CoursePage, PictureLogEntry, UnitPage
from cms.states import COURSE, EDITABLE
from cms.web.admin_home import DESKS, DeskHome
from core.ui.registry import navigation_for

HIDDEN = frozenset({"reports", "help", "snippets", "documents"})
PLACES = {"home": "home", **{key: icon for key, (_says, icon) in DESKS.items()}}


def _course_of(page: Page) -> Course | None:
    """The course that a page belongs to; None for the site's own pages."""
    if isinstance(page.specific, CoursePage):
        return page.specific.course
    if isinstance(page.specific, UnitPage):
        return selectors.course_of_unit(page)
    return None


@hooks.register("before_edit_page")
def only_writers_while_editable(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Somebody else's course, and a submitted or published one, goes back to its desk, which says what to do."""
    course = _course_of(page)
    if course is None or policies.may_edit(request.actor, course):
        return None
    if course.state in EDITABLE:
        messages.error(request, _("Only its authors and the lead of the course desk write this course."))
        return redirect("cms:course", course.pk)
    messages.error(
        request, _("This course cannot be edited now: it is %(state)s.") % {"state": COURSE.states[course.state].label}
    )
    return redirect("cms:course", course.pk)


@hooks.register("after_edit_page")
def note_the_save(request: HttpRequest, page: Page) -> None:
    course = _course_of(page)
    if course is not None:
        services.note_editor_save(actor=request.actor, course_id=course.pk, page_id=page.pk, now=timezone.now())


@hooks.register("register_log_actions")
def pictures_stand_in_the_trail(actions: Any) -> None:
    actions.register_model(get_image_model(), PictureLogEntry)


@hooks.register("construct_main_menu")
def our_places(request: HttpRequest, items: list[Any]) -> None:
    """The way home and the desks of this person stand before Wagtail's own places; what nobody needs is left out."""
    kept = [item for item in items if item.name not in HIDDEN]
    areas = {item.key: item for item in navigation_for(request.actor)}
    ours = [
        MenuItem(areas[key].label, areas[key].url(), name=key, icon_name=icon, order=order)
        for order, (key, icon) in enumerate(PLACES.items())
        if key in areas
    ]
    items[:] = [*ours, *kept]


@hooks.register("construct_homepage_panels")
def our_home(request: HttpRequest, panels: list[Any]) -> None:
    """What waits for this person, instead of Wagtail's workflow, which this house does not use."""
    panels[:] = [DeskHome()]


@hooks.register("construct_homepage_summary_items")
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail counts all pages of the site, also those that this person may not see."""
    items.clear()
