"""Images that come before their request are part of it as soon as it is submitted, or are asked about there."""

from __future__ import annotations

import pytest

from consult_bridge.models import ArrivedStudy, ConsultStudy
from core.notify.models import Notification
from media_pipeline import api as media
from tests.consult_bridge.test_images import OF_ANOTHER, dicom_file
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in

ACCESSION = "US26112201"
ASIDE = "1 study arrived that names another patient."


@pytest.fixture
def arrive(bridge, now, run_jobs):
    """The archive receives a study for which nothing has been requested yet."""

    def arrive(patient_id: str, accession_number: str = ACCESSION, *, place="hospital", **header: str) -> None:
        media.store_instances(
            actor=bridge.outsider if place == "sibling" else bridge.requester,
            organisation_id=getattr(bridge, place).pk,
            source="stow",
            files=[dicom_file(patient_id, accession_number, **header)],
            now=now,
        )
        run_jobs(now)

    return arrive


def test_what_came_before_the_request_is_part_of_it(bridge, now, arrive):
    arrive("QX-2026-0817")
    study_id = ArrivedStudy.objects.get(attached_at__isnull=True).pk
    consult = consult_in(bridge, "submitted", now)
    row = ConsultStudy.unscoped.get()
    assert (row.consult_id, row.study_id, row.how, row.is_attached) == (consult.pk, study_id, "matched", True)
    assert ArrivedStudy.objects.get().attached_at == now
    assert media.may_view_study(bridge.expert, study_id, now)
    told = Notification.objects.filter(kind="consult.study_arrived").values_list("person_id", flat=True)
    assert list(told) == [bridge.requester.person_id]


def test_what_names_another_patient_is_asked_about_on_the_new_consult(bridge, now, arrive):
    arrive("ANOTHER-1", **OF_ANOTHER)
    consult = consult_in(bridge, "submitted", now)
    assert not ConsultStudy.unscoped.exists()
    row = ArrivedStudy.objects.get()
    assert (row.consult_id, row.attached_at) == (consult.pk, None)
    assert not media.may_view_study(bridge.expert, row.pk, now)
    address = f"/consults/{consult.pk}/"
    assert ASIDE in client_of(bridge.requester).get(address).content.decode()
    assert ASIDE not in client_of(bridge.coordinator).get(address).content.decode()


@pytest.mark.parametrize(
    ("accession_number", "asked"), [("OTHER-1", ACCESSION), ("", ""), (ACCESSION, "")], ids=["other", "none", "unasked"]
)
def test_another_number_or_none_brings_nothing(bridge, now, arrive, accession_number, asked):
    arrive("QX-2026-0817", accession_number)
    consult_in(bridge, "submitted", now, accession_number=asked)
    assert not ConsultStudy.unscoped.exists()
    assert ArrivedStudy.objects.get().consult_id is None


def test_another_hospitals_images_stay_there(bridge, now, arrive):
    arrive("QX-2026-0817", place="sibling")
    consult_in(bridge, "submitted", now)
    assert not ConsultStudy.unscoped.exists()
    assert ArrivedStudy.objects.get().consult_id is None
