"""Going back to a schema that knows no text that was given up leaves none of them behind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.casebook.test_migrations import migrate, old_schema, rows

__all__ = ["old_schema"]

AT = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
BEFORE, AFTER = ("consult_bridge", "0026_unsigned_texts_found"), ("consult_bridge", "0027_texts_given_up")


@pytest.mark.embedded
@pytest.mark.filterwarnings("ignore")
def test_what_was_given_up_is_its_writers_again_before_the_old_guard_comes_back(old_schema):
    # given a correction that was given up
    apps = migrate(old_schema, AFTER)
    house = rows(apps, "directory", "Organisation").create(code="H", name="甲", path="/9/", level=3, kind="hospital")
    doctor = rows(apps, "directory", "Person").create(username="doctor", name="林晓禾")
    patient = rows(apps, "consult_bridge", "Patient").create(organisation=house, name="岑望舒", created_at=AT)
    consult = rows(apps, "consult_bridge", "Consult").create(
        patient=patient, requesting_organisation=house, receiving_organisation=house, requester=doctor,
        specialty="neurology", service_type="joint_diagnosis", urgency="routine", subject="头痛", question="?",
        state="signed", created_at=AT,
    )  # fmt: skip
    opinions = apps.get_model("consult_bridge", "Opinion")._base_manager.using("old")
    same = {"consult": consult, "written_by": doctor, "created_at": AT, "saved_at": AT}
    first = opinions.create(
        **same, state="signed", signed_by=doctor, signed_at=AT, content_hash="h", findings="所见", revision=1
    )
    opinions.create(**same, version=2, amends=first, state="given_up", revision=2, begun_from=0)
    # when
    apps = migrate(old_schema, BEFORE)
    # then
    opinions = apps.get_model("consult_bridge", "Opinion")._base_manager.using("old")
    assert list(opinions.order_by("version").values_list("version", "state")) == [(1, "signed"), (2, "drafting")]
