"""A consult on its way: two hospitals, their people, and the steps up to a wanted state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from consult_bridge import api
from consult_bridge.contracts import ConsultRequest, LabRow, PatientData, RecordData
from consult_bridge.models import Consult, ConsultStudy, Report
from consult_bridge.services.opinions import OpinionText
from consult_bridge.services.reports import ReportText
from core.actor import Actor
from core.ids import uuid7
from directory.models import Organisation
from tests.factories.pages import paper
from tests.factories.people import make_actor, make_organisation, make_person

TEXT = OpinionText(
    findings="心尖四腔心切面显示清楚。",
    impression="切面内未见心包积液。",
    recommendation="建议完善常规超声心动图检查。",
    template="echo",
)
PDF = paper()


@dataclass(frozen=True)
class Bridge:
    """A county hospital that asks, a provincial one that answers, a sibling county, and one actor of each part."""

    province: Organisation
    county: Organisation
    hospital: Organisation
    sibling: Organisation
    centre: Organisation
    requester: Actor
    coordinator: Actor
    expert: Actor
    second: Actor
    writer: Actor
    outsider: Actor
    learner: Actor


def make_bridge() -> Bridge:
    province = make_organisation(kind="authority")
    centre = make_organisation(province)
    city = make_organisation(province, kind="authority")
    county = make_organisation(city, kind="authority")
    hospital = make_organisation(county)
    sibling = make_organisation(make_organisation(city, kind="authority"))
    return Bridge(
        province,
        county,
        hospital,
        sibling,
        centre,
        requester=make_actor(make_person(hospital, "requester", name="林晓禾")),
        coordinator=make_actor(make_person(centre, "coordinator", name="何以宁")),
        expert=make_actor(make_person(centre, "expert", name="陈牧之")),
        second=make_actor(make_person(centre, "expert", name="宋怀远")),
        writer=make_actor(make_person(centre, "reporting_doctor", name="苏见微")),
        outsider=make_actor(make_person(sibling, "requester", name="赵临川")),
        learner=make_actor(make_person(hospital, name="杜小满")),
    )


def make_request(bridge: Bridge, **changes: Any) -> ConsultRequest:
    """A complete request for remote consultation."""
    values: dict[str, Any] = {
        "patient": PatientData("岑望舒", "female", date(1964, 3, 5), "QX-2026-0817", "", "13900000001", "青溪县柳湾村"),
        "record": RecordData(
            chief_complaint="活动后气促 2 周。",
            present_history="2 周前起上二楼气促，无胸痛，无发热。",
            past_history="高血压 8 年。",
            medication="氨氯地平 5 mg 每日一次。",
            allergies="否认药物过敏。",
            examination="血压 146/88 mmHg，双肺呼吸音清，下肢无水肿。",
        ),
        "receiving_organisation_id": bridge.centre.pk,
        "specialty": "cardiology",
        "service_type": "remote_consultation",
        "urgency": "urgent",
        "subject": "活动后气促，床旁超声请会诊",
        "question": "是否需要上转完善检查？",
        "accession_number": "US26112201",
        "vitals": {
            "pulse": Decimal(84),
            "respiration": Decimal(20),
            "systolic": Decimal(146),
            "diastolic": Decimal(88),
        },
        "labs": [
            LabRow("NT-proBNP", Decimal(value), "pg/mL", Decimal(0), Decimal(300), date(2026, 11, day))
            for value, day in ((420, 12), (510, 20))
        ],
    }
    return ConsultRequest(**values | changes)


def consult_in(bridge: Bridge, state: str, now: datetime, **changes: Any) -> Consult:
    """A consult that went the whole way to `state`: submitted, assigned, accepted, drafting, under_review, signed or
    closed, one minute a step."""
    consult_id = uuid7()
    for step, (name, walk) in enumerate(_WALK):
        walk(bridge, consult_id, now + timedelta(minutes=step), changes)
        if name == state:
            return Consult.unscoped.get(pk=consult_id)
    raise ValueError(state)


def _submit(bridge: Bridge, consult_id: UUID, now: datetime, changes: dict[str, Any]) -> None:
    api.submit_consult(actor=bridge.requester, consult_id=consult_id, request=make_request(bridge, **changes), now=now)


def _assign(bridge: Bridge, consult_id: UUID, now: datetime, changes: dict[str, Any]) -> None:
    api.assign(actor=bridge.coordinator, consult_id=consult_id, expert_id=_id(bridge.expert), now=now)


def _accept(bridge: Bridge, consult_id: UUID, now: datetime, changes: dict[str, Any]) -> None:
    api.accept(actor=bridge.expert, consult_id=consult_id, now=now)


def _save(bridge: Bridge, consult_id: UUID, now: datetime, changes: dict[str, Any]) -> None:
    api.save_opinion(actor=bridge.expert, consult_id=consult_id, text=TEXT, revision=0, now=now)


def _submit_opinion(bridge: Bridge, consult_id: UUID, now: datetime, changes: dict[str, Any]) -> None:
    api.submit_opinion(actor=bridge.expert, consult_id=consult_id, now=now)


def _sign(bridge: Bridge, consult_id: UUID, now: datetime, changes: dict[str, Any]) -> None:
    api.sign_opinion(actor=bridge.second, consult_id=consult_id, revision=1, now=now)


def _close(bridge: Bridge, consult_id: UUID, now: datetime, changes: dict[str, Any]) -> None:
    api.close_consult(
        actor=bridge.requester, consult_id=consult_id, outcome="referred", usefulness=5, comment="已上转。", now=now
    )


_WALK = (
    ("submitted", _submit),
    ("assigned", _assign),
    ("accepted", _accept),
    ("drafting", _save),
    ("under_review", _submit_opinion),
    ("signed", _sign),
    ("closed", _close),
)


def _id(actor: Actor) -> UUID:
    assert actor.person_id is not None
    return actor.person_id


def signed_form() -> SimpleUploadedFile:
    """A consent form as a scanner sends it."""
    return SimpleUploadedFile("consent.pdf", PDF, content_type="application/pdf")


REPORT = ReportText(
    examination="US 床旁心脏超声 2026-11-22",
    technique="心尖四腔心切面，灰阶动态图，未叠加彩色多普勒。",
    findings="左室腔收缩期明显变小。右室游离壁显示欠清。",
    impression="单一切面目测：左室收缩功能未见明显减低。",
    template="echo",
)


def study_of(consult: Consult, now: datetime) -> UUID:
    """The id of a study that is attached to the consult; the archive itself holds none of it."""
    row = ConsultStudy.unscoped.create(consult=consult, study_id=uuid7(), how="matched", attached_at=now)
    return row.study_id


def report_in(
    bridge: Bridge, state: str, now: datetime, *, text: ReportText = REPORT, consult: str = "accepted"
) -> Report:
    """A report on the study of a consult, up to drafting, under_review, returned, signed or amended; one minute a
    step. The reporting doctor writes, the second expert checks."""
    asked = consult_in(bridge, consult, now - timedelta(minutes=10))
    where: dict[str, Any] = {"consult_id": asked.pk, "study_id": study_of(asked, now)}
    api.save_report(actor=bridge.writer, **where, text=text, revision=0, now=now)
    if state != "drafting":
        api.submit_report(actor=bridge.writer, **where, now=now + timedelta(minutes=1))
    if state == "returned":
        api.return_report(actor=bridge.second, **where, reason="请写明未评价的部分。", now=now + timedelta(minutes=2))
    if state in {"signed", "amended"}:
        api.sign_report(actor=bridge.second, **where, revision=1, now=now + timedelta(minutes=2))
    if state == "amended":
        later = now + timedelta(minutes=3)
        api.amend_report(actor=bridge.writer, **where, reason="补写右室。", now=later)
        api.submit_report(actor=bridge.writer, **where, now=later)
        api.sign_report(actor=bridge.second, **where, revision=2, now=later + timedelta(minutes=1))
    return Report.unscoped.get(**where, version=1)
