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
from core.ids import uuid7
from core.search import SIGNED_IN, rebuilding, register_rebuilder, search
from core.search.models import SearchEntry
from peer_review import services as reviews
from peer_review.models import Assignment, ReviewComment
from tests.casebook.conftest import browser, version_of
from tests.casebook.test_few_alike import REASON, WHOLE, freezing, whole

__all__ = ["freezing", "whole"]

WORDS = ("活动后气促", "一个切面能回答什么", "先看结构", "仅凭性别和年龄段")


def rows_of(room: str) -> str:
    """Everything that the room's tables hold, as text."""
    models = registry.get_app_config(room).get_models()
    rows = [row for model in models for row in model._base_manager.all()]
    return serialize("json", rows, ensure_ascii=False)


def withdrawn(house, consult, now, run_jobs) -> None:
    withdraw_consent(actor=house.bridge.requester, consult_id=consult.pk, reason="家属撤回。", now=now)
    run_jobs(now)


def test_a_frozen_case_leaves_its_hash_and_its_number_of_steps(house, consult, freezing, whole, now, run_jobs):
    publishing.freeze_version(**freezing, like_reason=REASON)
    assert all(word in rows_of("casebook") for word in WORDS)

    withdrawn(house, consult, now + timedelta(days=1), run_jobs)

    stored = version_of(whole.pk)
    assert (stored.state, stored.content_hash) == ("withdrawn", content_hash(whole.content))
    assert stored.content == {"title": "", "summary": "", "steps": [], "withdrawn_steps": 3}
    assert [word for word in WORDS if word in rows_of("casebook")] == []


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
    assert [word for word in WORDS if word in rows_of("casebook")] == []


QUOTES = ("气促的是六十多岁女性", "她的左心室", "病人是我的邻居", "邻村那位")


def spoken(house, freezing, now):
    """A round in which one reviewer wrote, the editor answered and the other stepped back: the writer's part."""
    round_id = publishing.freeze_version(**freezing, like_reason=REASON)
    part = Assignment.objects.get(round=round_id, reviewer=house.reviewer.person_id)
    words = {"actor": house.reviewer, "assignment_id": part.pk, "now": now}
    remark = reviews.write_comment(**words, comment_id=uuid7(), anchor="s1", text=QUOTES[0])
    reviews.answer_comment(
        actor=house.editor, round_id=round_id, parent_id=remark, comment_id=uuid7(), text=QUOTES[3], now=now
    )
    reviews.save_report(**words, scores={}, reasons={"accuracy": QUOTES[1]}, summary=QUOTES[0])
    other = Assignment.objects.get(round=round_id, reviewer=house.reviewer2.person_id)
    reviews.declare_conflict(actor=house.reviewer2, assignment_id=other.pk, reason=QUOTES[2], now=now)
    return part


def test_what_its_reviewers_wrote_goes_with_the_case(house, consult, freezing, now, run_jobs):
    part = spoken(house, freezing, now)
    assert [word for word in QUOTES if word not in rows_of("peer_review")] == []

    withdrawn(house, consult, now + timedelta(days=1), run_jobs)

    assert [word for word in QUOTES if word in rows_of("peer_review")] == []
    assert ReviewComment.objects.filter(round=part.round_id).count() == 2
    client = browser(house.people["reviewer"])
    client.cookies["xinglin_language"] = "en"
    page = client.get(f"/reviews/{part.pk}/")
    assert page.status_code == 200
    assert "This review was called off: what was handed in was taken back or withdrawn." in page.content.decode()
    assert f"/reviews/{part.pk}/" in client.get("/reviews/").content.decode()


def test_a_past_review_shows_nothing_from_the_moment_its_release_is_closed(house, consult, freezing, now):
    part = spoken(house, freezing, now)
    withdraw_consent(actor=house.bridge.requester, consult_id=consult.pk, reason="家属撤回。", now=now)

    page = browser(house.people["reviewer"]).get(f"/reviews/{part.pk}/")

    assert page.status_code == 200
    assert "一个切面不能代替全部" not in page.content.decode()


def test_every_version_of_the_case_is_emptied_and_its_pages_stay_closed(house, consult, whole, now, run_jobs):
    CaseVersion.unscoped.filter(pk=whole.pk).update(state="retired", frozen_at=now)
    newer = CaseVersion.unscoped.create(
        case=whole.case, number=2, state="published", release_id=whole.release_id, content=WHOLE, updated_at=now
    )

    withdrawn(house, consult, now + timedelta(days=1), run_jobs)

    assert {version_of(pk).content["title"] for pk in (whole.pk, newer.pk)} == {""}
    assert browser(house.people["editor"]).get("/cases/desk/").status_code == 200
    assert browser(house.people["reader"]).get(f"/cases/{whole.case_id}/").status_code == 404


def test_a_draft_begun_while_the_case_is_withdrawn_is_withdrawn_too(house, consult, whole, now, run_jobs, monkeypatch):
    CaseVersion.unscoped.filter(pk=whole.pk).update(state="retired", frozen_at=now)
    unindex = publishing.unindex_case

    def begun_meanwhile(case_id, *, now):
        if CaseVersion.unscoped.filter(case=case_id).count() == 1:
            CaseVersion.unscoped.create(
                case=whole.case, number=2, release_id=whole.release_id, content=WHOLE, updated_at=now
            )
        unindex(case_id, now=now)

    monkeypatch.setattr(publishing, "unindex_case", begun_meanwhile)

    withdrawn(house, consult, now + timedelta(days=1), run_jobs)

    assert set(CaseVersion.unscoped.values_list("number", "state")) == {(1, "withdrawn"), (2, "withdrawn")}
    assert [word for word in WORDS if word in rows_of("casebook")] == []


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
