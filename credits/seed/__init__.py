"""What the year's learning brought: entries and certificates for every completion, one reversal, one revocation."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from cms import api as cms
from core import audit
from core.actor import SYSTEM
from core.ids import seeded_uuid7
from credits.models import Certificate, CreditActivity, CreditEntry, Scheme, SchemeVersion
from credits.selectors.repeating import counts_as
from credits.selectors.years import version_in_force
from credits.services import activities, certifying, crediting, schemes
from credits.services.activities import ensure_activity, local_day
from directory.api import SeededProvince, actor_for_person, get_people, masked_phones
from lms.api import list_completions
from lms.contracts import CompletionFacts

ENTERED_AFTER = timedelta(seconds=4)
REVERSED_OF = "requester"  # whose first credit was reversed, and its certificate revoked with it
REASON = "与院内学分系统重复入账"
SHARES = (0.35, 0.55, 0.7, 0.8, 0.88, 0.94, 1.0)
DILIGENCE = {"requester": 0.75, "learner": 0.7}
#: (days ago, title, subject, credits, hours) of activities outside the platform, as the earlier system held them.
OUTSIDE = (
    (352, "全省感染防控线下轮训", "public", "1.5", "6"),
    (321, "急诊能力提升班（第一期）", "professional", "3.0", "10"),
    (288, "医德医风与患者安全", "public", "1.5", "6"),
    (255, "县域慢病管理线下培训", "professional", "3.0", "10"),
    (224, "传染病防治法修订要点", "public", "1.5", "6"),
    (190, "基层合理用药线下培训", "professional", "3.0", "10"),
    (157, "急诊能力提升班（第二期）", "professional", "3.0", "10"),
    (126, "病历书写与法律责任", "public", "2.0", "8"),
    (98, "省级学术年会", "professional", "4.0", "12"),
    (66, "护理与院感质量月", "public", "1.5", "6"),
    (41, "影像阅片线下工作坊", "professional", "3.0", "10"),
    (17, "冬季呼吸道疾病线下培训", "professional", "2.5", "8"),
)


def seed(*, rng: Random, province: SeededProvince, now: datetime) -> None:
    """Entries dated as the completions are. PDFs are made when somebody asks for one."""
    scheme = schemes.install_shipped()
    for card in cms.list_published():
        activities.announce(edition_id=card.edition_id, now=now)
    completions = list_completions()
    versions = {day: version_in_force(scheme, day) for day in {local_day(c.completed_at) for c in completions}}
    entries = [
        _entry(rng, completion, version)
        for completion in completions
        if (version := versions[local_day(completion.completed_at)]) is not None
    ]
    brought = _brought_in(rng, province, scheme, now)
    CreditEntry.unscoped.bulk_create([*entries, *brought], batch_size=500)
    scores = {f"completion:{c.id}": str(c.score) for c in completions}
    Certificate.unscoped.bulk_create(_certificates(rng, entries, scores), batch_size=500)
    audit.record_many(
        audit.Happening(
            action="credit.entered",
            actor=SYSTEM,
            subject_type="credit_entry",
            subject_id=entry.pk,
            at=entry.entered_at,
            organisation_path=entry.organisation.path if entry.organisation else "",
            details={"credits": str(entry.credits), "source": entry.source},
        )
        for entry in CreditEntry.unscoped.select_related("organisation").order_by("entered_at", "id")
    )
    _reverse_one(province, now)
    scheme.versions.filter(valid_from__lte=local_day(now)).update(began_at=now)


def _entry(rng: Random, completion: CompletionFacts, version: SchemeVersion) -> CreditEntry:
    entered = completion.completed_at + ENTERED_AFTER
    activity = ensure_activity(cms.get_edition(completion.edition_id), version, entered)
    return CreditEntry(
        id=seeded_uuid7(rng, entered),
        person_id=completion.person_id,
        organisation_id=completion.organisation_id,
        scheme_version=version,
        activity=activity,
        source=f"completion:{completion.id}",
        counts_as=counts_as(completion.course_id, version, local_day(completion.completed_at)),
        credits=activity.credits,
        hours=activity.hours,
        earned_on=local_day(completion.completed_at),
        entered_at=entered,
    )


def _brought_in(rng: Random, province: SeededProvince, scheme: Scheme, now: datetime) -> list[CreditEntry]:
    """What people had earned outside, brought in month by month from the hospitals' earlier system. How diligent
    somebody is decides how many of the activities they took part in.
    """
    activities_at = [(activity, now - timedelta(days=days)) for activity, days in _outside_activities(scheme, now)]
    rows = []
    for username, person in province.people.items():
        place = province.membership(person).organisation
        if place.kind == "authority":
            continue
        diligence = DILIGENCE.get(username) or rng.choice(SHARES)
        for activity, at in activities_at:
            if rng.random() < diligence:
                rows.append(_outside_entry(rng, person, place, activity, at))
    return rows


def _outside_entry(rng: Random, person: Any, place: Any, activity: CreditActivity, at: datetime) -> CreditEntry:
    return CreditEntry(
        id=seeded_uuid7(rng, at),
        person=person,
        organisation=place,
        scheme_version=activity.scheme_version,
        activity=activity,
        source=f"brought_in:{activity.project_number}",
        credits=activity.credits,
        hours=activity.hours,
        earned_on=local_day(at - timedelta(days=2)),
        entered_at=at,
    )


def _outside_activities(scheme: Scheme, now: datetime) -> list[tuple[CreditActivity, int]]:
    """Each activity with how many days ago its credits were brought in. Nothing older than the oldest scheme."""
    made = []
    for number, (days, title, subject, credits, hours) in enumerate(OUTSIDE, 1):
        day = local_day(now - timedelta(days=days + 2))
        version = version_in_force(scheme, day)
        if version is None:
            continue
        activity = CreditActivity.objects.create(
            scheme_version=version,
            project_number=f"{day.year}-QJ-W-{number:03d}",
            title=title,
            category="brought_in",
            credit_class="II",
            subject=subject,
            credits=Decimal(credits),
            hours=Decimal(hours),
            created_at=now - timedelta(days=days),
        )
        made.append((activity, days))
    return made


def _certificates(rng: Random, entries: list[CreditEntry], scores: dict[str, str]) -> list[Certificate]:
    prefetch_related_objects(entries, "organisation")
    people: set[UUID] = {entry.person_id for entry in entries}
    cards, phones = get_people(people), masked_phones(people)
    return [
        Certificate(
            id=seeded_uuid7(rng, entry.entered_at),
            number=certifying.new_number(entry.earned_on.year, rng.choice),
            person_id=entry.person_id,
            entry=entry,
            snapshot=certifying.snapshot_of(
                entry,
                cms.get_edition(entry.activity.edition_id),
                card=cards.get(entry.person_id),
                masked_id=phones.get(entry.person_id, ""),
                score=scores[entry.source],
                now=entry.entered_at,
            ),
            issued_at=entry.entered_at,
        )
        for entry in entries
    ]


def _reverse_one(province: SeededProvince, now: datetime) -> None:
    """By the credit officer, through the service: a second line, a revoked certificate, two audit entries."""
    person = province.people[REVERSED_OF]
    entry = CreditEntry.unscoped.filter(person=person, source__startswith="completion:").order_by("entered_at").first()
    officers = province.holders("credit_officer")
    if entry is None or not officers:
        return
    crediting.reverse_entry(
        actor=actor_for_person(officers[0].pk, now),
        entry_id=entry.pk,
        reason=REASON,
        reversal_id=None,
        now=min(entry.entered_at + timedelta(days=9), now),
    )
