"""The auditor's page: scoped to the grant, filtered, itself recorded, refused to others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.actor import SYSTEM, Actor
from core.audit import record, seal_pending
from core.audit.models import AuditEntry
from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_organisation()


@pytest.fixture
def county(province):
    return make_organisation(province)


@pytest.fixture
def entries(province, county, now):
    """One entry of the county, one of the province, one of the installation."""
    doctor = make_person(name="周明")
    for path, action, actor in (
        (county.path, "consult.submitted", Actor(doctor.pk, doctor.name)),
        (province.path, "course.published", SYSTEM),
        ("", "installation.seeded", SYSTEM),
    ):
        record(
            action=action, actor=actor, subject_type="thing", subject_id=action, organisation_path=path,
            details={"urgency": "stat"}, now=now,
        )  # fmt: skip
    return doctor


def auditor_of(organisation):
    return sign_in(Client(), make_person(organisation, "audit_admin"))


def page(client, **query):
    response = client.get(reverse("audit:trail"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_provinces_auditor_sees_everything(entries, province):
    body = page(auditor_of(province))
    for action in ("consult.submitted", "course.published", "installation.seeded"):
        assert f"<code>{action}</code>" in body
    assert "周明" in body


def test_a_countys_auditor_sees_the_county_only(entries, county):
    body = page(auditor_of(county))
    assert "<code>consult.submitted</code>" in body
    assert "course.published" not in body
    assert "installation.seeded" not in body


def test_filters_narrow_and_keep_what_was_typed(entries, province, now):
    client = auditor_of(province)
    body = page(client, action="consult")
    assert "<code>consult.submitted</code>" in body
    assert "<code>course.published</code>" not in body
    assert 'value="consult"' in body
    assert "<code>consult.submitted</code>" in page(client, person=entries.username)
    assert "<code>course.published</code>" not in page(client, person=entries.username)
    assert "<code>" not in page(client, person="nobody-of-this-name")
    day = now.date().isoformat()
    assert "<code>course.published</code>" in page(client, since=day, until=day)
    assert "<code>course.published</code>" not in page(client, since=(now + timedelta(days=1)).date().isoformat())
    assert "<code>course.published</code>" in page(client, since="soon")


def test_reading_is_recorded_with_what_was_asked(entries, county):
    page(auditor_of(county), action="consult")
    viewed = AuditEntry.objects.get(action="audit.viewed")
    assert viewed.organisation_path == county.path
    assert viewed.details == {"action": "consult", "page": 1}


def test_the_page_says_how_the_sealing_stands(entries, province, now):
    client = auditor_of(province)
    seal_pending(now=now)
    body = page(client, action="course")
    assert "x-chip--plain" in body
    assert "x-chip--info" not in body


def test_others_are_refused_and_visitors_sent_to_sign_in(entries, province):
    client = sign_in(Client(), make_person(province, "system_admin"))
    refused = client.get(reverse("audit:trail"))
    assert refused.status_code == 403
    assert "consult.submitted" not in refused.content.decode()
    assert not AuditEntry.objects.filter(action="audit.viewed").exists()
    assert Client().get(reverse("audit:trail")).status_code == 302


def test_a_page_costs_the_same_for_many_entries(entries, province, now, django_assert_max_num_queries):
    for number in range(60):
        record(action="a.b", actor=SYSTEM, subject_type="t", subject_id=str(number), now=now)
    client = auditor_of(province)
    page(client)
    with django_assert_max_num_queries(14):
        page(client)
