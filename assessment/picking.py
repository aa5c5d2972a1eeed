"""How a chosen question stands in Wagtail's editor, and what opens the picker (`assessment.web.chooser`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.chooser import BaseChooser

from assessment import selectors
from assessment.contracts import QuestionVersionFacts
from assessment.models import QuestionVersion
from assessment.presenting import line_of
from core.content import Offer, OfferedBlock

NAME = "question_chooser"


def bank_url(version: QuestionVersionFacts) -> str:
    """Where this version is read and tried."""
    return f"{reverse('assessment:question', args=(version.question_id,))}?version={version.number}"


class QuestionWidget(BaseChooser):
    """Shows what is chosen as the offer names it: a question that this person may not read has no line of its own."""

    model = QuestionVersion
    icon = "list-ul"
    choose_one_text = _("Choose a question")
    choose_another_text = _("Choose another question")
    link_to_chosen_text = _("Open in the question bank")
    clear_choice_text = _("Clear the choice")
    chooser_modal_url_name = f"{NAME}:choose"

    def __init__(self, offer: Offer, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offer = offer
        self.lines = dict(offer.rows)

    def get_value_data(self, value: Any) -> dict[str, str] | None:
        if not value:
            return None
        reference = str(value)
        is_open = reference not in self.offer.held if reference in self.lines else self.offer.accepts(reference)
        version = selectors.version_facts(UUID(reference)) if is_open else None
        line = self.lines.get(reference) or (line_of(version) if version else str(_("A question that is not offered")))
        return {"id": reference, "title": line, "edit_url": bank_url(version) if version else ""}


class QuestionField(OfferedBlock):
    """One question, picked in a window; what the offer refuses is refused as by a select."""

    def __init__(self, offer: Offer, **kwargs: Any) -> None:
        super().__init__(offer, widget=QuestionWidget(offer), **kwargs)

    def get_form_state(self, value: Any) -> dict[str, str] | None:
        widget: Any = self.field.widget
        return widget.get_value_data(value)
