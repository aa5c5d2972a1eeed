"""The audit administrator's panel: the last seal, the newest link, what waits."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from core.actor import SYSTEM
from core.audit import record, seal_pending
from core.audit.models import AuditSeal
from tests.factories.panels import cost_of, figures_of, offers, panel_of, status_of
from tests.factories.people import make_organisation, make_person

pytestmark = pytest.mark.django_db
PANEL = "audit:seal_panel"


@pytest.fixture
def auditor():
    return make_person(make_organisation(), "audit_admin")


def write_one():
    record(action="thing.done", actor=SYSTEM, subject_type="thing", subject_id="1", now=timezone.now())


def test_a_sealed_trail_says_when_and_that_its_newest_link_is_intact(auditor):
    write_one()
    seal_pending(now=timezone.now())
    _at, link, waiting = figures_of(auditor, PANEL)
    assert (link, waiting) == ("intact", 0)
    write_one()
    assert figures_of(auditor, PANEL)[2] == 1


def test_a_link_that_was_edited_is_told(auditor):
    write_one()
    seal_pending(now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {AuditSeal._meta.db_table} SET sequence = sequence + 1")  # noqa: S608 (a constant)
    figure = panel_of(auditor, PANEL).figures[1]
    assert (figure.value, figure.tone) == ("does not match", "danger")


def test_nobody_else_has_the_panel_and_it_is_cheap(auditor):
    other = make_person(make_organisation(), "system_admin")
    assert status_of(other, PANEL) == 403
    assert not offers(other, PANEL)
    assert offers(auditor, PANEL)
    assert cost_of(auditor, PANEL) <= 10
