"""What can go wrong with questions."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid, NotFound, StaleForm


class QuestionNotFound(NotFound):
    code = "question_not_found"
    message = _("This question was not found.")


class InvalidQuestion(Invalid):
    """The content does not make a question of its kind; `fields` maps a form field to its sentences."""

    code = "invalid_question"
    message = _("The question is not complete.")


class StaleQuestion(StaleForm):
    code = "stale_question"
    message = _("Somebody saved a newer version of this question after you opened it. Your text was not saved.")


class StaleAnswers(StaleForm):
    """The fields of the form are not those that this site prints today: it was opened before an update, or made up."""

    code = "stale_answers"
    message = _(
        "This page was opened before the site was renewed, so your answers cannot be read. Nothing was counted."
    )
    next_step = _("Open the questions again and answer once more.")


class VersionIsFrozen(Conflict):
    """A stored version is never changed: learners have been scored by it."""

    code: ClassVar[str] = "question_version_frozen"
    message = _("A saved version of a question cannot be changed.")
    next_step = _("Save a new version instead.")
