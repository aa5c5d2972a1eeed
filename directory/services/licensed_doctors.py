"""What an organisation reports of its licensed doctors, entered by its system administrator."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.audit import record
from core.errors import Invalid, NotFound
from directory import area_sizes
from directory.models import Level, LicensedDoctors, Organisation, OrganisationKind
from directory.models.licensed_doctors import FIRST_YEAR

#: The most that one house of a level can have; a greater number is a typing error. The biggest hospitals of a province
#: have some 5,000 licensed doctors, a township's centre some dozens.
MOST: dict[int, int] = {
    Level.PROVINCE: 8000,
    Level.CITY: 5000,
    Level.COUNTY: 2500,
    Level.TOWNSHIP: 300,
    Level.VILLAGE: 30,
}


@transaction.atomic
def report_doctors(*, actor: Actor, organisation_id: UUID, year: int, number: int, now: datetime) -> LicensedDoctors:
    """One number for each year; a second one for the same year corrects it, and the trail keeps what it was.

    The same number again changes nothing. Raises Invalid, NotFound.
    """
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None or not actor.may("admin.system", organisation.path):
        raise NotFound
    _require_plausible(organisation, year, number, now)
    report = LicensedDoctors.objects.filter(organisation=organisation, year=year).first()
    if report is not None and report.number == number:
        return report
    before = {} if report is None else {"doctors_before": report.number}
    report = report or LicensedDoctors(organisation=organisation, year=year)
    report.number, report.entered_by_id, report.entered_at = number, actor.person_id, now
    report.save()
    record(
        action="doctors.corrected" if before else "doctors.reported", actor=actor, subject_type="organisation",
        subject_id=organisation.pk, organisation_path=organisation.path,
        details={"statistics_year": year, "doctors": number, **before}, now=now,
    )  # fmt: skip
    transaction.on_commit(partial(area_sizes.forget_sizes, organisation.path))
    return report


def _require_plausible(organisation: Organisation, year: int, number: int, now: datetime) -> None:
    if organisation.kind == OrganisationKind.AUTHORITY:
        raise Invalid(fields={"number": [_("An authority has no doctors of its own. Enter them at its hospitals.")]})
    if not FIRST_YEAR <= year <= timezone.localtime(now).year:
        raise Invalid(fields={"year": [_("A statistics year lies between 2000 and this year.")]})
    most = MOST[organisation.level]
    if not 0 <= number <= most:
        words = _("A house of this level has at most %(most)s licensed doctors. Check the number.") % {"most": most}
        raise Invalid(fields={"number": [words]})
