"""How an area stands, added up by the database: exact sums, few queries, only the people that are shown."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actor import Actor
from core.audit.models import AuditEntry
from core.ids import uuid7
from core.notify.models import Notification
from credits.models import CreditEntry, Requirement
from credits.selectors import figures
from credits.selectors.standing import each_short, short_people, standing
from credits.services import crediting, reminding
from directory.models import Membership
from lms import api as lms
from tests.credits.conftest import pass_course
from tests.credits.test_years import summer_scheme
from tests.factories.people import grant_role, make_actor, make_organisation, make_person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 26)
MANAGE = "training.manage"


@pytest.fixture
def manager(world, now) -> Actor:
    return make_actor(make_person(world.hospital, "manager"), now)


@pytest.fixture
def manager_browser(world) -> Client:
    client = Client()
    client.force_login(make_person(world.hospital, "manager"), backend="directory.backends.GrantBackend")
    return client


def add_line(entry: CreditEntry, person, credits: str, hours: str, day: date = DAY) -> None:
    CreditEntry.unscoped.create(
        person=person,
        organisation=entry.organisation,
        scheme_version=entry.scheme_version,
        activity=entry.activity,
        source=f"brought_in:{uuid7()}",
        credits=Decimal(credits),
        hours=Decimal(hours),
        earned_on=day,
        entered_at=entry.entered_at,
    )


def missing(actor: Actor) -> dict[str, tuple[Decimal, Decimal]]:
    rows = each_short(short_people(actor, MANAGE, "", DAY))
    return {row.name: (row.missing_credits, row.missing_hours) for row in rows}


def test_sums_meet_the_requirement_to_the_hundredth(entry, world, manager):
    # given a requirement of 0.30, met by three tenths, missed by a hundredth, and met in the year before
    Requirement.objects.update(credits=Decimal("0.30"), hours=Decimal("0.30"))
    met, nearly, earlier = (make_person(world.hospital) for _n in range(3))
    for _time in range(3):
        add_line(entry, met, "0.10", "0.10")
    for tenth in ("0.10", "0.10", "0.09"):
        add_line(entry, nearly, tenth, "0.10")
    add_line(entry, earlier, "5.00", "5.00", date(2025, 12, 31))

    found, short = standing(manager, MANAGE, "", DAY), missing(manager)

    assert met.name not in short
    assert short[nearly.name] == (Decimal("0.01"), Decimal("0.00"))
    assert short[earlier.name] == (Decimal("0.30"), Decimal("0.30"))
    assert found.short == len(short)
    assert found.met == 2  # and the learner of the fixture


def test_a_reversal_is_taken_off_what_somebody_has(entry, learner, officer, manager, now):
    Requirement.objects.update(credits=Decimal("0.60"), hours=Decimal("1.00"))
    assert learner.name not in missing(manager)

    crediting.reverse_entry(actor=officer, entry_id=entry.pk, reason="重复入账", now=now)

    assert missing(manager)[learner.name] == (Decimal("0.60"), Decimal("1.00"))


def test_the_cost_does_not_grow_with_the_people(entry, world, manager_browser):
    page = reverse("credits:shortage_panel")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert manager_browser.get(page, headers={"HX-Request": "true"}).status_code == 200
        return len(captured)

    queries()
    before = queries()
    for _n in range(40):
        make_person(world.hospital)

    assert queries() == before


def test_the_page_shows_ten_and_the_file_is_sent_while_it_is_read(entry, world, manager_browser):
    for _n in range(40):
        make_person(world.hospital)
    page = reverse("credits:shortage_panel")

    shown = manager_browser.get(page, headers={"HX-Request": "true"})
    table = manager_browser.get(page, {"format": "csv"})

    assert len(shown.context["people"]) == 10
    assert shown.context["page"].count == shown.context["found"].short == 44
    assert table.streaming
    lines = b"".join(table.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 45
    assert lines[1].endswith(f",{world.hospital.name},25.00,90.00")
    assert table["Content-Disposition"] == 'attachment; filename="credits-short-2026.csv"'


def test_an_area_is_measured_by_the_scheme_that_covers_it(entry, world, now):
    # given a ward with a scheme of its own inside the hospital
    ward = make_organisation(world.hospital)
    inside = make_person(ward)
    summer_scheme(ward)
    reader = make_actor(make_person(world.hospital.parent, "manager"), now)

    whole, part = standing(reader, MANAGE, "", DAY), standing(reader, MANAGE, str(ward.pk), DAY)

    assert ward.pk not in {place.id for place in whole.places}
    assert whole.year.ends_on == date(2026, 12, 31)
    assert (part.people, part.year.year, part.year.ends_on) == (1, 2026, date(2027, 6, 30))
    rows = each_short(short_people(reader, MANAGE, str(ward.pk), DAY))
    assert [row.person_id for row in rows] == [inside.pk]


@pytest.fixture
def ward(entry, world):
    """With credit years of its own, from July to June, inside the hospital."""
    ward = make_organisation(world.hospital)
    summer_scheme(ward)
    return ward


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(org|to|is_sure)" value="([^"]*)">', page))


def test_who_is_short_under_a_nearer_scheme_is_reminded_from_the_list_that_names_them(ward, manager_browser):
    # given somebody whom only the ward's own list names, in the credit year that has ended
    inside, page = make_person(ward), reverse("credits:shortage_panel")
    assert str(inside.pk) not in manager_browser.get(page).content.decode()
    listed = manager_browser.get(page, {"org": str(ward.pk), "from": "2026-01-01", "to": "2026-06-30"})
    assert str(inside.pk) in listed.content.decode()
    one = {"person": str(inside.pk)}

    # when both posts carry what the list was of
    carried = hidden(listed.content.decode())
    asked = manager_browser.post(reverse("credits:remind"), one | carried)
    again = hidden(asked.content.decode())
    sent = manager_browser.post(reverse("credits:remind"), one | again)

    # then that list's year is what the person is told, and the manager is back on it
    assert carried == {"org": str(ward.pk), "to": "2026-06-30"}
    assert again == carried | {"is_sure": "yes"}
    assert sent["Location"] == f"{page}?org={ward.pk}&to=2026-06-30"
    told = Notification.objects.get(kind="credits.reminder")
    assert (told.person_id, told.params["until"]) == (inside.pk, "2026-06-30")


@pytest.mark.parametrize(
    ("carried", "status"),
    [({"org": "x"}, 422), ({"to": "2026-13-01"}, 422), ({"to": "9999-01-01"}, 422), ({"org": str(uuid7())}, 409)],
)
@pytest.mark.parametrize("sure", [{}, {"is_sure": "yes"}])
def test_a_list_that_is_unreadable_or_foreign_reminds_nobody(entry, learner, manager_browser, carried, status, sure):
    answer = manager_browser.post(reverse("credits:remind"), {"person": str(learner.pk)} | carried | sure)

    assert answer.status_code == status
    assert not Notification.objects.filter(kind="credits.reminder").exists()


def test_credits_stay_where_they_were_earned_and_people_count_where_they_work(scheme, world, learner, officer, now):
    # given somebody who enrolled at one hospital, moved, passed at a second, and moved on to a third
    second, third = (make_organisation(world.hospital.parent) for _n in range(2))
    actor = make_actor(learner, now)
    enrolment_id = lms.enrol(actor=actor, edition_id=world.edition.id, now=now)
    Membership.objects.filter(person=learner).update(organisation=second)
    completion = pass_course(learner, world.edition, now + timedelta(hours=1))
    assert completion.enrolment_id == enrolment_id
    Membership.objects.filter(person=learner).update(organisation=third)
    entry = crediting.credit_completion(completion_id=completion.pk, now=now + timedelta(hours=2))

    # then the line and its certificate are the second's, whose office alone reverses it
    assert completion.organisation == entry.organisation == second
    assert entry.certificate.snapshot["organisation"] == second.name
    assert AuditEntry.objects.get(action="course.passed").organisation_path == second.path
    assert list(CreditEntry.objects.visible_to(officer)) == []
    theirs = make_person(second)
    grant_role(theirs, "credit_officer", second)
    assert list(CreditEntry.objects.visible_to(make_actor(theirs, now))) == [entry]
    # and the person is counted, with what they hold, at the third
    reader = make_actor(make_person(world.hospital.parent, "manager", "supervisor"), now)
    Requirement.objects.update(credits=Decimal("0.60"), hours=Decimal("1.00"))
    earned = figures.ledger(reader, MANAGE, str(second.pk), date(2026, 11, 1), DAY)
    assert (earned.credits, earned.entries) == (Decimal("0.60"), 1)
    assert [(place.id, place.met) for place in standing(reader, MANAGE, str(third.pk), DAY).places] == [(third.pk, 1)]
    assert figures.ledger(reader, MANAGE, str(third.pk), date(2026, 11, 1), DAY).entries == 0


def test_a_reminder_is_recorded_where_its_right_is_held(entry, learner, world, now):
    # given a manager whose first grant is another role elsewhere
    person = make_person(world.hospital)
    grant_role(person, "coordinator", make_organisation())
    grant_role(person, "manager", world.hospital)
    actor = make_actor(person, now)
    assert MANAGE not in actor.grants[0].permissions

    reminding.remind(actor=actor, person_ids={learner.pk}, now=now)

    assert AuditEntry.objects.get(action="credits.reminded").organisation_path == world.hospital.path
