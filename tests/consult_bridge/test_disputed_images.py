"""That it was open whose images they are, who settled it and why, is read where the images are."""

from __future__ import annotations

import re
from datetime import date

import pytest

from consult_bridge.contracts import PatientData
from consult_bridge.models import ArrivedStudy
from consult_bridge.services.studies import attach_by_hand, confirm_same_patient, not_this_patient
from media_pipeline import api as media
from tests.consult_bridge.test_images import OF_ANOTHER, dicom_file, send
from tests.consult_bridge.test_pages import client_of
from tests.consult_bridge.test_set_aside import NUMBER, page_of, text_of
from tests.factories.consults import consult_in
from tests.factories.people import make_actor, make_person

SETTLED = (
    "Images set aside: their header does not show this patient",
    "Images said to show this patient in spite of their header",
    "Confirmed by a second person: the images show this patient",
)


@pytest.fixture
def another(bridge, now, run_jobs):
    """A consult to which images of somebody else were sent under its patient's number."""
    consult = consult_in(bridge, "assigned", now)
    send(bridge, consult, dicom_file(NUMBER, **OF_ANOTHER), now, run_jobs)
    return consult


def test_while_it_is_open_whose_images_they_are_it_stands_on_top_for_who_answers(bridge, another):
    for actor in (bridge.expert, bridge.coordinator):
        page = text_of(client_of(actor).get(page_of(another)))
        top = re.search(r'<section class="x-nexts".*?</section>', page)[0]
        assert "1 study arrived and names another patient." in top
        assert "looks whose it is; until then it is not part of the consult." in top
    history = text_of(client_of(bridge.expert).get(page_of(another) + "?tab=history"))
    assert [words in history for words in SETTLED] == [True, False, False]


def test_the_history_says_who_settled_it_and_why(bridge, another, now):
    # given two people who say that it is the same patient
    call = {"actor": bridge.requester, "consult_id": another.pk, "study_id": ArrivedStudy.objects.get().pk, "now": now}
    reason = "曾用名，已核对身份证。"
    row = attach_by_hand(**call, mismatch_reason=reason)
    second = make_actor(make_person(bridge.hospital, "requester", name="白一诺"))
    confirm_same_patient(actor=second, attachment_id=row.pk, now=now)
    # then the expert reads it, with both
    history = text_of(client_of(bridge.expert).get(page_of(another) + "?tab=history"))
    assert [words in history for words in SETTLED] == [True, True, True]
    assert f"Images said to show this patient in spite of their header: {reason}" in history
    assert "白一诺" in history


def test_what_came_for_another_consult_is_named_so_and_not_offered_first(bridge, another, now, run_jobs):
    # given a study that came for another consult, and after it one that came for none
    patient = PatientData("林见山", "male", date(1970, 1, 2), "QX-9")
    ours = consult_in(bridge, "assigned", now, patient=patient, accession_number="")
    house = {"organisation_id": bridge.hospital.pk, "source": "upload"}
    alone = dicom_file("QX-77", StudyInstanceUID="1.2.826.77", SOPInstanceUID="1.2.826.77.1")
    media.store_instances(actor=bridge.requester, **house, files=[alone], now=now)
    run_jobs(now)
    assert ArrivedStudy.objects.count() == 2
    # when the images of our consult are opened
    page = text_of(client_of(bridge.requester).get(page_of(ours, "images")))
    # then the one that came for none stands first, and the other says whose request it came with
    arrived = page[page.index('id="arrived"') :]
    assert arrived.index("QX-77") < arrived.index("It was sent with another consult, of 岑望舒.")
    assert arrived.count("It was sent with another consult") == 1
    assert f'href="{page_of(another, "images")}"' in arrived
    # then also after that consult said that it is another patient, and there it is not called another consult's
    study_id = ArrivedStudy.objects.get(consult=another).pk
    not_this_patient(actor=bridge.requester, consult_id=another.pk, study_id=study_id, now=now)
    sentence = "It was sent with another consult, of 岑望舒."
    requester = client_of(bridge.requester)
    assert sentence in text_of(requester.get(page_of(ours, "images")))
    assert "It was sent with another consult" not in text_of(requester.get(page_of(another, "images")))
