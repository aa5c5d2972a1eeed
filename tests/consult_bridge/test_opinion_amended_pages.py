"""The correction of a signed opinion through the pages, and its documents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone, translation

from consult_bridge import api
from consult_bridge.models import Opinion, OpinionDocument
from consult_bridge.services.documents import document_data
from tests.consult_bridge.test_opinion_amended import CHANGED, REASON, corrected
from tests.consult_bridge.test_pages import client_of, hidden
from tests.factories.consults import TEXT, consult_in

FIELDS = {
    "template": "echo",
    "findings": CHANGED.findings,
    "impression": CHANGED.impression,
    "recommendation": CHANGED.recommendation,
    "change_reason": REASON,
}


def page_of(consult) -> str:
    return reverse("consult_bridge:consult", args=[consult.pk])


def text_of(answer) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


@pytest.fixture
def consult(bridge):
    return consult_in(bridge, "closed", timezone.now() - timedelta(minutes=40))


def test_a_correction_by_forms_alone(bridge, consult, run_jobs):
    # given a closed consult whose PDF was made
    run_jobs()
    page, address = page_of(consult), reverse("consult_bridge:opinion", args=[consult.pk])
    expert, second, requester = (client_of(getattr(bridge, name)) for name in ("expert", "second", "requester"))
    before = b"".join(requester.get(reverse("consult_bridge:opinion_document", args=[consult.pk])).streaming_content)
    assert "Correct this opinion" in text_of(expert.get(page))
    assert "Correct this opinion" not in text_of(requester.get(page))
    # when the expert begins it, twice, writes and submits
    for _click in range(2):
        assert expert.post(address, {"action": "amend", "reason": REASON}).status_code == 302
    editor = expert.get(page)
    assert "Your correction of the opinion is not finished." in text_of(editor)
    assert "Version 1, in force" in text_of(editor)
    fields = FIELDS | {"revision": hidden(editor, "revision"), "action": "submit"}
    assert expert.post(address, fields).status_code == 302
    # then the requester reads the first text alone, and the second doctor has it to check
    seen = text_of(requester.get(page))
    assert (TEXT.recommendation in seen, CHANGED.recommendation in seen, REASON in seen) == (True, False, False)
    assert "Correction for review" in text_of(second.get("/worklist/?tab=check"))
    checking = second.get(page)
    assert "A correction of the opinion waits for your review." in text_of(checking)
    # when it is signed, by two clicks
    signing = FIELDS | {"revision": hidden(checking, "revision"), "action": "sign"}
    for _click in range(2):
        assert second.post(address, signing).status_code == 302
    # then the newest stands first, and the first, marked, below
    seen = text_of(requester.get(page, {"tab": "opinion"}))
    assert "Version 2, replaces version 1 " + REASON in seen
    assert seen.index(CHANGED.recommendation) < seen.index("Version 1, replaced") < seen.index(TEXT.recommendation)
    assert "Replaced by version 2: 宋怀远" in seen
    # and the address of the document never hands out what is in force no more
    document = reverse("consult_bridge:opinion_document", args=[consult.pk])
    assert requester.get(document).status_code == 404
    run_jobs()
    assert OpinionDocument.objects.count() == 2
    after = b"".join(requester.get(document).streaming_content)
    first, latest = Opinion.unscoped.order_by("version")
    kept = [
        b"".join(requester.get(reverse("consult_bridge:opinion_version", args=[consult.pk, key])).streaming_content)
        for key in (first.pk, latest.pk)
    ]
    assert (kept == [before, after], before == after) == (True, False)


def test_the_document_says_what_it_replaces_and_why(bridge, consult):
    first = Opinion.unscoped.get(consult=consult)
    second = corrected(bridge, consult, timezone.now())
    with translation.override("zh-hans"):
        was, now_is = document_data(first), document_data(second)
    assert (was["title"], was["notices"]) == ("会诊意见", [])
    assert (now_is["title"], now_is["facts"][-1]) == ("会诊更正意见", ["版本", "2"])
    assert [(notice["heading"][:5], notice["text"]) for notice in now_is["notices"]] == [("本版本取代", REASON)]


def test_who_closes_reads_the_opinion_in_force(bridge):
    consult = consult_in(bridge, "signed", timezone.now() - timedelta(minutes=30))
    api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason=REASON, now=timezone.now())
    api.save_opinion(actor=bridge.expert, consult_id=consult.pk, text=CHANGED, revision=2, now=timezone.now())
    seen = text_of(client_of(bridge.requester).get(reverse("consult_bridge:close", args=[consult.pk])))
    assert (TEXT.recommendation in seen, CHANGED.recommendation in seen) == (True, False)


def test_what_was_refused_comes_back_with_a_sentence(bridge, consult):
    address = reverse("consult_bridge:opinion", args=[consult.pk])
    expert, second = client_of(bridge.expert), client_of(bridge.second)
    empty = expert.post(address, {"action": "amend", "reason": " "})
    assert (empty.status_code, Opinion.unscoped.count()) == (422, 1)
    expert.post(address, {"action": "amend", "reason": REASON})
    other = second.post(address, {"action": "amend", "reason": "我也要改。"})
    assert (other.status_code, "陈牧之" in text_of(other), Opinion.unscoped.count()) == (409, True, 2)
    stale = expert.post(address, FIELDS | {"revision": "0", "action": "save", "change_reason": "另一个原因。"})
    assert (stale.status_code, "另一个原因。" in stale.content.decode()) == (409, True)
    assert Opinion.unscoped.get(version=2).change_reason == REASON
    learner = client_of(bridge.learner).post(address, {"action": "amend", "reason": REASON})
    outsider = client_of(bridge.outsider).post(address, {"action": "amend", "reason": REASON})
    assert (learner.status_code, outsider.status_code, Opinion.unscoped.count()) == (403, 403, 2)


def test_a_correction_in_hand_stands_on_the_first_screen_without_a_clock(bridge, consult):
    api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason=REASON, now=timezone.now())
    home = BeautifulSoup(client_of(bridge.expert).get("/home/").content, "html.parser")
    row = next(link for link in home.select("a") if f"/consults/{consult.pk}/" in link.get("href", ""))
    assert row["href"] == f"/consults/{consult.pk}/?tab=opinion&pane=op"
    assert "Go on with the correction" in home.get_text(" ")
    assert "overdue" not in home.get_text(" ").lower()
