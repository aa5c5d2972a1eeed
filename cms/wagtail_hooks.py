"""Wagtail's own editor beside the desk: editing only while the course is editable, and an audit entry for each save."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from cms import selectors, services
from cms.models import Course, CoursePage, UnitPage
from cms.states import COURSE, EDITABLE

HIDDEN = frozenset({"reports", "help", "snippets", "documents", "images"})


def _course_of(page: Page) -> Course | None:
    """The course that a page belongs to; None for the site's own pages."""
    if isinstance(page.specific, CoursePage):
        return page.specific.course
    if isinstance(page.specific, UnitPage):
        return selectors.course_of_unit(page)
    return None


@hooks.register("before_edit_page")
def only_while_editable(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A submitted or published course goes back to its desk, which says what to do."""
    course = _course_of(page)
    if course is None or course.state in EDITABLE:
        return None
    messages.error(
        request, _("This course cannot be edited now: it is %(state)s.") % {"state": COURSE.states[course.state].label}
    )
    return redirect("cms:course", course.pk)


@hooks.register("after_edit_page")
def note_the_save(request: HttpRequest, page: Page) -> None:
    course = _course_of(page)
    if course is not None:
        services.note_editor_save(actor=request.actor, course_id=course.pk, page_id=page.pk, now=timezone.now())


class DeskMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.actor.may("course.author") or request.actor.may("course.publish")


@hooks.register("register_admin_menu_item")
def desk_item() -> MenuItem:
    return DeskMenuItem(gettext_lazy("Course desk"), reverse("cms:desk"), icon_name="edit", order=10)


@hooks.register("construct_main_menu")
def hide_what_nobody_needs(request: HttpRequest, items: list[Any]) -> None:
    """Images stay for those who edit site text; the rest has no use here."""
    items[:] = [item for item in items if item.name not in HIDDEN]
