"""Release a closed consult for teaching, knowing who must not be recognised in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from consult_bridge import policies
from consult_bridge.contracts import CaseFacts, ProposableConsult
from consult_bridge.errors import ConsentMissing, NotClosedYet
from consult_bridge.models import (
    ClinicalRecord,
    ConsentRelease,
    Consult,
    LabResult,
    Opinion,
    Report,
    TeachingConsent,
    TeachingReason,
    VitalSign,
)
from consult_bridge.selectors.consults import get_consult
from consult_bridge.selectors.people import people_among
from consult_bridge.selectors.record import PROPOSED
from consult_bridge.services import sharing
from consult_bridge.services.moving import add_step, lock_consult, record, require
from consult_bridge.vocabulary import VITALS
from core.actor import Actor
from directory import api as directory
from directory.contracts import PersonCard
from media_pipeline import api as media
from media_pipeline.contracts import PatientIdentifiers

RECORD_TEXTS = (
    "chief_complaint",
    "present_history",
    "past_history",
    "medication",
    "allergies",
    "examination",
)
REASON_TEXT = "teaching_reason"
"""The key of the proposer's reason among a release's texts."""

PATIENT_TEXT = "patient"
"""The key of the line that says sex and age; de-identification leaves a band of the age."""

LONGEST_REASON = 400
SMALLEST_SHOWN = 5


def propose_for_teaching(*, actor: Actor, consult_id: UUID, reason: str, now: datetime) -> ProposableConsult:
    """Keep why the actor wants to teach from a closed consult. The text stays on this side until a release cleans it.

    A second proposal replaces the text; `is_repeated` where the same person had written the same. Raises NotClosedYet,
    Forbidden, ConsultNotFound.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        _require_proposable(actor, consult)
        text = reason.strip()[:LONGEST_REASON]
        kept = TeachingReason.unscoped.filter(consult=consult, written_by=actor.person_id).first()
        defaults = {"text": text, "written_by_id": actor.person_id, "written_at": now}
        TeachingReason.unscoped.update_or_create(consult=consult, defaults=defaults)
        add_step(consult, PROPOSED, actor=actor, now=now)
        record(consult, "consult.proposed_for_teaching", actor=actor, now=now)
    return replace(_as_proposable(consult), is_repeated=kept is not None and kept.text == text)


def _require_proposable(actor: Actor, consult: Consult) -> None:
    require(policies.takes_part(actor, consult, "case.propose"))
    if not policies.may_propose(actor, consult):
        raise _not_closed(actor, consult)


def _not_closed(actor: Actor, consult: Consult) -> NotClosedYet:
    """With the way on for this person: who may close it does that first."""
    if policies.may_close(actor, consult):
        error = NotClosedYet()
        error.way = (_("Close with feedback"), reverse("consult_bridge:close", args=[consult.pk]))
        return error
    error = NotClosedYet(next_step=_("The hospital that asked closes it, once the opinion is signed."))
    error.way = (_("Open the consult"), reverse("consult_bridge:consult", args=[consult.pk]))
    return error


def _as_proposable(consult: Consult, reason: str = "") -> ProposableConsult:
    return ProposableConsult(consult.pk, consult.receiving_organisation_id, consult.specialty, reason)


def consented_consults(actor: Actor, *, subject: str) -> list[UUID]:
    """Ids of the closed consults on this subject, with a valid consent, that this participant may propose."""
    rows = policies.proposable_by(actor).filter(subject=subject, consents__withdrawn_at__isnull=True)
    return list(rows.filter(consents__isnull=False).order_by("ended_at").values_list("pk", flat=True))


def is_proposable(actor: Actor, consult_id: UUID) -> bool:
    """Whether this participant may propose this consult for teaching now."""
    return policies.proposable_by(actor).filter(pk=consult_id).exists()


def read_proposable(*, actor: Actor, consult_id: UUID, now: datetime) -> ProposableConsult:
    """The consult as its proposal page shows it to a participant, with the reason written so far; audited.

    Raises NotClosedYet, Forbidden, ConsultNotFound.
    """
    consult = get_consult(actor, consult_id, now=now)
    _require_proposable(actor, consult)
    kept = TeachingReason.objects.visible_to(actor).filter(pk=consult.pk).first()
    if kept is not None:
        record(consult, "consult.teaching_reason_read", actor=actor, now=now)
    return _as_proposable(consult, kept.text if kept else "")


