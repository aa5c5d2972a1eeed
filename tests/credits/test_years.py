"""The credit year has the days of its cycle, not those of the calendar; a day is the local day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from core.notify.models import Notification
from credits import api, selectors
from credits.errors import SchemeBesideAnother
from credits.models import CreditEntry, Scheme
from credits.selectors.years import named, year_on, years_of_scheme
from credits.services import crediting, schemes
from credits.services.schemes import install
from lms.models import Enrolment
from tests.credits.test_repeating import completed
from tests.factories.people import make_organisation, make_person

pytestmark = pytest.mark.django_db
SUMMER = [{"year": year, "starts_on": f"{year}-07-01", "ends_on": f"{year + 1}-06-30"} for year in (2025, 2026, 2027)]


def summer_scheme(organisation, *, versions=(("2025-1", "2025-01-01", SUMMER),), **rules):
    shipped = schemes.install_shipped()
    heads = {name: f"XJ {name}" for name in ("name", "name_en", "authority", "authority_en")}
    rows = [
        {"number": number, "valid_from": begins, "years": years, "rules": {**shipped.versions.last().rules, **rules}}
        for number, begins, years in versions
    ]
    return install({"code": "XJ", **heads, "organisation": organisation.pk, "versions": rows})


@pytest.fixture
def own_scheme(world):
    """The only one that covers the hospital, with years from July to June."""
    return summer_scheme(world.hospital)


def passed_on(person, edition, at: datetime) -> CreditEntry:
    Enrolment.unscoped.filter(person=person).update(state="expired")
    entry = crediting.credit_completion(completion_id=completed(person, edition, at).pk, now=at)
    assert entry is not None
    return entry


def test_the_last_evening_of_a_credit_year_counts_in_it_and_the_next_minute_in_the_next(
    own_scheme, world, learner, browser
):
    # given the same course passed at 23:30 on 30 June and at 00:30 on 1 July, local time
    evening = passed_on(learner, world.edition, datetime(2027, 6, 30, 15, 30, tzinfo=UTC))
    night = passed_on(learner, world.edition, datetime(2027, 6, 30, 16, 30, tzinfo=UTC))

    # then each counts, in its own year
    assert (evening.earned_on, night.earned_on) == (date(2027, 6, 30), date(2027, 7, 1))
    assert evening.counts_as.endswith(":2026-07-01:0")
    assert night.counts_as.endswith(":2027-07-01:0")
    for year, entry in ((2026, evening), (2027, night)):
        shown = api.get_transcript(learner.pk, year)
        assert (shown.credits, shown.ends_on) == (Decimal("0.60"), date(year + 1, 6, 30))
        page = browser.get(reverse("credits:transcript"), {"year": year}).content.decode()
        assert reverse("credits:certificate", args=[entry.certificate.pk]) in page
        lines = browser.get(reverse("credits:export"), {"year": year}).content.decode("utf-8-sig").splitlines()
        assert [line.split(",")[2] for line in lines[1:-1]] == [entry.earned_on.isoformat()]
        assert ",0.60,1.00," in lines[-1]
    assert "2026-07-01" in browser.get(reverse("credits:print"), {"year": 2026}).content.decode()


def test_a_year_of_the_same_name_in_another_scheme_is_another_year(scheme, world, learner):
    # given a line of January 2026 under the shipped scheme, whose years are those of the calendar
    first = passed_on(learner, world.edition, datetime(2026, 1, 16, 3, tzinfo=UTC))
    # and a scheme of their own since, whose year 2026 lasts from July 2026 to June 2027
    summer_scheme(world.hospital)

    # when the course is passed again in February 2027, and once more in that year
    second = passed_on(learner, world.edition, datetime(2027, 2, 1, 3, tzinfo=UTC))
    third = passed_on(learner, world.edition, datetime(2027, 6, 1, 3, tzinfo=UTC))

    # then the year of each holds one line
    assert (second == first, third == second) == (False, True)
    course = world.edition.course_id
    lines = CreditEntry.unscoped.order_by("earned_on").values_list("counts_as", "credits")
    assert list(lines) == [
        (f"course:{course}:2026-01-01:0", Decimal("0.60")),
        (f"course:{course}:2026-07-01:0", Decimal("0.60")),
    ]
    told = Notification.objects.filter(person=learner.pk, kind="credits.repeated")
    assert told.count() == 1


def test_a_line_whose_key_names_the_year_by_its_number_holds(scheme, world, learner):
    # given a line from before keys named the year by its first day
    held = passed_on(make_person(world.hospital), world.edition, datetime(2026, 3, 1, 3, tzinfo=UTC))
    old = CreditEntry.unscoped.create(
        person=learner,
        organisation=world.hospital,
        scheme_version=held.scheme_version,
        activity=held.activity,
        source="completion:before",
        counts_as=f"course:{world.edition.course_id}:2026:0",
        credits=held.credits,
        hours=held.hours,
        earned_on=held.earned_on,
        entered_at=held.entered_at,
    )

    # when the course is passed again in that year, the line of before holds; the year after brings a new one
    again = passed_on(learner, world.edition, datetime(2026, 11, 1, 3, tzinfo=UTC))
    after = passed_on(learner, world.edition, datetime(2027, 3, 1, 3, tzinfo=UTC))

    assert again == old
    assert after.counts_as == f"course:{world.edition.course_id}:2027-01-01:0"
    assert CreditEntry.unscoped.filter(person=learner).count() == 2


def test_in_spring_the_year_that_began_last_summer_is_shown(own_scheme, world, learner):
    passed_on(learner, world.edition, datetime(2026, 3, 1, 3, tzinfo=UTC))

    years = selectors.my_years(learner.pk)

    assert year_on(years, date(2026, 3, 1)).year == 2025
    assert selectors.years_with_lines(learner.pk, years) == {2025}
    assert api.get_transcript(learner.pk, 2025).credits == Decimal("0.60")
    assert api.get_transcript(learner.pk, 2026).credits == 0


def test_the_year_in_which_the_dates_change_leaves_no_day_out():
    # given calendar years, and a version of July 2026 with years from July to June
    years = years_of_scheme(
        summer_scheme(
            make_organisation(), versions=(("1", "2025-01-01", [2025, 2026, 2027]), ("2", "2026-07-01", SUMMER[1:]))
        )
    )

    assert named(years, 2025).days == (date(2025, 1, 1), date(2025, 12, 31))
    assert named(years, 2026).days == (date(2026, 1, 1), date(2027, 6, 30))
    assert named(years, 2027).days == (date(2027, 7, 1), date(2028, 6, 30))
    assert [year_on(years, date(2026, month, 1)).year for month in (1, 6, 7, 12)] == [2026] * 4
    assert named(years, 2031).days == (date(2031, 1, 1), date(2031, 12, 31))
    assert named(years, 2031).requirement is None


def test_another_schemes_years_are_not_mine(scheme, world, learner):
    # given a scheme elsewhere, with a newer version and other years
    summer_scheme(make_organisation(), versions=(("2026-9", "2026-10-01", SUMMER[1:]),))

    shown = api.get_transcript(learner.pk, 2026)

    assert shown.ends_on == date(2026, 12, 31)


@pytest.mark.parametrize("step", ["0.25", "0.05", "0"])
def test_a_step_that_pages_cannot_show_is_not_installed(step):
    with pytest.raises(ValueError, match="credit_step"):
        summer_scheme(make_organisation(), credit_step=step)


def test_a_second_scheme_for_the_same_people_is_refused():
    # given the shipped scheme for everybody, and a hospital's own
    shipped, hospital = schemes.read_scheme(schemes.SHIPPED), make_organisation()
    summer_scheme(hospital)
    before = list(Scheme.objects.order_by("code").values_list("code", "organisation"))

    # when another is installed for everybody, or for the same hospital
    for organisation, code in ((None, shipped["code"]), (hospital.pk, "XJ")):
        with pytest.raises(SchemeBesideAnother) as refused:
            install(shipped | {"code": "AA", "organisation": organisation})
        assert code in refused.value.sentence()

    # then it is not there, and one's own code still takes versions
    assert list(Scheme.objects.order_by("code").values_list("code", "organisation")) == before
    assert len(before) == 2
    assert install(shipped).code == shipped["code"]
