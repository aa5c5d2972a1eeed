"""Pages of learners and of the catalogue: CPU and queries of one request through the whole middleware."""

from __future__ import annotations

from collections.abc import Iterable

from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from bench.figures import Figure, measurement
from bench.site import classroom
from bench.timing import Cost, cost_of

HOST = "127.0.0.1"


def _request(client: Client, address: str) -> Cost:
    """Raises AssertionError when the page does not answer 200: a fast error is no figure."""
    status = client.get(address, headers={"host": HOST}).status_code
    if status != 200:
        raise AssertionError(f"{address} answered {status}")
    return cost_of(lambda: client.get(address, headers={"host": HOST}))


@measurement("learn")
def learner_pages() -> Iterable[Figure]:
    with classroom(timezone.now()) as room:
        course, unit = _request(room.client, room.course), _request(room.client, room.unit)
    yield Figure("course page, 100 activities", course.cpu_ms, "ms CPU", 15, beside=f"wall {course.wall_ms:.1f} ms")
    yield Figure("course page, queries", course.queries, "queries", 12)
    shown = "text, case, video, 5 questions"
    beside = f"{shown}; wall {unit.wall_ms:.1f} ms, {unit.queries} queries"
    yield Figure("unit page", unit.cpu_ms, "ms CPU", 10, beside=beside)


@measurement("catalogue")
def catalogue() -> Iterable[Figure]:
    """Without the page cache: a session cookie passes it by."""
    with override_settings(ALLOWED_HOSTS=[HOST]):
        client = Client()
        client.cookies["sessionid"] = "none"
        cost = _request(client, "/courses/")
    beside = f"wall {cost.wall_ms:.1f} ms, {cost.queries} queries"
    yield Figure("/courses/ without page cache", cost.cpu_ms, "ms CPU", 15, beside=beside)
