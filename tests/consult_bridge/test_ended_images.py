"""What ended stays as it ended: no image joins it, and only the requesting side says whose an image is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from consult_bridge.errors import ConsultEnded, ConsultNotFound
from consult_bridge.models import ArrivedStudy, ConsultStudy, ConsultUpload
from consult_bridge.services import sharing
from consult_bridge.services.studies import attach_by_hand, confirm_same_patient, send_images, study_stored
from consult_bridge.services.submitting import cancel_consult
from core.errors import Forbidden
from core.ids import uuid7
from media_pipeline.models import IdentifiedStudy, Share
from tests.consult_bridge.test_images import dicom_file, send
from tests.factories.consults import consult_in, study_of
from tests.factories.people import make_actor, make_person

PATIENT = "QX-2026-0817"


@pytest.fixture(params=["closed", "cancelled"])
def ended(request, bridge, now):
    consult = consult_in(bridge, "closed" if request.param == "closed" else "submitted", now)
    if request.param == "cancelled":
        cancel_consult(actor=bridge.requester, consult_id=consult.pk, reason="家属撤回。", now=now)
        consult.refresh_from_db()
    return consult


@pytest.fixture
def stray(bridge, now):
    """A study of the requesting hospital that belongs to no consult yet."""
    return IdentifiedStudy.unscoped.create(
        organisation=bridge.hospital,
        study_uid="1.2.826.0.1.3680043.9.1",
        patient_id=PATIENT,
        patient_name="CEN^WANGSHU",
        created_at=now,
        updated_at=now,
    )


def test_nothing_is_sent_to_what_has_ended(bridge, ended, now, run_jobs):
    with pytest.raises(ConsultEnded):
        send_images(
            actor=bridge.requester, consult_id=ended.pk, upload_id=uuid7(), files=[dicom_file(PATIENT)], now=now
        )
    run_jobs(now)

    assert not ConsultUpload.objects.exists()
    assert not IdentifiedStudy.unscoped.exists()


def test_nothing_is_attached_by_hand_to_what_has_ended(bridge, ended, stray, now):
    later = now + timedelta(days=1)
    with pytest.raises(ConsultEnded):
        attach_by_hand(actor=bridge.requester, consult_id=ended.pk, study_id=stray.pk, now=later)

    assert not ConsultStudy.unscoped.exists()
    assert not Share.objects.exists()


def test_nothing_is_confirmed_in_what_has_ended(bridge, ended, stray, now):
    row = ConsultStudy.unscoped.create(
        consult=ended,
        study_id=stray.pk,
        how="by_hand",
        is_attached=False,
        mismatch_reason="旧编号。",
        attached_by_id=bridge.requester.person_id,
        attached_at=now,
    )
    colleague = make_actor(make_person(bridge.hospital, "requester"))

    with pytest.raises(ConsultEnded):
        confirm_same_patient(actor=colleague, attachment_id=row.pk, now=now)

    row.refresh_from_db()
    assert (row.is_attached, row.confirmed_by) == (False, None)


def test_a_study_that_arrives_after_the_end_waits(bridge, ended, stray, now):
    study_stored(study_id=stray.pk, now=now + timedelta(days=1))

    assert not ConsultStudy.unscoped.exists()
    assert ArrivedStudy.objects.get().attached_at is None


@pytest.mark.parametrize("who", ["coordinator", "expert", "second", "writer", "outsider", "learner"])
def test_only_the_requesting_side_confirms_whose_images_they_are(bridge, stray, now, who):
    consult = consult_in(bridge, "assigned", now)
    stray.patient_id = "OTHER"
    stray.save()
    row = attach_by_hand(
        actor=bridge.requester, consult_id=consult.pk, study_id=stray.pk, mismatch_reason="旧编号。", now=now
    )

    with pytest.raises((Forbidden, ConsultNotFound)), transaction.atomic():
        confirm_same_patient(actor=getattr(bridge, who), attachment_id=row.pk, now=now)

    row.refresh_from_db()
    assert (row.is_attached, row.confirmed_by) == (False, None)


def test_a_release_takes_what_stood_there_at_closing(bridge, now, run_jobs):
    consult = consult_in(bridge, "signed", now)
    send(bridge, consult, dicom_file(PATIENT), now, run_jobs)
    first = ConsultStudy.unscoped.get().study_id
    consult.state, consult.ended_at = "closed", now + timedelta(hours=1)
    consult.save()
    late = study_of(consult, now + timedelta(hours=2))

    assert sharing.released_ids(consult) == [first]
    assert set(sharing.attached_ids(consult)) == {first, late}
