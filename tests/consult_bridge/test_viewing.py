"""Every study of a consult opens in its pane of images, and beside a report stands its own study and no other."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge.models import Consult, ConsultStudy
from core.ids import uuid7
from tests.consult_bridge.test_images import dicom_file, send
from tests.consult_bridge.test_pages import client_of, hidden
from tests.factories.consults import TEXT, consult_in


def arrive(bridge: Any, consult: Consult, number: int, run_jobs: Any) -> None:
    """A study of the patient comes into the archive and to the consult."""
    uids = {f"{what}InstanceUID": f"1.2.826.0.1.3680043.9.{number}.{n}" for n, what in enumerate(("Study", "Series"))}
    uids["SOPInstanceUID"] = f"1.2.826.0.1.3680043.9.{number}.9"
    file = dicom_file("QX-2026-0817", **uids, StudyDescription=f"PART {number}")
    send(bridge, consult, file, timezone.now(), run_jobs)


@pytest.fixture
def consult(bridge, run_jobs) -> Consult:
    """With two studies of the patient in the archive."""
    consult = consult_in(bridge, "accepted", timezone.now())
    for number in (1, 2):
        arrive(bridge, consult, number, run_jobs)
    assert ConsultStudy.unscoped.filter(consult=consult, is_attached=True).count() == 2
    return consult


def studies_of(consult: Consult) -> tuple[UUID, UUID]:
    first, second = ConsultStudy.unscoped.filter(consult=consult).values_list("study_id", flat=True)
    return first, second


def shown_in(page: str) -> list[str]:
    """The studies whose viewer the page loads."""
    return re.findall(r'hx-get="[^"]*/studies/([0-9a-f-]{36})/fragment/"', page)


def page_of(person: Any, consult: Consult, **query: Any) -> str:
    return person.get(reverse("consult_bridge:consult", args=[consult.pk]), query).content.decode()


@pytest.mark.parametrize("tab", ["opinion", "report", "talk"])
def test_the_chosen_study_is_shown_and_chosen_in_the_bar(bridge, consult, tab):
    for chosen in studies_of(consult):
        page = page_of(client_of(bridge.expert), consult, tab=tab, study=chosen)
        assert shown_in(page) == [str(chosen)]
        bar = re.search(r'<nav class="x-vw__bar x-vw__studies".*?</nav>', page, re.S)
        assert bar is not None
        assert re.findall(r'study=([0-9a-f-]{36})" aria-current="true"', bar[0]) == [str(chosen)]
        # and it is named before them, with its place among them, also while they are folded
        number = studies_of(consult).index(chosen) + 1
        (head,) = re.findall(r"<summary>.*?</summary>", bar[0], re.S)
        assert f"Study {number} of 2</span>" in head
        assert f"PART {number}" in head
        assert f"?pane=op&amp;tab=report&amp;study={chosen}" in page


@pytest.mark.parametrize(
    ("count", "folds"),
    [(1, []), (2, [' x-vw__pick--two" open data-fold="narrow"']), (3, ['"'])],
)
def test_one_study_has_no_bar_two_stand_open_and_three_are_folded(bridge, consult, run_jobs, count, folds):
    _first, second = studies_of(consult)
    if count == 1:
        ConsultStudy.unscoped.filter(study_id=second).update(is_attached=False)
    if count == 3:
        arrive(bridge, consult, 3, run_jobs)
    page = page_of(client_of(bridge.expert), consult)
    assert re.findall(r'<details class="x-fold x-vw__pick([^>]*)>', page) == folds


def test_the_first_is_shown_where_none_or_a_foreign_one_is_chosen(bridge, consult):
    first, _second = studies_of(consult)
    for query in ({}, {"study": uuid7()}, {"study": "x"}):
        assert shown_in(page_of(client_of(bridge.expert), consult, **query)) == [str(first)]


def test_a_refused_report_comes_back_beside_its_own_study(bridge, consult):
    _first, second = studies_of(consult)
    address = reverse("consult_bridge:report", args=[consult.pk, second])
    answer = client_of(bridge.writer).post(address, {"revision": "0", "action": "submit", "findings": "片段。"})
    assert answer.status_code == 422
    assert shown_in(answer.content.decode()) == [str(second)]


def test_beside_a_report_whose_images_are_gone_stands_no_other_study(bridge, consult):
    gone = uuid7()
    ConsultStudy.unscoped.create(consult=consult, study_id=gone, how="matched", attached_at=timezone.now())
    page = page_of(client_of(bridge.writer), consult, tab="report", study=gone)
    assert shown_in(page) == []
    assert page.count("<span>Choose one of 2 studies</span>") == 1
    assert "The images of this report are no longer in the archive." in page


def test_a_saved_opinion_comes_back_beside_the_study_that_was_open(bridge, consult):
    _first, second = studies_of(consult)
    expert = client_of(bridge.expert)
    opened = expert.get(reverse("consult_bridge:consult", args=[consult.pk]), {"study": second})
    address = reverse("consult_bridge:opinion", args=[consult.pk])
    assert f'action="{address}?study={second}"' in opened.content.decode()
    fields = {"findings": TEXT.findings, "revision": hidden(opened, "revision"), "action": "save"}
    answer = expert.post(f"{address}?study={second}", fields)
    assert answer["Location"].endswith(f"?tab=opinion&pane=op&study={second}")


def test_the_images_alone_lead_back_to_the_consult_for_whoever_sees_it(bridge, consult):
    _first, second = studies_of(consult)
    back = f"/consults/{consult.pk}/?pane=img&amp;study={second}"
    viewer = reverse("media_pipeline:viewer", args=[second])
    assert back in client_of(bridge.expert).get(viewer).content.decode()
    ConsultStudy.unscoped.filter(study_id=second).update(is_attached=False)
    assert "/consults/0" not in client_of(bridge.expert).get(viewer).content.decode()
