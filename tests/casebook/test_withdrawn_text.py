"""What was withdrawn is gone from the casebook's rows too: the editors' words, the saved states, the reason."""

from __future__ import annotations

from datetime import timedelta

from django.apps import apps as registry
from django.core.serializers import serialize

from casebook.content import content_hash
from casebook.models import CaseVersion
from casebook.services import indexing, publishing
from casebook.services.editing import Edit, edit_draft
from consult_bridge.services.consent import withdraw_consent
from core.search import SIGNED_IN, rebuilding, register_rebuilder, search
from core.search.models import SearchEntry
from tests.casebook.conftest import browser, version_of
from tests.casebook.test_few_alike import REASON, WHOLE, freezing, whole

__all__ = ["freezing", "whole"]

WORDS = ("活动后气促", "一个切面能回答什么", "先看结构", "仅凭性别和年龄段")


def rows_of_the_casebook() -> str:
    """Everything that the casebook's tables hold, as text."""
    models = registry.get_app_config("casebook").get_models()
    rows = [row for model in models for row in model._base_manager.all()]
    return serialize("json", rows, ensure_ascii=False)


def withdrawn(house, consult, now, run_jobs) -> None:
    withdraw_consent(actor=house.bridge.requester, consult_id=consult.pk, reason="家属撤回。", now=now)
    run_jobs(now)


def test_a_frozen_case_leaves_its_hash_and_its_number_of_steps(house, consult, freezing, whole, now, run_jobs):
    publishing.freeze_version(**freezing, like_reason=REASON)
    assert all(word in rows_of_the_casebook() for word in WORDS)

    withdrawn(house, consult, now + timedelta(days=1), run_jobs)

    stored = version_of(whole.pk)
    assert (stored.state, stored.content_hash) == ("withdrawn", content_hash(whole.content))
    assert stored.content == {"title": "", "summary": "", "steps": [], "withdrawn_steps": 3}
    assert [word for word in WORDS if word in rows_of_the_casebook()] == []


def test_a_draft_and_its_saved_states_leave_nothing(house, consult, whole, now, run_jobs):
    edit_draft(
        actor=house.editor,
        version_id=whole.pk,
        edit=Edit(verb="add", target="reasoning", new_step="s9"),
        now=now + timedelta(hours=3),
    )
    assert whole.saves.exists()

    withdrawn(house, consult, now + timedelta(days=1), run_jobs)

    assert not whole.saves.exists()
    assert version_of(whole.pk).content["withdrawn_steps"] == 4
    assert [word for word in WORDS if word in rows_of_the_casebook()] == []


def test_every_version_of_the_case_is_emptied_and_its_pages_stay_closed(house, consult, whole, now, run_jobs):
    CaseVersion.unscoped.filter(pk=whole.pk).update(state="retired", frozen_at=now)
    newer = CaseVersion.unscoped.create(
        case=whole.case, number=2, state="published", release_id=whole.release_id, content=WHOLE, updated_at=now
    )

    withdrawn(house, consult, now + timedelta(days=1), run_jobs)

    assert {version_of(pk).content["title"] for pk in (whole.pk, newer.pk)} == {""}
    assert browser(house.people["editor"]).get("/cases/desk/").status_code == 200
    assert browser(house.people["reader"]).get(f"/cases/{whole.case_id}/").status_code == 404


def test_a_rebuild_of_the_search_brings_nothing_withdrawn_back(house, consult, whole, now, run_jobs, monkeypatch):
    CaseVersion.unscoped.filter(pk=whole.pk).update(state="published", frozen_at=now, published_at=now)
    assert rebuilding.rebuild(now=now)["case"] == 1
    assert [hit.object_id for hit in search(tokens=[SIGNED_IN], query="切面").hits] == [str(whole.case_id)]

    def withdrawn_after_reading():
        yield from list(indexing.published_ids())
        withdrawn(house, consult, now + timedelta(days=1), run_jobs)

    monkeypatch.setattr(rebuilding, "_rebuilders", {})
    register_rebuilder("case", withdrawn_after_reading, indexing.entries)

    assert rebuilding.rebuild(now=now) == {"case": 0}
    assert search(tokens=[SIGNED_IN], query="切面").hits == ()
    assert not SearchEntry.objects.filter(kind="case").exists()


def test_a_rebuild_takes_up_what_is_published_and_forgets_what_is_not(whole, now):
    assert rebuilding.rebuild(now=now)["case"] == 0
    CaseVersion.unscoped.filter(pk=whole.pk).update(state="published", frozen_at=now, published_at=now)
    assert rebuilding.rebuild(now=now)["case"] == 1
    CaseVersion.unscoped.filter(pk=whole.pk).update(state="retired")
    assert rebuilding.rebuild(now=now)["case"] == 0
    assert not SearchEntry.objects.filter(kind="case").exists()
