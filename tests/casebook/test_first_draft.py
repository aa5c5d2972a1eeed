"""What a case's first draft says: every text of the record under its name."""

from __future__ import annotations

from uuid import UUID

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
