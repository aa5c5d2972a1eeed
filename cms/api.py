"""The door of cms. See docs/interfaces/courses.md."""

from cms.editions import get_edition, get_overlay, get_overlays, latest_edition
from cms.remarks import register_remark
from cms.selectors import current_edition_id, is_open_for_enrolment, list_published
from cms.services import publish_course, set_course_facts, submit_course, void_in_overlay

__all__ = [
    "current_edition_id",
    "get_edition",
    "get_overlay",
    "get_overlays",
    "is_open_for_enrolment",
    "latest_edition",
    "list_published",
    "publish_course",
    "register_remark",
    "set_course_facts",
    "submit_course",
    "void_in_overlay",
]
