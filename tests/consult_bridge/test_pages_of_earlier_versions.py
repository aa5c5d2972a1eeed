"""A page of version n stays a page of version n: what it sends never reaches version n + 1."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from consult_bridge.models import Opinion, Report, UnsavedText
from tests.consult_bridge.test_pages import client_of, hidden
from tests.factories.consults import REPORT, TEXT, consult_in, report_in

REASON = "剂量写错。"
JSON = {"accept": "application/json"}


class OfOpinion:
    """The opinion of a consult, by its pages: its first writer is the expert."""

    model: type[Opinion | Report] = Opinion
    writer, tab = "expert", "opinion"
    first = asdict(TEXT)

    def __init__(self, bridge, state: str) -> None:
        now = timezone.now() - timedelta(minutes=30)
        consult = consult_in(bridge, state, now)
        self.bridge = bridge
        self.page = reverse("consult_bridge:consult", args=[consult.pk])
        self.address = reverse("consult_bridge:opinion", args=[consult.pk])
        self.autosaves = reverse("consult_bridge:opinion_autosave", args=[consult.pk])

    def post(self, who: str, action: str, **fields):
        sent = self.first | {"action": action} | fields
        return client_of(getattr(self.bridge, who)).post(self.address, sent)

    def autosave(self, who: str, **fields):
        return client_of(getattr(self.bridge, who)).post(self.autosaves, self.first | fields, headers=JSON)

    def shown(self, who: str):
        return client_of(getattr(self.bridge, who)).get(self.page, {"tab": self.tab})

    def revision(self, who: str) -> str:
        return hidden(self.shown(who), "revision")

    def rows(self) -> list[tuple[object, ...]]:
        return list(self.model.unscoped.order_by("version").values_list())

    def begin(self) -> None:
        assert self.post(self.writer, "amend", reason=REASON).status_code == 302

    def correct(self, impression: str) -> None:
        """Begun, and submitted from the page as it stands then."""
        self.begin()
        text = {"impression": impression, "change_reason": REASON, "revision": self.revision(self.writer)}
        assert self.post(self.writer, "submit", **text).status_code == 302


class OfReport(OfOpinion):
    """The same of an imaging report."""

    model = Report
    writer, tab = "writer", "report"
    first = asdict(REPORT)

    def __init__(self, bridge, state: str) -> None:
        report = report_in(bridge, state, timezone.now() - timedelta(minutes=30))
        self.bridge = bridge
        at = [report.consult_id, report.study_id]
        self.page = reverse("consult_bridge:consult", args=at[:1])
        self.address = reverse("consult_bridge:report", args=at)
        self.autosaves = reverse("consult_bridge:report_autosave", args=at)


both = pytest.mark.parametrize("kind", [OfOpinion, OfReport])


@both
def test_a_checkers_page_of_one_correction_does_not_sign_the_next(bridge, kind):
    # given a correction under review, open on the page of a second doctor
    document = kind(bridge, "signed")
    document.correct("每日 0.25 mg。")
    old = {"revision": document.revision("second"), "impression": "每日 0.25 mg。", "change_reason": REASON}
    # when a colleague signs it, and the next correction is submitted
    checker = "expert" if kind is OfReport else "second"
    assert document.post(checker, "sign", **old).status_code == 302
    document.correct("每日 0.125 mg。")
    before = document.rows()
    # then the old page neither signs, saves nor returns the next one, and what it says comes back
    for action in ("sign", "save", "return"):
        answer = document.post("second", action, **old, reason="请改。")
        assert (answer.status_code, "每日 0.25 mg。" in answer.content.decode()) == (409, True)
    assert document.rows() == before
    # and a page of the next one does
    now_seen = {"revision": document.revision("second"), "impression": "每日 0.125 mg。", "change_reason": REASON}
    assert document.post("second", "sign", **now_seen).status_code == 302
    signed = document.model.unscoped.get(state="signed")
    assert (signed.version, signed.impression, signed.change_reason) == (3, "每日 0.125 mg。", REASON)


@both
def test_who_was_first_is_named_to_the_signer_of_an_earlier_version(bridge, kind):
    document = kind(bridge, "signed")
    document.correct("每日 0.25 mg。")
    answer = document.post("second", "sign", revision="1", impression="旧文本。")
    words = BeautifulSoup(answer.content, "html.parser").get_text(" ")
    assert (answer.status_code, "宋怀远 signed this text before you." in words) == (409, True)


@both
def test_a_writers_old_window_neither_saves_nor_submits_nor_keeps_its_text_over_the_correction(bridge, kind):
    # given the writer's window on version 1, and a correction begun in another
    document = kind(bridge, "drafting")
    old = {"revision": document.revision(document.writer), "impression": "旧窗口里的印象。"}
    assert document.post(document.writer, "submit", revision="1").status_code == 302
    assert document.post("second", "sign", revision=document.revision("second")).status_code == 302
    document.begin()
    before = document.rows()
    # when it sends what it holds
    for action in ("save", "submit"):
        answer = document.post(document.writer, action, **old, change_reason="别的原因。")
        assert (answer.status_code, "旧窗口里的印象。" in answer.content.decode()) == (409, True)
    kept = document.autosave(document.writer, **old)
    # then nothing changed, and what was typed stands beside the correction and not over it
    assert (kept.status_code, kept.json()["code"]) == (409, f"{document.tab}_stale")
    assert (document.rows(), UnsavedText.objects.count()) == (before, 1)
    page = BeautifulSoup(document.shown(document.writer).content, "html.parser")
    assert page.find("textarea", {"name": "impression"}).get_text().strip() == document.first["impression"]
    assert "旧窗口里的印象。" in page.get_text(" ")
    assert "The text was changed by somebody else after you began to type." in page.get_text(" ")


@both
def test_the_button_of_an_earlier_page_does_not_take_the_correction_back(bridge, kind):
    # given the writer's page of a version that is under review, which is signed, and a correction under review
    document = kind(bridge, "under_review")
    page = BeautifulSoup(document.shown(document.writer).content, "html.parser")
    form = page.find("input", {"name": "action", "value": "take_back"}).find_parent("form")
    old = form.find("input", {"name": "revision"})["value"]
    assert document.post("second", "sign", revision=old).status_code == 302
    document.correct("每日 0.25 mg。")
    before = document.rows()
    # when it, or a page that says no revision, takes back
    assert document.post(document.writer, "take_back", revision=old).status_code == 409
    assert document.post(document.writer, "take_back").status_code == 409
    # then the correction is where it was, and the button of today's page takes it back
    assert document.rows() == before
    revision = str(document.model.unscoped.get(version=2).revision)
    assert document.post(document.writer, "take_back", revision=revision).status_code == 302
    assert document.model.unscoped.get(version=2).state == "drafting"


@both
def test_revisions_of_corrections_that_were_begun_before_count_on_too(bridge, kind):
    # given a correction whose revisions began at 1
    document = kind(bridge, "signed")
    document.correct("每日 0.25 mg。")
    correction = document.model.unscoped.get(version=2)
    migration = import_module("consult_bridge.migrations.0025_revisions_count_on")

    def numbers() -> tuple[int, list[int]]:
        correction.refresh_from_db()
        return correction.revision, list(correction.revisions.order_by("number").values_list("number", flat=True))

    assert numbers() == (3, [2, 3])
    editor = SimpleNamespace(connection=connection)
    migration.count_anew(apps, editor)
    assert numbers() == (2, [1, 2])
    # when
    migration.count_on(apps, editor)
    # then
    assert numbers() == (3, [2, 3])
    assert document.model.unscoped.get(version=1).revision == 1
