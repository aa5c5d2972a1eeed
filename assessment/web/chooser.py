"""The question picker of Wagtail's editor: a window with a search over what its reader may put into a course.

Wagtail's own choosers ask the model for everything there is. Here each of the three addresses asks for this person's
questions only: a question's key is for those who write its organisation's questions.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views import View
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsViewMixin,
    ChooseViewMixin,
    ChosenResponseMixin,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet

from assessment import selectors
from assessment.blocks import QuizBlock
from assessment.contracts import QuestionVersionFacts
from assessment.kinds import KINDS
from assessment.models import PERMISSION, Question, QuestionVersion
from assessment.picking import NAME, bank_url
from assessment.presenting import line_of
from core.content import reviewed
from core.ui.access import actor_of

PER_PAGE = 12
FILTERS = {"data-chooser-modal-search-filter": True}


class PickerForm(BaseFilterForm):
    """The search above the questions; what cannot be read filters nothing."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("Words of the question, topic, code"), "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("question", "Type"),
        required=False,
        choices=[("", pgettext_lazy("filter", "All")), *((k.name, k.label) for k in KINDS.values())],
        widget=forms.Select(attrs=FILTERS),
    )
    pool = forms.ChoiceField(label=_("Pool"), required=False, widget=forms.Select(attrs=FILTERS))

    def __init__(self, data: Any, *, pools: list[str]) -> None:
        super().__init__(data)
        self.fields["pool"].choices = [("", pgettext_lazy("filter", "All")), *((name, name) for name in pools)]

    @property
    def is_filtering(self) -> bool:
        return any(self.cleaned_data.values())


class ForQuestionWriters(View):
    """Raises Forbidden, which is audited, for those who write no questions."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor_of(request).require(PERMISSION)
        return super().dispatch(request, *args, **kwargs)


class _Pages(WagtailPaginator):
    """The count stands above the list; Wagtail would make an English plural of every language's word."""

    items_count_label = ""


class _Questions(ForQuestionWriters, BaseChooseView):
    """A page of the actor's questions, with what was approved in a course."""

    template_name = "assessment/picker/window.html"
    results_template_name = "assessment/picker/results.html"
    paginator_class = _Pages
    is_multiple_choice = False
    create_action_label = ""  # Wagtail asks for it also where nothing is made

    def get_filter_form(self) -> PickerForm:
        return PickerForm(self.request.GET, pools=selectors.pools_in_use(actor_of(self.request)))

    def get_object_list(self) -> QuerySet[Question]:
        return selectors.for_choice(actor_of(self.request))

    def filter_object_list(self, objects: QuerySet[Question]) -> QuerySet[Question]:
        form = self.filter_form
        if not form.is_valid():
            return objects
        asked = form.cleaned_data
        form.is_searching, form.search_query = form.is_filtering, asked["q"]
        return selectors.for_choice(actor_of(self.request), words=asked["q"], kind=asked["kind"], pool=asked["pool"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        approved = reviewed(QuizBlock.kind, [str(question.latest_id) for question in self.results])
        rows = [
            {
                "question": question,
                "is_reviewed": str(question.latest_id) in approved,
                "url": reverse(f"{NAME}:chosen", args=(question.latest_id,)),
            }
            for question in self.results
        ]
        return {**super().get_context_data(**kwargs), "rows": rows}

    @staticmethod
    def can_create() -> bool:
        """Questions are written in the bank."""
        return False


class ChooseQuestion(ChooseViewMixin, _Questions):
    """The whole window."""


class QuestionResults(ChooseResultsViewMixin, _Questions):
    """The list alone, while somebody types."""


class QuestionChosen(ChosenResponseMixin, ForQuestionWriters):
    """What stands in the block when one was pressed: its line, never its key."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        return self.get_chosen_response(selectors.version_for_choice(actor_of(request), pk))

    def get_object_id(self, instance: QuestionVersionFacts) -> UUID:
        return instance.id

    def get_display_title(self, instance: QuestionVersionFacts) -> str:
        return line_of(instance)

    def get_edit_item_url(self, instance: QuestionVersionFacts) -> str:
        return bank_url(instance)


class QuestionChooserViewSet(ChooserViewSet):
    """Three addresses: the window, its list, and what was chosen. One question a block, none made here."""

    model = QuestionVersion
    icon = "list-ul"
    page_title = _("Choose a question")
    per_page = PER_PAGE
    register_widget = False
    choose_view_class = ChooseQuestion
    choose_results_view_class = QuestionResults
    chosen_view_class = QuestionChosen

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.choose_view, name="choose"),
            path("results/", self.choose_results_view, name="choose_results"),
            path("chosen/<uuid:pk>/", self.chosen_view, name="chosen"),
        ]


question_chooser = QuestionChooserViewSet(NAME, url_prefix="questions/choose")
