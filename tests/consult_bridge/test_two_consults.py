"""Two consults of one patient that are open at once: images sent with both are part of both."""

from __future__ import annotations

import pytest

from consult_bridge.models import ArrivedStudy, Consult, ConsultStudy, Patient
from consult_bridge.selectors.identities import images_in_hand
from consult_bridge.services.studies import attach_by_hand, not_this_patient
from core.notify.models import Notification
from media_pipeline import api as media
from media_pipeline.models import Share
from tests.consult_bridge.test_images import dicom_file, send
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in, study_of

SLICE = {"patient_id": "QX-2026-0817"}
ELSEWHERE = "Images of this patient’s other consults"


@pytest.fixture
def first(bridge, now) -> Consult:
    return consult_in(bridge, "accepted", now, accession_number="")


@pytest.fixture
def second(bridge, now, first) -> Consult:
    return consult_in(bridge, "accepted", now, accession_number="", specialty="radiology")


def holders_of(consult: Consult) -> int:
    return Share.objects.filter(purpose=f"consult:{consult.pk}").count()


def test_images_sent_with_both_are_part_of_both_and_shared_for_each(bridge, first, second, now, run_jobs):
    send(bridge, first, dicom_file(**SLICE), now, run_jobs)
    assert [row.consult_id for row in ConsultStudy.unscoped.all()] == [first.pk]
    Notification.objects.all().delete()

    send(bridge, second, dicom_file(**SLICE), now, run_jobs)

    rows = ConsultStudy.unscoped.order_by("consult_id").values_list("consult_id", "how", "is_attached")
    assert list(rows) == [(first.pk, "uploaded", True), (second.pk, "uploaded", True)]
    assert (holders_of(first), holders_of(second)) == (2, 2)
    told = Notification.objects.filter(kind="consult.study_arrived").values_list("person_id", "url")
    people = (bridge.requester.person_id, bridge.expert.person_id)
    assert set(told) == {(person, f"/consults/{second.pk}/") for person in people}


def test_of_two_only_the_one_of_this_patient_takes_it(bridge, first, second, now, run_jobs):
    stranger = Patient.unscoped.get(pk=first.patient_id)
    stranger.pk, stranger.record_number, stranger.name = None, "QX-9", "赵临川"
    stranger.save(force_insert=True)
    Consult.unscoped.filter(pk=second.pk).update(patient=stranger)
    for consult in (second, first):
        send(bridge, consult, dicom_file(**SLICE), now, run_jobs)
    assert [row.consult_id for row in ConsultStudy.unscoped.all()] == [first.pk]
    assert holders_of(second) == 0


def test_what_is_part_of_one_is_offered_for_the_other(bridge, first, second, now, run_jobs):
    send(bridge, first, dicom_file(**SLICE), now, run_jobs)
    study_id = ConsultStudy.unscoped.get().study_id
    assert [one.facts.id for one in images_in_hand(bridge.requester, second, now).elsewhere] == [study_id]
    assert images_in_hand(bridge.requester, first, now).elsewhere == []
    requester = client_of(bridge.requester)
    assert ELSEWHERE in requester.get(f"/consults/{second.pk}/images/").content.decode()
    assert ELSEWHERE not in requester.get(f"/consults/{first.pk}/images/").content.decode()

    sent = requester.post(f"/consults/{second.pk}/images/", {"action": "attach", "study": str(study_id)})

    assert sent.status_code == 302
    assert ConsultStudy.unscoped.get(consult=second).how == "by_hand"
    assert images_in_hand(bridge.requester, second, now).elsewhere == []
    assert media.may_view_study(bridge.expert, study_id, now)


def test_what_the_archive_does_not_show_is_not_offered(bridge, first, second, now):
    study_of(first, now)
    assert images_in_hand(bridge.requester, second, now).elsewhere == []
    assert client_of(bridge.requester).get(f"/consults/{second.pk}/images/").status_code == 200


def test_another_patients_are_not_offered_nor_what_was_refused_here(bridge, first, second, now, run_jobs):
    send(bridge, first, dicom_file("ANOTHER-1", PatientName="Doe^Jane"), now, run_jobs)
    study_id = ArrivedStudy.objects.get().pk
    assert images_in_hand(bridge.requester, second, now).elsewhere == []
    call = {"actor": bridge.requester, "study_id": study_id, "now": now}
    attach_by_hand(consult_id=second.pk, mismatch_reason="旧编号。", **call)
    not_this_patient(consult_id=second.pk, **call)
    ConsultStudy.unscoped.create(consult=first, study_id=study_id, how="by_hand", attached_at=now)
    assert images_in_hand(bridge.requester, second, now).elsewhere == []
