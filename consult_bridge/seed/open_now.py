"""What stands on the desks on the demo's day: every state, several counties, each subject once among what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from consult_bridge.models import Consult
from consult_bridge.seed.building import add_consult, add_patient, add_scopes
from consult_bridge.seed.history import tell, wait_for_information
from consult_bridge.seed.places import Places
from consult_bridge.seed.rows import Rows
from consult_bridge.seed.scenarios import SCENARIOS, Scenario


@dataclass(frozen=True, slots=True)
class Standing:
    """`hours` ago it was asked; `county` counts the counties that ask, 0 is the demo's own with its own doctor."""

    hours: float
    state: str
    county: int
    subject: str
    urgency: str = "routine"
    is_for_demo_expert: bool = False


STANDING = (
    Standing(0.4, "in_triage", 3, "口服有机磷农药 1 小时，阿托品怎么用", "stat"),
    Standing(1, "assigned", 1, "婴儿咳喘 3 天，吃奶减少，能否就地治疗", "urgent"),
    Standing(2, "accepted", 2, "心衰出院 3 周再次水肿，利尿剂怎么加", "urgent", is_for_demo_expert=True),
    Standing(3, "submitted", 0, "慢阻肺一年加重 3 次，吸入方案怎么调"),
    Standing(5, "submitted", 4, "心慌消瘦 2 个月，甲功异常怎么用药"),
    Standing(22, "assigned", 0, "活动后气促 2 周，床旁心脏超声一段请指导", is_for_demo_expert=True),
    Standing(24, "assigned", 5, "幼儿贫血，铁剂怎么补、补多久"),
    Standing(26, "awaiting_information", 0, "脑梗死后 3 个月，二级预防用药请把关"),
    Standing(28, "accepted", 1, "反复头痛 3 个月，头颅 MR 平扫一个序列请阅片"),
    Standing(30, "drafting", 2, "2 型糖尿病 9 年，糖化居高不下"),
    Standing(36, "under_review", 3, "哮喘控制不佳，夜间憋醒每周 2 次"),
    Standing(38, "under_review", 0, "三种降压药仍 160/95，下一步查什么", is_for_demo_expert=True),
    Standing(40, "signed", 0, "心衰出院 3 周再次水肿，利尿剂怎么加", is_for_demo_expert=True),
    Standing(58, "signed", 0, "2 型糖尿病 9 年，糖化居高不下"),
)


def add_open_consults(rows: Rows, places: Places, now: datetime) -> None:
    by_subject = {scenario.subject: scenario for scenario in SCENARIOS}
    for standing in STANDING:
        _add(rows, places, standing, by_subject[standing.subject], now - timedelta(hours=standing.hours))


def _add(rows: Rows, places: Places, standing: Standing, scenario: Scenario, at: datetime) -> None:
    people = places.province.people
    requester, requesting = places.asking(standing.county)
    receiving = places.province.hospital
    consult = add_consult(
        rows,
        scenario,
        at,
        id=rows.id_at(at),
        patient=add_patient(rows, places, scenario, requesting, at, ""),
        requesting_organisation=requesting,
        receiving_organisation=receiving,
        requester=requester,
        coordinator=people["coordinator"],
        expert=people["expert"] if standing.is_for_demo_expert else places.expert(scenario.specialty, receiving),
        urgency=standing.urgency,
    )
    _bring_to(rows, consult, scenario, standing, second=people["expert2"])
    add_scopes(rows, places, consult)


def _bring_to(rows: Rows, consult: Consult, scenario: Scenario, standing: Standing, *, second: Any) -> None:
    if standing.state in {"submitted", "in_triage", "awaiting_information"}:
        consult.expert_id = None
    if standing.state == "submitted":
        consult.coordinator_id = None
    if standing.state == "awaiting_information":
        tell(rows, consult, scenario, "in_triage", second_id=second.pk, hours=standing.hours)
        wait_for_information(rows, consult, consult.created_at + timedelta(hours=standing.hours * 0.9))
        consult.state = standing.state
    else:
        tell(rows, consult, scenario, standing.state, second_id=second.pk, hours=standing.hours)
