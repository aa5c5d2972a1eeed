"""What the peers of the seeded rounds wrote."""

from __future__ import annotations

from datetime import datetime
from random import Random
from uuid import UUID

from core.actor import Actor
from peer_review.api import assignment_of, submit_report

SUMMARIES = {
    "approve": (
        "内容与现行指南一致，县乡两级能照做。可以发布。",
        "步骤清楚，题目和目标对应。建议明年复审时更新数据。可以发布。",
        "文字简明，时间门槛写得准。可以发布。",
    ),
    "changes": (
        "剂量一段请写明依据和上限；第二个单元请补一张流程，说明什么情况下必须转诊。",
        "第一单元的界值缺出处；请把“可以观察”的条件写全，再提交。",
    ),
}
ITEMS = ("accuracy", "fit", "design", "cases", "wording")


def write_report(
    rng: Random, actor: Actor, round_id: UUID, verdict: str, summaries: tuple[str, ...], at: datetime
) -> None:
    """A complete report of this reviewer; a low score carries its reason."""
    scores = {item: rng.choice((4, 4, 5, 5)) for item in ITEMS}
    reasons = {}
    if verdict == "changes":
        scores["fit"] = 3
        reasons["fit"] = "缺转诊条件，乡镇医生读完仍不知道哪一步该转。"
    submit_report(
        actor=actor,
        assignment_id=assignment_of(round_id, actor.person_id),
        scores=scores,
        reasons=reasons,
        summary=rng.choice(summaries),
        verdict=verdict,
        is_named=rng.random() < 0.7,
        now=at,
    )
