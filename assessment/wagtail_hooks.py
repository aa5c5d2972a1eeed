"""The question picker is a window of Wagtail's admin."""

from __future__ import annotations

from wagtail import hooks

from assessment.web.chooser import QuestionChooserViewSet, question_chooser


@hooks.register("register_admin_viewset")
def pick_questions() -> QuestionChooserViewSet:
    return question_chooser
