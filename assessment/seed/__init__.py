"""Questions beside those of the seeded courses, so that the bank shows every type: calculations and sequences."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from assessment.services.editing import create_question
from core.ids import seeded_uuid7
from directory.api import SeededProvince, actor_for_person

#: (days ago, type, pool, content)
QUESTIONS: tuple[tuple[int, str, str, dict[str, Any]], ...] = (
    (
        212,
        "numeric",
        "用药计算",
        {
            "stem": "体重 20 kg 的患儿，对乙酰氨基酚每次 15 mg/kg，本次剂量是多少？",
            "explanation": "15 mg/kg × 20 kg = 300 mg。",
            "points": 2,
            "value": "300",
            "tolerance": "0",
            "unit": "mg",
        },
    ),
    (
        118,
        "numeric",
        "超声心动图",
        {
            "stem": "双平面法测得左室舒张末容积 120 mL，收缩末容积 54 mL。射血分数是多少？",
            "explanation": "（120 − 54）÷ 120 = 55%。",
            "points": 2,
            "value": "55",
            "tolerance": "0.5",
            "unit": "%",
        },
    ),
    (
        95,
        "ordering",
        "急救",
        {
            "stem": "成人倒地，按先后排好基础生命支持的步骤。",
            "explanation": "先保证现场安全，再判断，呼救的同时让人去取除颤仪，马上按压；除颤仪一到就分析心律。",
            "points": 4,
            "items": [
                {"text": "确认现场安全"},
                {"text": "判断意识和呼吸"},
                {"text": "呼救，让人取除颤仪"},
                {"text": "开始胸外按压"},
                {"text": "除颤仪到后分析心律"},
            ],
        },
    ),
)


def seed(*, rng: Random, province: SeededProvince, now: datetime) -> None:
    """By the demo's author, through the service."""
    actor = actor_for_person(province.people["author"].pk, now)
    for days, kind, pool, content in QUESTIONS:
        at = now - timedelta(days=days)
        create_question(
            actor=actor,
            question_id=seeded_uuid7(rng, at),
            organisation_id=province.hospital.pk,
            kind=kind,
            content=content,
            pool_name=pool,
            now=at,
        )
