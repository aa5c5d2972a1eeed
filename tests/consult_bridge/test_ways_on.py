"""Where somebody stands without a next step, the page names one: after a lost race, in the search, on paper."""

from __future__ import annotations

import re

from django.urls import reverse
from django.utils.html import escape

from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import TEXT, consult_in


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_who_takes_over_what_was_signed_meanwhile_is_led_to_the_consult(bridge, now):
    consult = consult_in(bridge, "signed", now)
    page = reverse("consult_bridge:consult", args=[consult.pk])
    opinion = reverse("consult_bridge:opinion", args=[consult.pk])
    late = client_of(bridge.writer).post(opinion, {"action": "take_over", "writer": bridge.expert.person_id})
    assert late.status_code == 409
    assert f'<a class="x-btn x-btn--primary" href="{page}">Open the consult</a>' in text_of(late)


def test_the_search_says_where_consults_are_found(bridge, now):
    consult_in(bridge, "assigned", now)
    page = text_of(client_of(bridge.coordinator).get("/search/", {"q": "岑望舒"}))
    address = reverse("consult_bridge:consults") + "?tab=all&q=%E5%B2%91%E6%9C%9B%E8%88%92"
    assert "Patients and consults are not in this search." in page
    assert escape(address) in page
    assert "岑望舒" in text_of(client_of(bridge.coordinator).get(address))


def test_who_sees_no_consults_is_not_led_to_them(bridge):
    page = text_of(client_of(bridge.learner).get("/search/", {"q": "岑望舒"}))
    assert "Patients and consults" not in page


def test_paper_holds_the_opinion_whichever_tab_is_open(bridge, now):
    consult = consult_in(bridge, "signed", now)
    page = reverse("consult_bridge:consult", args=[consult.pk])
    for tab in ("opinion", "talk", "history"):
        paper = text_of(client_of(bridge.requester).get(page, {"tab": tab})).split("x-print-only")[1]
        assert TEXT.recommendation in paper
        assert "宋怀远" in paper


def test_paper_holds_no_text_that_is_not_signed_for_who_asked(bridge, now):
    consult = consult_in(bridge, "under_review", now)
    page = reverse("consult_bridge:consult", args=[consult.pk])
    assert TEXT.recommendation not in text_of(client_of(bridge.requester).get(page))
