"""Who is short of credits in a province with 20,000 people: CPU and queries of the training manager's panel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bench.figures import Figure, measurement
from bench.timing import cost_of
from core.ids import uuid7
from credits.models import CreditActivity, CreditEntry
from directory.models import Membership, Organisation, Person

PEOPLE, LINES, BATCH = 20_000, 10, 2000
HOST = "127.0.0.1"


@measurement("credit-panels")
def who_is_short() -> Iterable[Figure]:
    """What is measured is rolled back."""
    with transaction.atomic():
        _add_people(timezone.now())
        client = Client()
        client.force_login(Person.objects.get(username="manager"), backend="directory.backends.SignInBackend")
        panel = cost_of(
            lambda: client.get("/credits/shortage/", headers={"host": HOST, "hx-request": "true"}), runs=5, warm_up=1
        )
        transaction.set_rollback(True)
    beside = f"wall {panel.wall_ms:.0f} ms, {panel.queries} queries"
    yield Figure("who is short, 20,000 people", panel.cpu_ms, "ms CPU", 1000, beside=beside)


def _add_people(now: datetime) -> None:
    """Spread over every hospital of the province, each with ten lines of this year."""
    houses = list(Organisation.objects.exclude(kind="authority").order_by("path"))
    activity = CreditActivity.objects.select_related("scheme_version").latest("scheme_version__valid_from")
    password, day = make_password(None), timezone.localdate(now)
    for start in range(0, PEOPLE, BATCH):
        people = [Person(username=f"bench{n}", name=f"人员{n}", password=password) for n in range(start, start + BATCH)]
        Person.objects.bulk_create(people)
        placed = [(person, houses[(start + n) % len(houses)]) for n, person in enumerate(people)]
        Membership.objects.bulk_create(Membership(person=person, organisation=house) for person, house in placed)
        CreditEntry.unscoped.bulk_create(
            CreditEntry(
                person=person,
                organisation=house,
                scheme_version=activity.scheme_version,
                activity=activity,
                source=f"bench:{uuid7()}",
                credits=Decimal("2.60"),
                hours=Decimal(8 + n % 3),
                earned_on=day,
                entered_at=now,
            )
            for n, (person, house) in enumerate(placed)
            for _line in range(LINES)
        )
