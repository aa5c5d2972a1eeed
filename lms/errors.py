"""What can go wrong while learning."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid, NotFound


class EnrolmentNotFound(NotFound):
    """Missing, or somebody else's."""

    code = "enrolment_not_found"
    message = _("You are not enrolled here.")
    next_step = _("Open the course from “My courses”, or enrol from its page.")


class UnitNotFound(NotFound):
    code = "unit_not_found"
    message = _("This course has no such unit.")


class AttemptNotFound(NotFound):
    code = "attempt_not_found"
    message = _("This test was not found.")


class CompletionNotFound(NotFound):
    code = "completion_not_found"


class NotOpenForEnrolment(Conflict):
    code = "not_open_for_enrolment"
    message = _("This course no longer takes new learners.")
    next_step = _("Look for a newer course on the same subject in the catalogue.")


class EditionSuperseded(Conflict):
    """Raised for a new enrolment only; whoever is in an older edition finishes it."""

    code = "edition_superseded"
    message = _("A newer edition of this course is published. You were not enrolled in the old one.")
    next_step = _("Open the course again and enrol in its newest edition.")


class AlreadyPassed(Conflict):
    code = "test_passed"
    message = _("You have passed this test, and its answers are open to you.")
    next_step = _("Go on with the next unit.")


class NoAttemptNow(Conflict):
    code = "no_attempt_now"
    message = _("Your attempts at this test are used up. The next one opens %(opens_at)s.")
    next_step = _("Read the unit again until then.")


class AttemptEnded(Conflict):
    code = "attempt_ended"
    message = _("These answers were handed in already. What you changed since is not kept.")
    next_step = _("Open the page again to see the result.")


class NotReady(Invalid):
    """Answers that were kept instead of handed in; `fields` maps a node's key to what to do about it."""


class AnswersUnreadable(NotReady):
    code = "answers_unreadable"
    message = _("An answer cannot be read. Nothing was handed in, and your answers are kept.")


class QuestionsUnanswered(NotReady):
    code = "questions_unanswered"
    message = _("A question is unanswered. Nothing was handed in, and your answers are kept.")


class AnsweredElsewhere(NotReady):
    """Another window has newer answers to the questions in `fields`. They stand; the rest of the post is kept."""

    code = "answered_elsewhere"
    status = 409
    message = _("Another window has newer answers to some of these questions, and they stand. The others are kept.")
    next_step = _("Load the present answers and go on from them. What you change here is no longer kept.")


class HandedInBehind(AnsweredElsewhere):
    """The same when the post was to hand in."""

    message = _("Another window has newer answers to some of these questions, and they stand. Nothing was handed in.")


class NothingToAnswer(Conflict):
    code = "nothing_to_answer"
    message = _("This unit has no questions now.")
    next_step = _("Read the unit and mark it as done.")
