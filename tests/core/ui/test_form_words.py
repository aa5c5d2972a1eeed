"""An error names its field and says what to do, in a sentence for the kind of field."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Q
from django.utils.translation import override

from core.ui.form_words import of_the_whole, sentences
from core.ui.tags import fields


class Everything(forms.Form):
    name = forms.CharField(label="Name", max_length=5)
    result = forms.ChoiceField(label="Result", choices=[("a", "A")], widget=forms.RadioSelect)
    place = forms.ChoiceField(label="Place", choices=[("", "---------"), ("a", "A")])
    several = forms.MultipleChoiceField(label="Several", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="Agreed")
    scan = forms.FileField(label="Scan")
    day = forms.DateField(label="Day")
    beats = forms.IntegerField(label="Beats", min_value=1, max_value=100)
    dose = forms.DecimalField(label="Dose", max_value=1000)
    own = forms.CharField(label="Own", error_messages={"required": "Say it yourself."})


def _said(form: forms.BaseForm) -> list[str]:
    return [text for _anchor, text in fields.summary_errors(form)]


def test_each_kind_of_field_says_what_to_do_and_which_it_is():
    with override("en"):
        assert _said(Everything({})) == [
            "Name: Fill this in.",
            "Result: Choose one.",
            "Place: Choose one.",
            "Several: Choose at least one.",
            "Agreed: Tick this box.",
            "Scan: Choose a file.",
            "Day: Enter a date.",
            "Beats: Enter the number.",
            "Dose: Enter the number.",
            "Own: Say it yourself.",
        ]
    with override("zh-hans"):
        assert _said(Everything({}))[:3] == ["Name：请填写。", "Result：请选择一项。", "Place：请选择一项。"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("name", "longer", "Shorten it to 5 characters; it has 6."),
        ("result", "z", "Choose one of the list."),
        ("beats", "250", "Enter a number from 1 to 100."),
        ("dose", "1001", "Enter 1000 or less."),
        ("beats", "x", "Enter a whole number."),
    ],
)
def test_what_is_wrong_is_said_with_its_limit(name, value, said):
    with override("en"):
        assert sentences(Everything({name: value})[name]) == [said]


def test_a_row_of_a_table_is_named_by_its_number():
    with override("en"):
        assert _said(Everything({"labs-1-name": "x"}, prefix="labs-1"))[0] == "Row 2, Result: Choose one."


def test_the_line_leads_to_its_field_and_the_field_says_the_same(rf):
    form = Everything({})

    with override("en"):
        assert fields.summary_errors(form)[1][0] == "id_result_0"
        assert fields.field_context(form["result"])["errors"] == ["Choose one."]


def test_a_select_without_a_choice_says_choose():
    form = Everything()

    with override("zh-hans"):
        shown = str(fields.field_context(form["place"])["control"])

    assert '<option value="" selected>请选择</option>' in shown
    assert "---" not in shown


def test_the_name_of_a_constraint_is_never_shown():
    class Broken(forms.Form):
        def clean(self):
            constraint = CheckConstraint(condition=Q(pk__gte=1), name="secret_name")
            raise ValidationError(constraint.get_violation_error_message())

    for language in ("en", "zh-hans"):
        with override(language):
            said = of_the_whole(Broken({}))
            assert len(said) == 1
            assert "secret_name" not in said[0]


def test_what_a_form_says_of_the_whole_stays_as_it_is():
    form = Everything({})
    form.add_error(None, "Two of them do not fit.")

    assert of_the_whole(form) == ["Two of them do not fit."]
