"""The people a visitor of the demo can be, and the one password and one-time secret they share.

These values are public. They stand here and nowhere else, and sign-in refuses them wherever `XINGLIN_IS_DEMO` is off
(`directory.services.demo_guard`, system check `directory.E001`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD = "apricot-grove-2026"  # noqa: S105
TOTP_SECRET = "KFUW4Z3KNFQW4ZZANVSWI2LDMFWCA43D"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`place` and `granted_at` are organisation codes (see organisations.py); the grant is at `place` when empty."""

    username: str
    name: str
    name_en: str
    title: str
    place: str
    specialty: str
    roles: tuple[str, ...] = ()
    granted_at: str = ""
    group: str = "care"
    sees: str | Promise = ""


PROVINCE, HOSPITAL = "QJ", "QJ-H1"
COUNTY_A, HOSPITAL_A = "QJ-C01-X01", "QJ-C01-X01-H"
COUNTY_B, HOSPITAL_B = "QJ-C01-X02", "QJ-C01-X02-H"
CITY_HOSPITAL, OTHER_CITY_HOSPITAL = "QJ-C01-H", "QJ-C10-H"
VILLAGE_A = "QJ-C01-X01-T1-V1"

GROUPS: tuple[tuple[str, str | Promise], ...] = (
    ("care", _("Consults and referrals")),
    ("teaching", _("Cases, courses and learning")),
    ("oversight", _("Management and supervision")),
    ("administration", _("Administration, three separate persons")),
)

DEMO_PEOPLE = (
    DemoPerson(
        "requester",
        "林晓禾",
        "Lin Xiaohe",
        "主治医师",
        HOSPITAL_A,
        "cardiology",
        ("requester",),
        group="care",
        sees=_("Own hospital’s patients, asks for consults"),
    ),
    DemoPerson(
        "learner",
        "杜小满",
        "Du Xiaoman",
        "乡村医生",
        VILLAGE_A,
        "general_practice",
        group="teaching",
        sees=_("Takes courses, earns credits, no patients"),
    ),
    DemoPerson(
        "requester2",
        "纪南乔",
        "Ji Nanqiao",
        "主治医师",
        "QJ-C10-X01-H",
        "respiratory",
        ("requester",),
        group="care",
        sees=_("A second county, its own patients"),
    ),
    DemoPerson(
        "learner2",
        "易小寒",
        "Yi Xiaohan",
        "乡村医生",
        "QJ-C10-X01-T1-V1",
        "general_practice",
        group="teaching",
        sees=_("Takes courses in the second county"),
    ),
    DemoPerson(
        "outsider",
        "赵临川",
        "Zhao Linchuan",
        "主治医师",
        HOSPITAL_B,
        "respiratory",
        group="care",
        sees=_("Another county, no patients"),
    ),
    DemoPerson(
        "coordinator",
        "何以宁",
        "He Yining",
        "主管护师",
        HOSPITAL,
        "telemedicine",
        ("coordinator",),
        group="care",
        sees=_("Every incoming consult, triages and assigns"),
    ),
    DemoPerson(
        "expert",
        "陈牧之",
        "Chen Muzhi",
        "主任医师",
        HOSPITAL,
        "cardiology",
        ("expert",),
        group="care",
        sees=_("Assigned consults, writes and signs opinions"),
    ),
    DemoPerson(
        "expert2",
        "宋怀远",
        "Song Huaiyuan",
        "主任医师",
        HOSPITAL,
        "ultrasound",
        ("expert",),
        group="care",
        sees=_("Checks and signs reports"),
    ),
    DemoPerson(
        "reporting_doctor",
        "苏见微",
        "Su Jianwei",
        "主治医师",
        HOSPITAL,
        "ultrasound",
        ("reporting_doctor",),
        group="care",
        sees=_("Writes reports, someone else signs"),
    ),
    DemoPerson(
        "deid_officer",
        "周砚秋",
        "Zhou Yanqiu",
        "主管技师",
        HOSPITAL,
        "radiology",
        ("deid_officer",),
        group="teaching",
        sees=_("Confirms that images show nobody"),
    ),
    DemoPerson(
        "deid_officer2",
        "方知远",
        "Fang Zhiyuan",
        "主治医师",
        HOSPITAL,
        "radiology",
        ("deid_officer",),
        group="teaching",
        sees=_("Second reader of the same images"),
    ),
    DemoPerson(
        "author",
        "叶问渠",
        "Ye Wenqu",
        "副主任医师",
        HOSPITAL,
        "cardiology",
        ("author",),
        group="teaching",
        sees=_("Builds courses from cases"),
    ),
    DemoPerson(
        "reviewer",
        "沈知行",
        "Shen Zhixing",
        "主任医师",
        CITY_HOSPITAL,
        "cardiology",
        ("reviewer",),
        group="teaching",
        sees=_("Reviews courses and cases, blind"),
    ),
    DemoPerson(
        "reviewer2",
        "罗映真",
        "Luo Yingzhen",
        "副主任医师",
        OTHER_CITY_HOSPITAL,
        "ultrasound",
        ("reviewer",),
        group="teaching",
        sees=_("The other reviewer"),
    ),
    DemoPerson(
        "editor",
        "季怀瑾",
        "Ji Huaijin",
        "副主任医师",
        HOSPITAL,
        "telemedicine",
        ("editor",),
        group="teaching",
        sees=_("Edits and publishes teaching cases"),
    ),
    DemoPerson(
        "manager",
        "孟令仪",
        "Meng Lingyi",
        "主管护师",
        HOSPITAL_A,
        "nursing",
        ("manager",),
        COUNTY_A,
        group="oversight",
        sees=_("Who in the county is short of credits"),
    ),
    DemoPerson(
        "supervisor",
        "许闻笙",
        "Xu Wensheng",
        "处长",
        PROVINCE,
        "",
        ("supervisor",),
        group="oversight",
        sees=_("Figures of the whole province"),
    ),
    DemoPerson(
        "credit_officer",
        "秦若谷",
        "Qin Ruogu",
        "主任科员",
        PROVINCE,
        "",
        ("credit_officer",),
        group="oversight",
        sees=_("The credit ledger; reverses and revokes"),
    ),
    DemoPerson(
        "admin",
        "江予安",
        "Jiang Yu'an",
        "工程师",
        PROVINCE,
        "",
        ("system_admin",),
        group="administration",
        sees=_("Organisations and people"),
    ),
    DemoPerson(
        "security_admin",
        "顾守诚",
        "Gu Shoucheng",
        "工程师",
        PROVINCE,
        "",
        ("security_admin",),
        group="administration",
        sees=_("Roles, sessions, keys"),
    ),
    DemoPerson(
        "audit_admin",
        "严可均",
        "Yan Kejun",
        "审计师",
        PROVINCE,
        "",
        ("audit_admin",),
        group="administration",
        sees=_("The audit trail"),
    ),
    DemoPerson(
        "colleague",
        "柏清和",
        "Bai Qinghe",
        "主治医师",
        HOSPITAL_A,
        "cardiology",
        ("requester",),
        group="care",
        sees=_("Same hospital as Lin Xiaohe: confirms as second person"),
    ),
)
