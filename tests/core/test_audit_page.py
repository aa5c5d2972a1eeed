"""The auditor's page: scoped to the grant, filtered, itself recorded, refused to others."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cms.models import Course
from core.actor import SYSTEM, Actor
from core.audit import record, seal_pending
from core.audit.models import AuditEntry
from core.audit.words import Said, fact_words
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
        (county.path, "consult.submit", Actor(doctor.pk, doctor.name)),
        (province.path, "course.published", SYSTEM),
        ("", "installation.seeded", SYSTEM),
    ):
        record(
            action=action, actor=actor, subject_type="thing", subject_id=action, organisation_path=path,
            details={"urgency": "stat"}, now=now,
        )  # fmt: skip
    return doctor


def auditor_of(organisation):
    """Reads in English, where the test does not say otherwise."""
    client = sign_in(Client(), make_person(organisation, "audit_admin"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def page(client, **query):
    response = client.get(reverse("audit:trail"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_provinces_auditor_sees_everything(entries, province):
    body = page(auditor_of(province))
    for action in ("consult.submit", "course.published", "installation.seeded"):
        assert f"<code>{action}</code>" in body
    assert "周明" in body


def test_a_countys_auditor_sees_the_county_only(entries, county):
    body = page(auditor_of(county))
    assert "<code>consult.submit</code>" in body
    assert "<code>course.published</code>" not in body
    assert "installation.seeded" not in body


def shown(body):
    """The codes of the entries in the list, in their order."""
    return re.findall(r'<dl class="x-trail__detail"><dt>Code</dt><dd><code>([^<]*)', body)[::2]


def test_filters_narrow_and_keep_what_was_typed(entries, province, now):
    client = auditor_of(province)
    body = page(client, action="consult.submit")
    assert shown(body) == ["consult.submit"]
    assert '<option value="consult.submit" selected>' in body
    assert shown(page(client, q=entries.username)) == ["consult.submit"]
    assert shown(page(client, q="周")) == ["consult.submit"]
    assert shown(page(client, q="nobody-of-this-name")) == []
    day = now.date().isoformat()
    assert "course.published" in shown(page(client, since=day, until=day))
    assert "course.published" not in shown(page(client, since=(now + timedelta(days=1)).date().isoformat()))
    assert "course.published" in shown(page(client, since="soon"))
    assert "course.published" in shown(page(client, since="0001-01-01", until="9999-12-31"))
    assert "course.published" not in shown(page(client, since="9999-12-31"))
    assert "course.published" not in shown(page(client, until="0001-01-01"))
    assert shown(page(client, family="released")) == ["course.published"]


def test_words_stand_before_codes_in_both_languages(entries, province):
    client = auditor_of(province)
    body = page(client, action="consult.submit")
    assert "<span>Submitted a consult</span>" in body
    assert "Written" in body
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    body = page(client, action="consult.submit")
    assert "<span>提交了会诊</span>" in body
    assert "写入" in body


def test_a_code_without_words_is_shown_as_it_is(entries, province):
    assert "<span>installation.seeded</span>" in page(auditor_of(province))


def test_subjects_are_named_by_their_owners_and_else_shortened(province, now):
    course = Course.unscoped.create(organisation=province, code="ECHO-A4C", created_at=now, changed_at=now)
    patient = "0192f0c1-0000-7000-8000-00000000abcd"
    record(action="course.retired", actor=SYSTEM, subject_type="course", subject_id=course.pk, now=now)
    record(action="patient.corrected", actor=SYSTEM, subject_type="patient", subject_id=patient, now=now)
    client = auditor_of(province)

    assert f'title="{course.pk}">ECHO-A4C</a>' in page(client, action="course.retired")
    assert f'title="{patient}">…0000abcd</a>' in page(client, action="patient.corrected")


def test_a_fact_that_carries_its_kind_before_an_id_is_put_in_words():
    completion = "completion:0192f0c1-0000-7000-8000-00000000abcd"

    with override("en"):
        assert fact_words("source", completion)[1] == Said("Course passed …0000abcd", completion)
        assert fact_words("is_second", True) == ("Second reader", Said("yes"))
        assert fact_words("step", "sms_code") == ("Step that failed", Said("Text message code"))
        assert fact_words("never_heard_of", None) == ("never heard of", Said("–"))


def test_only_refusals_is_one_click(entries, province, now):
    record(
        action="refused", actor=SYSTEM, subject_type="page", subject_id="/audit/", now=now,
        details={"method": "GET", "code": "forbidden", "path": "/audit/"},
    )  # fmt: skip
    client = auditor_of(province)
    assert 'href="?family=refused">Only refusals' in page(client)
    body = page(client, family="refused")
    assert shown(body) == ["refused"]
    assert '<a class="x-filter x-filter--on" href="?">Only refusals' in body
    assert "x-chip--danger" in body


def test_looks_at_the_trail_are_left_out_until_asked_for(entries, province):
    client = auditor_of(province)
    page(client)
    body = page(client)
    assert "audit.viewed" not in shown(body)
    assert '<a class="x-filter x-filter--on" href="?looks=shown">Without looks at this trail' in body
    body = page(client, looks="shown")
    assert shown(body)[:2] == ["audit.viewed", "audit.viewed"]
    assert 'class="x-filter" href="?">Without looks at this trail' in body
    assert shown(page(client, action="audit.viewed"))[:1] == ["audit.viewed"]


def test_the_filtered_list_is_a_file_and_saving_it_is_recorded(entries, province, now):
    client = auditor_of(province)
    file = client.get(reverse("audit:trail"), {"action": "consult.submit", "format": "csv"})
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    entry = AuditEntry.objects.get(action="consult.submit")
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[1:] == [
        [
            timezone.localtime(now).isoformat(timespec="seconds"), "Written", "Submitted a consult", "consult.submit",
            "周明", str(entries.pk), "thing", "consult.submit", "consult.submit", "urgency: stat", str(entry.pk),
        ]
    ]  # fmt: skip
    saved = AuditEntry.objects.get(action="audit.exported")
    assert (saved.organisation_path, saved.details) == (province.path, {"action": "consult.submit", "rows": 1})


def test_a_countys_file_holds_the_county_only_and_others_get_none(entries, province, county):
    lines = auditor_of(county).get(reverse("audit:trail"), {"format": "csv"}).content.decode().splitlines()
    assert [line.split(",")[3] for line in lines[1:] if "sign" not in line] == ["consult.submit"]

    client = sign_in(Client(), make_person(province, "system_admin"))
    assert client.get(reverse("audit:trail"), {"format": "csv"}).status_code == 403
    assert AuditEntry.objects.filter(action="audit.exported").count() == 1


def test_reading_is_recorded_with_what_was_asked(entries, county):
    page(auditor_of(county), action="consult.submit")
    viewed = AuditEntry.objects.get(action="audit.viewed")
    assert viewed.organisation_path == county.path
    assert viewed.details == {"action": "consult.submit", "page": 1}


def test_the_page_says_how_the_sealing_stands(entries, province, now):
    client = auditor_of(province)
    seal_pending(now=now)
    body = page(client, action="course.published")
    assert "x-chip--plain" in body
    assert "Waiting" not in body


def test_others_are_refused_and_visitors_sent_to_sign_in(entries, province):
    client = sign_in(Client(), make_person(province, "system_admin"))
    refused = client.get(reverse("audit:trail"))
    assert refused.status_code == 403
    assert "consult.submit" not in refused.content.decode()
    assert not AuditEntry.objects.filter(action="audit.viewed").exists()
    assert Client().get(reverse("audit:trail")).status_code == 302


def test_a_page_costs_the_same_for_many_entries(entries, province, now, django_assert_max_num_queries):
    for number in range(60):
        record(action="a.b", actor=SYSTEM, subject_type="t", subject_id=str(number), now=now)
    client = auditor_of(province)
    page(client)
    with django_assert_max_num_queries(14):
        page(client)
