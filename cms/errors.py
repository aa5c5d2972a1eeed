"""What can go wrong with a course, as sentences."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid, NotFound


class CourseNotFound(NotFound):
    code = "course_not_found"


class EditionNotFound(NotFound):
    code = "edition_not_found"


class EditionIsImmutable(Conflict):
    code = "edition_immutable"
    message = _("A published edition cannot be changed.")
    next_step = _("Publish a new edition, or add an erratum to this one.")


class CourseNotEditable(Conflict):
    code = "course_not_editable"
    message = _("This course cannot be edited now: it is %(state)s.")
    next_step = _("Take the submission back, or begin a new edition, on the course desk.")


class CourseNotReady(Invalid):
    """`fields` maps a place of the course ("unit 2, block 3") to what is missing there."""

    code = "course_not_ready"
    message = _("The course cannot be submitted yet.")
    next_step = _("Complete what the course desk lists, then submit again.")


class AuthorsAreFixed(Conflict):
    code = "course_authors_fixed"
    message = _("The authors of this course cannot be changed now: it is %(state)s.")
    next_step = _("Wait until the review is over, or take the submission back.")


class LastAuthor(Conflict):
    code = "course_last_author"
    message = _("A course has at least one author.")
    next_step = _("Add another author first.")


class NoAuthorHere(Invalid):
    code = "course_no_author_here"
    message = _("This person cannot write courses for this organisation.")
    next_step = _("Choose somebody from the list, or ask an administrator for the author’s role.")


class ReferenceRefused(Invalid):
    """A question, case or video that this person may not choose."""

    code = "course_reference_refused"
    message = _("You may not put this into a course.")
    next_step = _("Choose from the list that the block’s form offers.")


class CodeTaken(Conflict):
    code = "course_code_taken"
    message = _("The code %(code)s belongs to another course.")
    next_step = _("Choose another code.")


class NodeVoided(Conflict):
    code = "node_voided"
    message = _("This block was withdrawn. Nothing is corrected in it any more.")
    next_step = _("Revise the unit and publish a new edition.")
