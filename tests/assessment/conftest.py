"""Questions of each type, without a database."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.contracts import QuestionVersionFacts
from assessment.kinds import KINDS
from core.ids import uuid7

CONTENT: dict[str, dict[str, Any]] = {
    "single": {
        "stem": "房颤患者今天最合适的下一步？",
        "explanation": "先评估卒中风险。",
        "points": 2,
        "options": [{"text": "电复律"}, {"text": "评估卒中风险"}, {"text": "停用全部药物"}],
        "answer": "b",
    },
    "multiple": {
        "stem": "哪些属于高危征象？",
        "explanation": "前两项。",
        "points": 3,
        "options": [{"text": "低血压"}, {"text": "意识改变"}, {"text": "轻度咳嗽"}],
        "answers": ["a", "b"],
    },
    "numeric": {
        "stem": "射血分数是多少？",
        "explanation": "双平面法。",
        "points": 1,
        "value": "55",
        "tolerance": "5",
        "unit": "%",
    },
    "ordering": {
        "stem": "排好顺序。",
        "explanation": "先评估后处理。",
        "points": 3,
        "items": [{"text": "评估"}, {"text": "呼救"}, {"text": "按压"}, {"text": "除颤"}],
    },
}


def make_version(kind: str, **changes: Any) -> QuestionVersionFacts:
    content = KINDS[kind].validate(CONTENT[kind] | changes)
    return QuestionVersionFacts(uuid7(), uuid7(), 1, kind, "zh-hans", content)


@pytest.fixture
def version_of() -> Any:
    return make_version
