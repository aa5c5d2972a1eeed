"""What an edition is worth, and telling the catalogue."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms import api as cms
from cms.contracts import Edition
from credits import rules
from credits.models import CreditActivity, SchemeVersion
from credits.selectors.years import scheme_at, version_in_force


def local_day(moment: datetime) -> date:
    """The calendar day in the installation's time zone: credits belong to days, not to moments."""
    return timezone.localdate(moment)


def remark_on_length(organisation_id: UUID, learning_minutes: int, now: datetime) -> str:
    """For who writes or reviews a course: that it is too short for the scheme in force there; "" when it is not."""
    version = version_in_force(scheme_at(organisation_id), local_day(now))
    if version is None or not rules.award_for(version.rules, learning_minutes).is_nothing:
        return ""
    return _(
        "By the credit scheme in force, %(minutes)s learning minutes bring neither a credit nor an hour: "
        "learners who pass get no certificate. It takes %(least)s minutes or more."
    ) % {"minutes": learning_minutes, "least": rules.least_minutes(version.rules)}


def ensure_activity(edition: Edition, version: SchemeVersion, now: datetime) -> CreditActivity:
    """The edition's worth under this version, fixed when it is first asked for."""
    award = rules.award_for(version.rules, edition.learning_minutes)
    activity, _is_new = CreditActivity.objects.get_or_create(
        scheme_version=version,
        edition_id=edition.id,
        defaults={
            "course_id": edition.course_id,
            "project_number": f"{version.number[:4]}-{version.scheme.code}-{edition.code}",
            "title": edition.title[:200],
            "category": version.rules["course_category"],
            "credit_class": rules.class_of(version.rules, edition.level),
            "subject": rules.subject_of(version.rules, edition.subject),
            "credits": award.credits,
            "hours": award.hours,
            "created_at": now,
        },
    )
    return activity


@transaction.atomic
def announce(*, edition_id: UUID, now: datetime) -> CreditActivity | None:
    """Fix what an edition is worth and say so beside it; None while no version is in force for its organisation. When
    one begins, `credits.services.beginning` comes back to it. Also of an edition that has been succeeded: whoever is in
    it earns by it.
    """
    edition = cms.get_edition(edition_id)
    version = version_in_force(scheme_at(edition.organisation_id), local_day(now))
    if version is None:
        return None
    activity = ensure_activity(edition, version, now)
    cms.set_course_facts(
        edition_id=edition.id,
        facts={
            "credits": {
                "points": f"{activity.credits:.1f}",
                "hours": f"{activity.hours.normalize():f}",
                "class": activity.credit_class,
                "scheme": version.scheme.name,
                "scheme_en": version.scheme.name_en,
            }
        },
        now=now,
    )
    return activity
