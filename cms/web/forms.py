"""The plain forms of the course desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.models import Course
from cms.richtext import from_plain, is_plain, to_plain
from cms.selectors import DeskFilters
from cms.services.courses import FACTS, UNIT_MINUTES
from cms.states import SPECIALTIES_OF, Language, Subject
from core.actor import Actor
from core.errors import StaleForm
from core.ui.idempotency import FormKeyMixin
from directory.api import organisations_visible

_ANY = [("", pgettext_lazy("filter", "All"))]


class DeskFilterForm(forms.Form):
    """The bar above the desk's list; every field may stay empty."""

    q = forms.CharField(label=_("Search title or code"), required=False, max_length=60)
    subject = forms.ChoiceField(label=_("Subject area"), choices=[*_ANY, *Subject.choices], required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[*_ANY, *Language.choices], required=False)
    organisation = forms.ChoiceField(label=_("Organisation"), choices=_ANY, required=False)

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [*_ANY, *organisations]

    def filters(self) -> DeskFilters:
        """A value that is none of the choices filters nothing."""
        self.is_valid()
        data = self.cleaned_data
        return DeskFilters(
            text=data.get("q", ""),
            subject=data.get("subject", ""),
            language=data.get("language", ""),
            organisation=data.get("organisation", ""),
        )


class PassMarkForm(forms.Form):
    """The one number of a course whose limits the database holds: a share of a hundred."""

    pass_percent = forms.IntegerField(label=_("Pass mark in per cent"), min_value=1, max_value=100, initial=60)


class CourseFactsForm(PassMarkForm, forms.ModelForm):
    """What is said about a course, and its introduction in plain paragraphs."""

    introduction = forms.CharField(
        label=_("Introduction"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A blank line begins a paragraph, “- ” a list item, **two stars** make bold."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Course
        fields = FACTS
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "objectives": forms.Textarea(attrs={"rows": 4}),
            "disclosure": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, page: Any, **kwargs: Any) -> None:
        """`page` is the latest draft of the course's landing page."""
        super().__init__(*args, **kwargs)
        self.stored = introduction = page.introduction
        self.fields["revision"].initial = page.latest_revision_id
        field = self.fields["introduction"]
        field.initial = to_plain(introduction)
        if not is_plain(introduction):
            field.disabled = True
            field.help_text = _("This text has links or other formatting. Change it in the full editor.")
        self.fields["disclosure"].help_text = _("Paid work, shares, lectures for a company. Empty: none declared.")

    def rich_introduction(self) -> str:
        """The stored rich text when the plain form must not touch it."""
        if self.fields["introduction"].disabled:
            return self.stored
        return from_plain(self.cleaned_data["introduction"])


class NewCourseForm(FormKeyMixin, PassMarkForm, forms.ModelForm):
    """The wizard's one page: whose course, what it is called, its first unit."""

    code = forms.RegexField(
        label=_("Course code"),
        regex=r"^[A-Za-z][A-Za-z0-9-]{2,29}$",
        help_text=_("Letters, digits and hyphens, such as CARD-101. It stays for ever."),
        error_messages={
            "invalid": _("Begin with a letter, then 2 to 29 letters, digits or hyphens, without a space: CARD-101.")
        },
    )
    first_unit = forms.CharField(label=_("Title of the first unit"), max_length=120, required=False)
    first_unit_minutes = forms.IntegerField(
        label=_("Learning time of the first unit, in minutes"),
        help_text=_("45 minutes make one credit hour. The course takes as long as its units together."),
        min_value=1,
        max_value=600,
        initial=UNIT_MINUTES,
    )
    organisation: Any = forms.ModelChoiceField(label=_("Authoring organisation"), queryset=None)

    field_order = ["form_key", "organisation", "code", "title", "summary", "objectives", "subject", "level", "language"]

    class Meta:
        model = Course
        fields = FACTS
        widgets = CourseFactsForm.Meta.widgets

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = organisations_visible(actor, "course.author")
        offered = held.filter(kind="hospital")
        field: Any = self.fields["organisation"]
        field.queryset = offered if offered.exists() else held
        if field.queryset.count() == 1:
            field.initial = field.queryset.first()
            field.empty_label = None

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


def keep_typed(form: forms.BaseForm, error: StaleForm) -> None:
    """Say at the form that somebody saved in between; what was typed stays in it, to be copied."""
    form.add_error(None, [error.sentence(), error.advice()])


class UnitForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    minutes = forms.IntegerField(label=_("Learning time in minutes"), min_value=1, max_value=600, initial=15)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NewUnitForm(FormKeyMixin, UnitForm):
    revision = None  # type: ignore[assignment]


class AuthorForm(forms.Form):
    """Somebody who may write for the course's organisation. Whom it names already is accepted, and not offered."""

    person = forms.TypedChoiceField(label=_("Person"), coerce=UUID)

    def __init__(self, *args: Any, offered: list[tuple[str, str]], named: list[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.choices = [*offered, *((str(person_id), "") for person_id in named)]
        field.widget.choices = [("", "---------"), *offered]


def _line(candidate: Any) -> tuple[str, str]:
    return str(candidate.person_id), f"{candidate.name} | {candidate.title} · {candidate.organisation_name}"


class SubmitForm(forms.Form):
    """Which peers to propose, those of the course's subject area first: two of them are drawn. None chosen means that
    the two least burdened without a conflict are asked.
    """

    reviewers = forms.MultipleChoiceField(
        label=_("Reviewers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Propose two or more: of more than two, two are drawn. Propose none to let the least burdened be asked."
        ),
    )

    def __init__(self, *args: Any, candidates: list[Any], subject: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reviewers"]
        free = [c for c in candidates if not c.conflicts]
        near = [c for c in free if c.specialty in SPECIALTIES_OF.get(subject, ())]
        far = [c for c in free if c not in near]
        groups = [(_("Of this subject area"), near), (_("Others"), far)]
        field.choices = [(label, [_line(c) for c in people]) for label, people in groups if people]
        self.conflicted = [c for c in candidates if c.conflicts]

    def clean_reviewers(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["reviewers"]
        if len(chosen) == 1:
            raise forms.ValidationError(_("One reviewer is not enough: choose two, or none."))
        return chosen
