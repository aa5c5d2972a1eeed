"""The system administrator's panel: services, room for files, work that was given up in the own organisations."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.jobs.models import Job
from tests.factories.panels import cost_of, offers, panel_of, status_of, titles_of
from tests.factories.people import make_organisation, make_person

pytestmark = pytest.mark.django_db
PANEL = "operations_panel"


def failed_job(path: str, name: str = "media_pipeline.ingest") -> Job:
    now = timezone.now()
    return Job.objects.create(
        name=name,
        state="dead",
        organisation_path=path,
        error_text="没有读到影像。",
        run_after=now,
        created_at=now,
        finished_at=now,
    )


def failed_figure(person: object) -> object:
    return next(figure for figure in panel_of(person, PANEL).figures if figure.label == "Failed jobs").value  # type: ignore[arg-type]


def test_failed_work_is_shown_within_the_administrators_organisations() -> None:
    province = make_organisation()
    hospital, sibling = make_organisation(province), make_organisation(province)
    failed_job(hospital.path)
    failed_job(sibling.path, "consult_bridge.make_opinion_document")
    failed_job("", "core.seal")
    local, whole = make_person(hospital, "system_admin"), make_person(province, "system_admin")
    assert (failed_figure(local), titles_of(local, PANEL)) == (1, ["media_pipeline.ingest"])
    assert failed_figure(whole) == 3


def test_a_service_that_does_not_answer_is_told(settings: object) -> None:
    settings.XINGLIN_BROKER_URL = "unix:///nowhere/valkey.sock?db=0"  # type: ignore[attr-defined]
    admin = make_person(make_organisation(), "system_admin")
    broker = next(f for f in panel_of(admin, PANEL).figures if f.label == "Message broker")
    assert (broker.value, broker.tone) == ("not answering", "danger")
    database = next(f for f in panel_of(admin, PANEL).figures if f.label == "Database")
    assert (database.value, database.tone) == ("running", "ok")


def test_the_panel_is_for_system_administrators_and_costs_the_same_for_many_failures() -> None:
    hospital = make_organisation()
    admin, other = make_person(hospital, "system_admin"), make_person(hospital, "security_admin")
    assert status_of(other, PANEL) == 403
    assert not offers(other, PANEL)
    assert offers(admin, PANEL)
    failed_job(hospital.path)
    cost = cost_of(admin, PANEL)
    for _more in range(4):
        failed_job(hospital.path)
    assert cost_of(admin, PANEL) == cost
