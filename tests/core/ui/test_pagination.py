"""Counts stop at a thousand; pages do not."""

from __future__ import annotations

import pytest

from core.ui.pagination import page_number, paginate
from directory.models import Organisation
from tests.factories.people import make_organisation


@pytest.mark.parametrize(("raw", "expected"), [(None, 1), ("", 1), ("3", 3), ("-2", 1), ("x", 1), (7, 7)])
def test_page_number_reads_anything(raw, expected):
    assert page_number(raw) == expected


@pytest.mark.django_db
def test_queryset_page_costs_two_queries(django_assert_num_queries):
    root = make_organisation()
    for _ in range(4):
        make_organisation(root)

    with django_assert_num_queries(2):
        page = paginate(Organisation.objects.order_by("path"), page="2", per_page=2)

    assert (len(page), page.count, page.count_label, page.has_next, page.first_row) == (2, 5, "5", True, 3)


@pytest.mark.django_db
def test_count_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr("core.ui.pagination.COUNT_LIMIT", 3)
    for _ in range(5):
        make_organisation()

    page = paginate(Organisation.objects.order_by("path"), per_page=2)

    assert (page.count_label, page.is_exact) == ("3+", False)


def test_page_numbers_leave_gaps():
    page = paginate(list(range(500)), page=10, per_page=10)

    assert page.numbers() == [1, None, 9, 10, 11, None, 50]
