"""Giving a text up, and beginning a correction too late, as a person meets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consult_bridge import api
from consult_bridge.models import Consult, Opinion, Report, UnsavedText
from core.audit.models import AuditEntry
from core.notify.models import Notification
from tests.consult_bridge.test_pages import client_of, hidden
from tests.consult_bridge.test_pages_of_earlier_versions import REASON, OfOpinion, OfReport
from tests.factories.consults import TEXT, consult_in, study_of

BUTTON = "Give this correction up"
both = pytest.mark.parametrize("kind", [OfOpinion, OfReport])


def words(answer) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


@both
def test_the_writer_gives_a_correction_up_from_its_editor_and_a_colleague_finds_no_button(bridge, kind):
    document = kind(bridge, "signed")
    document.begin()
    assert BUTTON in words(document.shown(document.writer))
    assert BUTTON not in words(document.shown("second"))
    sent = {"revision": document.revision(document.writer)}
    for _click in range(2):
        assert document.post(document.writer, "give_up", **sent).status_code == 302
    shown = words(document.shown(document.writer))
    assert ("Begin the correction" in shown, BUTTON in shown) == (True, False)
    assert document.first["impression"] in shown


@both
def test_enter_in_the_editor_saves_and_does_not_give_up(bridge, kind):
    document = kind(bridge, "signed")
    document.begin()
    page = BeautifulSoup(document.shown(document.writer).content, "html.parser")
    editor = page.find("form", {"class": "x-ask-form"})
    actions = [button["value"] for button in editor.find_all("button", {"name": "action"})]
    assert actions[0] == "use_template"
    assert actions.index("give_up") > 0


@both
def test_who_begins_a_correction_too_late_reads_who_was_faster_and_keeps_the_reason(bridge, kind):
    # given two doctors with the same page open
    document = kind(bridge, "signed")
    document.begin()
    # when the slower one sends a reason
    late = document.post("second", "amend", reason="侧别写错，左改右。")
    # then
    name = "陈牧之" if kind is OfOpinion else "苏见微"
    shown = words(late)
    assert (late.status_code, name in shown, "侧别写错，左改右。" in shown) == (409, True, True)
    assert "Take over the writing" in shown
    assert document.model.unscoped.order_by("-version").first().change_reason == REASON


@both
def test_a_reason_that_is_missing_or_too_long_is_said_beside_its_field(bridge, kind):
    document = kind(bridge, "signed")
    for reason, sentence in (
        (" ", "A reason is needed here."),
        ("长" * 2001, "Shorten it to 2000 characters; it has 2001."),
    ):
        answer = document.post(document.writer, "amend", reason=reason)
        page = BeautifulSoup(answer.content, "html.parser")
        field = page.find("textarea", {"id": "amend-reason"})
        assert (answer.status_code, sentence in words(answer)) == (422, True)
        assert field.get_text().strip() == reason.strip()
        assert field.find_parent("details").has_attr("open")
    assert document.model.unscoped.count() == 1


def test_a_page_of_a_report_that_was_given_up_comes_back_with_its_text_and_begins_it_anew(bridge):
    # given an old window of the writer, and the report given up in another
    document = OfReport(bridge, "drafting")
    revision = document.revision("writer")
    assert "Give this report up" in words(document.shown("writer"))
    assert document.post("writer", "give_up", revision=revision).status_code == 302
    # when the old window saves
    late = document.post("writer", "save", revision=revision, impression="旧窗口里的印象。")
    # then it says so, with the text; and the form as it comes back begins the report
    assert (late.status_code, "This report was given up after you opened it." in words(late)) == (409, True)
    assert "旧窗口里的印象。" in late.content.decode()
    assert hidden(late, "revision") == "0"
    assert document.post("writer", "save", revision="0", impression="旧窗口里的印象。").status_code == 302
    row = document.model.unscoped.get()
    assert (row.state, row.impression, row.revision) == ("drafting", "旧窗口里的印象。", int(revision) + 1)


@both
def test_a_page_of_a_text_that_was_given_up_says_so_also_after_what_was_begun_again_is_signed(bridge, kind):
    # given a page of the signed version, one of a correction that was given up, and the same correction signed by
    # another since it was begun again
    document = kind(bridge, "signed")
    signed = {"revision": str(document.model.unscoped.get().revision), "impression": "首版页面里的印象。"}
    document.begin()
    old = {"revision": document.revision(document.writer), "impression": "旧窗口里的印象。", "change_reason": REASON}
    assert document.post(document.writer, "give_up", **old).status_code == 302
    document.correct("每日 0.125 mg。")
    seen = {"revision": document.revision("second"), "impression": "每日 0.125 mg。", "change_reason": REASON}
    assert document.post("second", "sign", **seen).status_code == 302
    before = document.rows()
    # when
    for action in ("save", "submit", "sign"):
        late = document.post(document.writer, action, **old)
        # then
        shown = words(late)
        assert (late.status_code, "The text on your page was given up meanwhile." in shown) == (409, True)
        assert ("signed this text before you" in shown, "旧窗口里的印象。" in shown) == (False, True)
        earlier = words(document.post(document.writer, action, **signed))
        assert ("signed this text before you" in earlier, "given up meanwhile" in earlier) == (True, False)
    assert document.rows() == before


@both
def test_what_an_old_window_still_keeps_of_a_text_that_was_given_up_is_told_so_and_not_kept(bridge, kind):
    # given a second window of the writer on a first report, or on a correction of the opinion
    document = kind(bridge, "signed" if kind is OfOpinion else "drafting")
    if kind is OfOpinion:
        document.begin()
    revision = document.revision(document.writer)
    assert document.autosave(document.writer, revision=revision).json() == {}
    assert document.post(document.writer, "give_up", revision=revision).status_code == 302
    # when that window keeps by itself what was typed
    late = document.autosave(document.writer, revision=revision, impression="旧窗口里的印象。")
    # then it says that the text was given up, and the next page that is opened knows nothing of it
    code = "text_given_up" if kind is OfOpinion else "report_given_up"
    assert (late.status_code, late.json()["code"], UnsavedText.objects.count()) == (409, code, 0)
    shown = words(document.shown(document.writer))
    assert ("changed by somebody else" in shown, "旧窗口里的印象。" in shown) == (False, False)


def test_a_checkers_page_of_a_correction_that_was_given_up_signs_nothing(bridge):
    document = OfOpinion(bridge, "signed")
    document.correct("每日 0.25 mg。")
    old = {"revision": document.revision("second"), "impression": "每日 0.25 mg。", "change_reason": REASON}
    assert document.post("expert", "take_back", revision=old["revision"]).status_code == 302
    assert document.post("expert", "give_up", revision=old["revision"]).status_code == 302
    for action in ("sign", "save", "return"):
        late = document.post("second", action, **old, reason="请改。")
        assert (late.status_code, "was given up meanwhile" in words(late)) == (409, True)
        assert "每日 0.25 mg。" in words(late)
    assert list(Opinion.unscoped.order_by("version").values_list("state", flat=True)) == ["signed", "given_up"]


@both
def test_the_other_window_of_the_signer_reads_that_it_is_signed_and_not_that_entries_are_wrong(bridge, kind):
    # given two windows of the second doctor on the same text
    document = kind(bridge, "under_review")
    old = {"revision": document.revision("second")}
    assert document.post("second", "sign", **old).status_code == 302
    # when the other one signs with a changed text
    late = document.post("second", "sign", **old, impression="另一窗口里的印象。")
    # then
    shown = words(late)
    assert (late.status_code, "You have signed this text already." in shown) == (409, True)
    assert ("another look" in shown, "另一窗口里的印象。" in shown) == (False, True)


def test_a_first_report_that_is_given_up_after_the_closing_ends_for_good_and_whoever_waits_for_it_is_told(bridge):
    # given a report under way in a consult that is closed
    document = OfReport(bridge, "drafting")
    consult = Consult.unscoped.get()
    at = {"consult_id": consult.pk, "now": timezone.now()}
    api.save_opinion(actor=bridge.expert, **at, text=TEXT, revision=0)
    api.submit_opinion(actor=bridge.expert, **at)
    api.sign_opinion(actor=bridge.second, **at, revision=1)
    known = [Report.unscoped.get().pk]
    api.close_consult(actor=bridge.requester, **at, outcome="referred", usefulness=5, under_way=known)
    assert "The imaging report appears here once it is signed." in words(document.shown("requester"))
    # then its writer reads that it ends for good
    shown = words(document.shown("writer"))
    assert "no report can be begun on these images any more, and the requesting doctor is told" in shown
    assert "begins anew" not in shown
    # when
    assert document.post("writer", "give_up", revision=document.revision("writer")).status_code == 302
    # then
    assert "No imaging report was written on these images." in words(document.shown("requester"))
    told = Notification.objects.filter(kind="report.not_made").values_list("person_id", flat=True)
    assert set(told) == {bridge.requester.person_id, bridge.expert.person_id}
    late = document.post("writer", "save", revision="0", impression="之后才想起来。")
    assert (late.status_code, "之后才想起来。" in words(late)) == (409, True)


@pytest.mark.parametrize(
    ("went", "who", "words_of", "stands"),
    [
        (api.request_information, "coordinator", {"reason": "缺心电图。"}, "Awaiting information” now (何以宁"),
        (api.hand_back, "expert", {"reason": "今日手术，请另派。"}, "In triage” now (陈牧之"),
        (api.cancel_consult, "requester", {"reason": "已上转。"}, "Cancelled” now (林晓禾"),
    ],
)
def test_a_page_of_a_report_whose_consult_went_on_says_where_it_stands(bridge, went, who, words_of, stands):
    # given the pages of the writer and of a colleague, from before the consult went on
    document = OfReport(bridge, "drafting")
    revision, writer = document.revision("writer"), str(bridge.writer.person_id)
    consult = Consult.unscoped.get()
    went(actor=getattr(bridge, who), consult_id=consult.pk, now=timezone.now(), **words_of)
    before = document.rows()
    # when the one gives the report up, and the other takes it over
    answers = (
        document.post("writer", "give_up", revision=revision),
        document.post("second", "take_over", revision=revision, writer=writer),
    )
    # then both read where the consult stands, nothing has changed, and nobody is written down as refused
    for late in answers:
        assert (late.status_code, f"it stands at “{stands}" in words(late)) == (409, True)
    assert document.rows() == before
    assert not AuditEntry.objects.filter(action="refused").exists()


def test_before_a_hospital_has_accepted_a_report_is_still_awaited(bridge):
    consult = consult_in(bridge, "submitted", timezone.now() - timedelta(minutes=30))
    study_of(consult, timezone.now())
    shown = words(client_of(bridge.coordinator).get(f"/consults/{consult.pk}/", {"tab": "report"}))
    assert "The imaging report appears here once it is signed." in shown
    assert "No imaging report was written on these images." not in shown
