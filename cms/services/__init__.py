from cms.services.authors import add_author, move_author, remove_author
from cms.services.blocks import add_block, change_block, move_block, remove_block
from cms.services.courses import change_course, create_course
from cms.services.overlay import set_course_facts, set_erratum, void_in_overlay
from cms.services.publishing import publish_course, retire_course, revise_course
from cms.services.review import apply_decision, note_reviewers, submit_course, withdraw_submission
from cms.services.units import add_unit, change_unit, move_unit, note_editor_save, remove_unit

__all__ = [
    "add_author",
    "add_block",
    "add_unit",
    "apply_decision",
    "change_block",
    "change_course",
    "change_unit",
    "create_course",
    "move_author",
    "move_block",
    "move_unit",
    "note_editor_save",
    "note_reviewers",
    "publish_course",
    "remove_author",
    "remove_block",
    "remove_unit",
    "retire_course",
    "revise_course",
    "set_course_facts",
    "set_erratum",
    "submit_course",
    "void_in_overlay",
    "withdraw_submission",
]