def release_for_teaching(*, actor: Actor, consult_id: UUID, now: datetime) -> UUID:
    """Start a teaching release of a closed, consented consult. Only the release's id leaves this room.

    Raises NotClosedYet, ConsentMissing, Forbidden, ConsultNotFound.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        _require_proposable(actor, consult)
        consent = (
            TeachingConsent.unscoped.select_for_update(of=("self",))
            .filter(consult=consult, withdrawn_at__isnull=True)
            .first()
        )
        if consent is None:
            raise ConsentMissing
        release_id = media.start_release(
            study_ids=sharing.released_ids(consult),
            texts=teaching_texts(consult),
            identifiers=identifiers_of(consult),
            organisation_id=consult.receiving_organisation_id,
            images_until=consult.ended_at,
            now=now,
            actor=actor,
        )
        ConsentRelease.objects.create(release_id=release_id, consent=consent, created_at=now)
        record(consult, "consult.released_for_teaching", actor=actor, now=now, details={"release": str(release_id)})
        return release_id


def teaching_texts(consult: Consult) -> dict[str, str]:
    """The texts that the release de-identifies, by field. Values as rows are written out as lines."""
    kept = ClinicalRecord.unscoped.filter(consult=consult).first()
    texts = {name: getattr(kept, name) for name in RECORD_TEXTS} if kept else {}
    texts[PATIENT_TEXT] = _patient_line(consult)
    texts["question"] = consult.question
    with translation.override(settings.LANGUAGE_CODE):  # the case's language is not that of who proposed it
        texts["vitals"] = "\n".join(_vital_line(vital) for vital in consult.vitals.all())
    texts["labs"] = "\n".join(_lab_line(lab) for lab in consult.labs.all())
    opinion = Opinion.unscoped.filter(consult=consult, state="signed").first()
    if opinion:
        texts |= {
            "findings": opinion.findings,
            "impression": opinion.impression,
            "recommendation": opinion.recommendation,
        }
    reason = TeachingReason.unscoped.filter(pk=consult.pk).first()
    texts[REASON_TEXT] = reason.text if reason else ""
    texts["imaging_report"] = "\n\n".join(_report_text(report) for report in _reports_in_force(consult))
    return {name: text for name, text in texts.items() if text}


def _vital_line(vital: VitalSign) -> str:
    return f"{VITALS[vital.kind].label} {_plain(vital.value)} {vital.unit}"


def _patient_line(consult: Consult) -> str:
    """Sex and age as a Chinese record begins, "女，62岁。"; "" when neither is known."""
    age = consult.patient.age_on(timezone.localdate(consult.created_at))
    sex = {"female": "女", "male": "男"}.get(consult.patient.sex, "")
    words = [word for word in (sex, "" if age is None else f"{age}岁") if word]
    return "，".join(words) + "。" if words else ""


def _reports_in_force(consult: Consult) -> QuerySet[Report]:
    """The latest signed version on each study; what it replaced was wrong and is not taught."""
    return Report.unscoped.filter(consult=consult, state="signed")


def _report_text(report: Report) -> str:
    """The parts in their order; who wrote it, numbers and the correction's history stay here."""
    parts = (report.examination, report.technique, report.comparison, report.findings, report.impression)
    return "\n".join(part for part in parts if part)


def _lab_line(lab: LabResult) -> str:
    limits = f" ({_plain(lab.low)}-{_plain(lab.high)})" if lab.low is not None or lab.high is not None else ""
    return f"{lab.taken_on:%Y-%m-%d} {lab.analyte} {_plain(lab.value)} {lab.unit}{limits}"


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def identifiers_of(consult: Consult) -> PatientIdentifiers:
    """Everything in this consult that could name the patient or a participant."""
    patient = consult.patient
    people = directory.get_people(_participants(consult))
    places = {patient.address, *address_parts(patient.address)}
    for organisation_id in {
        *directory.ancestors_of(consult.requesting_organisation_id),
        *directory.ancestors_of(consult.receiving_organisation_id),
    }:
        organisation = directory.get_organisation(organisation_id)
        places |= {organisation.name, organisation.name_en}
        places |= {*address_parts(organisation.name), *_places_in_english(organisation.name_en)}
    return PatientIdentifiers(
        names=_sorted({patient.name, *_names(people.values())}),
        numbers=_sorted({patient.id_number, patient.record_number, consult.accession_number, str(patient.pk)}),
        dates=tuple(day.isoformat() for day in sorted(_dates(consult))),
        places=_sorted(places),
        phones=_sorted({patient.phone}),
    )


