"""What existed before proposals and cases had an owner gets one, and its free text leaves the teaching side."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

AT = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
BEFORE, AFTER = ("casebook", "0001_cases"), ("casebook", "0006_no_reason_here")
REASON = "岑望舒的一例。"


@pytest.fixture
def old_schema(tmp_path, settings, django_db_setup, django_db_blocker, monkeypatch):
    """A copy of the migrated database under an alias of its own, taken back to the schema before."""
    from config.setup.templates import migrated_template

    target = tmp_path / "old.sqlite3"
    shutil.copyfile(migrated_template() / "db.sqlite3", target)
    monkeypatch.setitem(connections.databases, "old", {**connections.databases["default"], "NAME": str(target)})
    with django_db_blocker.unblock():
        yield connections["old"]
        connections["old"].close()
    del connections["old"]


def migrate(connection, target):
    executor = MigrationExecutor(connection)
    return executor.migrate([target]).apps


def rows(apps, app, model):
    return apps.get_model(app, model)._default_manager.using("old")


def plant(apps):
    """A proposed consult of a county, its release at the answering hospital, and the case made from it."""
    organisations = rows(apps, "directory", "Organisation")
    asking = organisations.create(code="ASK", name="甲", path="/1/", level=3, kind="hospital")
    answering = organisations.create(code="ANS", name="乙", path="/2/", level=1, kind="hospital")
    doctor = rows(apps, "directory", "Person").create(username="doctor", name="林晓禾")
    patient = rows(apps, "consult_bridge", "Patient").create(organisation=asking, name="岑望舒", created_at=AT)
    consult = rows(apps, "consult_bridge", "Consult").create(
        patient=patient,
        requesting_organisation=asking,
        receiving_organisation=answering,
        requester=doctor,
        specialty="neurology",
        service_type="joint_diagnosis",
        urgency="routine",
        subject="头痛",
        question="?",
        state="closed",
        created_at=AT,
    )
    release = rows(apps, "media_pipeline", "TeachingRelease").create(
        organisation=answering, label="T-AAAAAA", created_at=AT
    )
    rows(apps, "casebook", "Proposal").create(
        consult_id=consult.pk, proposer=doctor, reason=REASON, release_id=release.pk, created_at=AT
    )
    rows(apps, "casebook", "TeachingCase").create(code="T-0001", release_id=release.pk, created_at=AT)
    rows(apps, "casebook", "TeachingCase").create(code="T-0002", release_id=uuid4(), created_at=AT)
    return answering, asking, consult


@pytest.mark.embedded
def test_owner_and_reason_move_forth_and_back(old_schema):
    # Given rows of the old schema
    apps = migrate(old_schema, BEFORE)
    answering, asking, consult = plant(apps)
    # When the new one comes
    apps = migrate(old_schema, AFTER)
    # Then the answering hospital owns them, what belongs to nobody goes to the top, and the text is on the consult side
    proposal = rows(apps, "casebook", "Proposal").get()
    owners = dict(rows(apps, "casebook", "TeachingCase").values_list("code", "organisation"))
    assert (proposal.organisation_id, proposal.specialty) == (answering.pk, "neurology")
    assert owners == {"T-0001": answering.pk, "T-0002": asking.pk}
    assert not hasattr(proposal, "reason")
    reason = rows(apps, "consult_bridge", "TeachingReason").get()
    assert (reason.consult_id, reason.text) == (consult.pk, REASON)
    # And back again nothing is lost
    apps = migrate(old_schema, BEFORE)
    assert rows(apps, "casebook", "Proposal").get().reason == REASON
