"""Whoever closes a consult knows which images it leaves out because it is open whose they are."""

from __future__ import annotations

import pytest
from django.urls import reverse

from consult_bridge import api
from consult_bridge.errors import ImagesUndecided
from consult_bridge.models import ArrivedStudy, Consult, ConsultStudy, Feedback
from consult_bridge.services.studies import attach_by_hand
from core.ids import uuid7
from tests.consult_bridge.test_images import OF_ANOTHER, dicom_file, send
from tests.consult_bridge.test_pages import client_of, hidden
from tests.consult_bridge.test_set_aside import NUMBER, text_of
from tests.factories.consults import consult_in

FEEDBACK = {"outcome": "referred", "usefulness": 5}


@pytest.fixture
def another(bridge, now, run_jobs):
    """A signed consult to which images of somebody else were sent under its patient's number."""
    consult = consult_in(bridge, "signed", now)
    send(bridge, consult, dicom_file(NUMBER, **OF_ANOTHER), now, run_jobs)
    return consult


def test_it_is_not_closed_by_somebody_who_does_not_know_of_them(bridge, now, another):
    for known in ([], [uuid7()]):
        with pytest.raises(ImagesUndecided):
            api.close_consult(actor=bridge.requester, consult_id=another.pk, **FEEDBACK, undecided=known, now=now)
    assert (Consult.unscoped.get().state, Feedback.objects.count()) == ("signed", 0)


def test_the_page_names_them_and_leads_to_where_it_is_said_whose_they_are(bridge, another):
    browser, url = client_of(bridge.requester), reverse("consult_bridge:close", args=[another.pk])
    page = browser.get(url)
    study = str(ArrivedStudy.objects.get().pk)
    assert hidden(page, "undecided") == study
    assert "nobody has said whose they are" in text_of(page)
    assert f'href="{reverse("consult_bridge:images", args=[another.pk])}"' in page.content.decode()
    # when a page closes it that was opened before they came
    fields = {"outcome": "referred", "usefulness": "5", "comment": "已上转。"}
    asked = browser.post(url, fields)
    # then it is asked, with what was typed
    assert (asked.status_code, Consult.unscoped.get().state) == (409, "signed")
    assert "Images came for this consult and are not part of it yet." in text_of(asked)
    assert "已上转。</textarea>" in asked.content.decode()
    # when it is meant
    assert browser.post(url, fields | {"undecided": study}).status_code == 302
    assert Consult.unscoped.get().state == "closed"
    # then the page of the images still says what came of them
    images = text_of(browser.get(reverse("consult_bridge:images", args=[another.pk])))
    assert "The consult ended before anybody said whose they are." in images
    assert "No images became part of this consult." in images
    assert "It is another patient" not in images


def test_what_waits_for_a_second_person_is_named_too(bridge, now, another):
    study_id = ArrivedStudy.objects.get().pk
    attach_by_hand(
        actor=bridge.requester, consult_id=another.pk, study_id=study_id, mismatch_reason="曾用名。", now=now
    )
    page = client_of(bridge.requester).get(reverse("consult_bridge:close", args=[another.pk]))
    assert "waits for a second person" in text_of(page)
    assert hidden(page, "undecided") == str(study_id)
    api.close_consult(actor=bridge.requester, consult_id=another.pk, **FEEDBACK, undecided=[study_id], now=now)
    assert not ConsultStudy.unscoped.get().is_attached
    images = text_of(client_of(bridge.requester).get(reverse("consult_bridge:images", args=[another.pk])))
    assert "The consult ended before a second person confirmed it." in images
    assert "A second person confirms it." not in images


def test_a_page_of_a_consult_with_nothing_open_asks_nothing(bridge, now):
    consult = consult_in(bridge, "signed", now)
    page = client_of(bridge.requester).get(reverse("consult_bridge:close", args=[consult.pk])).content.decode()
    assert 'name="undecided"' not in page
