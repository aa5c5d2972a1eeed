"""The seeded cases: made the real way from consented consults, texts only, saying nothing that was not released."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from casebook import seed as casebook_seed
from casebook.content import advice, gaps
from casebook.models import CaseVersion, Proposal
from casebook.seed import CASES
from consult_bridge import seed as consult_seed
from consult_bridge.models import Patient
from consult_bridge.seed.consents import CONSENTED
from directory import seed as directory_seed
from media_pipeline import api as media

NOW = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)


@pytest.fixture
def seeded(db):
    province = directory_seed.seed(rng=Random(1), now=NOW)
    consult_seed.seed(rng=Random(2), province=province, now=NOW)
    casebook_seed.seed(rng=Random(3), province=province, now=NOW)
    return province


def test_every_case_is_complete_published_and_owned_by_the_provincial_hospital(seeded):
    assert [case["subject"] for case in CASES] == list(CONSENTED)
    versions = list(CaseVersion.unscoped.select_related("case").order_by("case__code"))
    assert [version.content["title"] for version in versions] == [case["title"] for case in CASES]
    for version, case in zip(versions, CASES, strict=True):
        assert (version.state, version.case.organisation_id) == ("published", seeded.hospital.pk)
        assert (gaps(version.content), advice(version.content)) == ([], [])
        assert version.case.difficulty == case["difficulty"]
        assert version.published_at < NOW
    assert list(Proposal.unscoped.values_list("state", flat=True)) == ["accepted"] * len(CASES)


def test_no_case_shows_an_image_or_names_a_patient(seeded):
    names = set(Patient.unscoped.values_list("name", flat=True))
    for version in CaseVersion.unscoped.all():
        assert media.get_release(version.release_id).studies == ()
        assert not [step for step in version.content["steps"] if step.get("figure")]
        assert not [name for name in names if name in str(version.content)]


def test_a_question_that_takes_the_diagnosis_for_known_comes_after_it(seeded):
    orders = {
        version.content["title"]: [step["kind"] for step in version.content["steps"]]
        for version in CaseVersion.unscoped.all()
    }

    behind = [title for title, kinds in orders.items() if kinds.index("question") > kinds.index("reasoning")]

    assert behind == ["心慌消瘦两个月：开抗甲状腺药之前"]
    thyroid = CASES[4]
    assert thyroid["question"]["options"][thyroid["question"]["answer"]] == "停药并立即查血常规"
    assert "先停药，立即查血常规" in thyroid["points"]
