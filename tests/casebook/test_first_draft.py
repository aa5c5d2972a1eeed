"""What a case's first draft says: every text of the record under its name."""

from __future__ import annotations

from uuid import UUID

import pytest

from casebook.content import AGE_BANDS, AGE_TENS
from casebook.forms import HeadForm
from casebook.services.proposing import first_draft
from media_pipeline.contracts import ReleaseFacts

RECORD = {
    "patient": "男，六十多岁。",
    "chief_complaint": "活动后气促 2 周",
    "present_history": "两周前起上楼气促。\n夜间可平卧。",
    "past_history": "无",
    "medication": "氨氯地平 5 mg 每日一次。",
    "allergies": "否认",
    "examination": "双下肢轻度水肿。",
}


def _draft(texts):
    return first_draft(ReleaseFacts(UUID(int=1), "T-0001", "open", UUID(int=2), dict(texts), (), None))


def _body(content, kind):
    return next(step["body"] for step in content["steps"] if step["kind"] == kind)


def test_no_text_of_the_record_stands_without_its_name():
    content = _draft(RECORD)

    assert _body(content, "presentation").split("\n\n") == [
        "男，六十多岁。",
        "主诉：活动后气促 2 周。",
        "现病史：两周前起上楼气促。\n夜间可平卧。",
        "既往史：无。用药：氨氯地平 5 mg 每日一次。过敏史：否认。",
    ]
    assert _body(content, "examination") == "双下肢轻度水肿。"


def test_a_long_text_keeps_a_paragraph_of_its_own_and_nothing_is_told_twice():
    content = _draft(RECORD | {"medication": "氨氯地平 5 mg。\n阿司匹林 100 mg。", "plan": "复查"})

    assert _body(content, "presentation").split("\n\n")[3:] == [
        "既往史：无。",
        "用药：氨氯地平 5 mg。\n阿司匹林 100 mg。",
        "过敏史：否认。",
    ]
    assert [(step["id"], step["body"]) for step in content["steps"]][-1] == ("more", "复查")


@pytest.mark.parametrize(
    ("line", "sex", "band"),
    [
        ("男，六十多岁。", "male", "60-69"),
        ("女，二十多岁。", "female", "20-29"),
        ("女，十几岁。", "female", "10-19"),
        ("男，八十多岁。", "male", "80+"),
        ("九十岁以上。", "", "80+"),
        ("男，不满十岁。", "male", ""),
        ("女。", "female", ""),
        ("", "", ""),
    ],
)
def test_sex_and_age_band_are_what_the_release_says(line, sex, band):
    content = _draft(RECORD | {"patient": line})

    assert (content["sex"], content["age_band"]) == (sex, band)


@pytest.mark.parametrize(
    ("band", "wider"),
    [("", []), ("60-69", ["60+"]), ("10-19", ["0-17", "18-39"]), ("80+", ["60+"]), ("40-59", ["40-59"])],
)
def test_one_scale_of_ages_is_offered_and_what_is_wider_than_the_chosen_band(band, wider):
    form = HeadForm(initial={"age_band": band})

    choices = list(form.fields["age_band"].widget.choices)

    assert [value for value, _label in choices[: 1 + len(AGE_TENS)]] == ["", *AGE_TENS]
    assert [value for _group, rows in choices[1 + len(AGE_TENS) :] for value, _label in rows] == wider
    # and whatever was stored before is still accepted
    assert all(HeadForm({"age_band": each, "difficulty": "1"}).is_valid() for each in AGE_BANDS)
