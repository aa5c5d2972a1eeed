"""A patient's age in the unit in which it is judged: days, months, then years."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from consult_bridge.models import Consult

MONTHS_BELOW = 36
"""Before that a year is too coarse to dose or to judge a child by."""


def age_words(birth_date: date | None, day: date) -> str:
    """On `day`: completed days below one month, completed months below three years, then completed years; empty when
    the date of birth is not known, or lies after `day`."""
    if birth_date is None or birth_date > day:
        return ""
    months = (day.year - birth_date.year) * 12 + day.month - birth_date.month - (day.day < birth_date.day)
    if months < 1:
        days = (day - birth_date).days
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if months < MONTHS_BELOW:
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    years = months // 12
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}


def age_at_request(consult: Consult) -> str:
    """As it was on the day on which the consult was asked for."""
    return age_words(consult.patient.birth_date, timezone.localdate(consult.created_at))


def age_and_sex(consult: Consult) -> str:
    """As a head says it: "66 years, male", in Chinese without a comma; what is not known is left out."""
    sex = str(consult.patient.get_sex_display())
    age = age_at_request(consult)
    if not age:
        return sex
    return pgettext("patient", "%(age)s, %(sex)s") % {"age": age, "sex": sex.lower()} if sex else age