def _participants(consult: Consult) -> set[UUID]:
    """Everybody who asked, triaged, wrote, checked or signed."""
    found = {consult.requester_id, consult.expert_id, consult.coordinator_id, consult.checker_id}
    for written in (Opinion, Report):
        people = ("written_by", "former_writers", "checked_by", "signed_by")
        for row in written.unscoped.filter(consult=consult).values_list(*people):
            found.update(row)
    return {person for person in found if person}


HAN = r"[\u4e00-\u9fff]"
PLACE = re.compile(HAN + "{2,6}?(?:省|自治区|市|县|区|镇|乡|街道|村|社区|屯|寨)")
#: The same from level to level, since a county may have one character (沛县), a town's name hold a kind (许村镇).
LEVELS = re.compile(
    "".join(
        f"({HAN}{{1,6}}?(?:{kinds}))?"
        for kinds in ("省|自治区", "市|自治州|地区|盟", "县|区|市|旗", "镇|乡|街道|苏木", "村|社区|屯|寨")
    )
)

ENGLISH_AREA = re.compile(
    r"(?P<name>[A-Z][\w'’-]{3,}(?: [A-Z][\w'’-]+)?) "
    r"(?:Province|Provincial|City|Municipal|County|District|Town(?:ship)?|Village)\b"
)

#: Words before a level that name no place by themselves: without it they are words of any text.
NO_NAMES = frozenset(
    {
        "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Central",
        "Lower", "Upper", "Middle", "East", "Eastern", "West", "Western", "North", "Northern", "South", "Southern",
        "New", "Great", "Greater", "General", "Affiliated",
    }
)  # fmt: skip


def address_parts(address: str | None) -> set[str]:
    """The places that an address is made of: 清江省澄川市青溪县白石镇 -> 清江省, 澄川市, 青溪县, 白石镇.

    A text rarely repeats the whole address; it names the township or the village alone.
    """
    written = (address or "").strip()
    levels = LEVELS.match(written)
    return {*PLACE.findall(written), *(part for part in (levels.groups() if levels else ()) if part)}


def _places_in_english(name: str) -> set[str]:
    """The area that a house is named after, with its level and without: Qingxi County, Qingxi."""
    area = ENGLISH_AREA.match(name)
    if area is None:
        return set()
    return {area[0]} if area["name"].split()[0] in NO_NAMES else {area[0], area["name"]}


def _names(people: Iterable[PersonCard]) -> set[str]:
    return {name for person in people for name in (person.name, person.name_en)}


def _dates(consult: Consult) -> set[date]:
    moments = [consult.submitted_at, consult.signed_at, consult.ended_at]
    days = {timezone.localdate(moment) for moment in moments if moment}
    days |= set(consult.labs.values_list("taken_on", flat=True))
    reported = Report.unscoped.filter(consult=consult, signed_at__isnull=False).values_list("signed_at", flat=True)
    days |= {timezone.localdate(moment) for moment in reported if moment}
    studies = [media.get_study(study_id) for study_id in sharing.attached_ids(consult)]
    days |= {study.study_date for study in studies if study.study_date}
    if consult.patient.birth_date:
        days.add(consult.patient.birth_date)
    return days


def _sorted(values: set[str | None]) -> tuple[str, ...]:
    return tuple(sorted(value for value in values if value))


def count_like(facts: CaseFacts, *, now: datetime) -> str:
    """How many people of the last five years share sex, age band, specialty and region: "<5" or the number.

    One person who was asked about several times counts once. The region is the county of the hospital that asked.
    The exact figure below five would itself single somebody out (k-anonymity, k = 5); a release of no consult counts
    nobody.
    """
    region = _region_of(facts.release_id)
    today = timezone.localdate(now)
    rows = Consult.unscoped.filter(
        specialty=facts.specialty,
        patient__birth_date__lte=_years_before(today, facts.youngest),
        requesting_organisation__path__startswith=region or "",
        submitted_at__gte=now - timedelta(days=5 * 365),
    )
    if facts.sex:
        rows = rows.filter(patient__sex=facts.sex)
    if facts.oldest is not None:
        rows = rows.filter(patient__birth_date__gt=_years_before(today, facts.oldest))
    count = people_among(rows) if region else 0
    return f"<{SMALLEST_SHOWN}" if count < SMALLEST_SHOWN else str(count)


def _region_of(release_id: UUID) -> str:
    """The path of the region of the hospital that asked; "" for a release of no consult."""
    consent = TeachingConsent.unscoped.filter(releases__release_id=release_id).select_related("consult").first()
    return directory.region_path(consent.consult.requesting_organisation_id) if consent else ""


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February in a year that has none
        return day.replace(year=day.year - years, day=28)
