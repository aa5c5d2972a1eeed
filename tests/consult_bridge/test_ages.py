"""An age in days below one month, in months below three years, then in years."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from consult_bridge.ages import age_and_sex, age_words
from consult_bridge.contracts import PatientData
from consult_bridge.models import Consult, Opinion, Patient
from consult_bridge.services.documents import facts_of
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in

DAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("born", "english", "chinese"),
    [
        (date(2026, 11, 27), "0 days", "0 天"),
        (date(2026, 11, 26), "1 day", "1 天"),
        (date(2026, 10, 28), "30 days", "30 天"),
        (date(2026, 10, 27), "1 month", "1 个月"),
        (date(2024, 2, 29), "32 months", "32 个月"),
        (date(2023, 11, 28), "35 months", "35 个月"),
        (date(2023, 11, 27), "3 years", "3 岁"),
        (date(1964, 11, 28), "61 years", "61 岁"),
        (date(2026, 11, 28), "", ""),
        (None, "", ""),
    ],
)
def test_the_unit_in_which_an_age_is_judged(born, english, chinese):
    for language, words in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert age_words(born, DAY) == words


def test_an_infant_is_no_year_old_in_the_head_the_list_and_the_document(bridge):
    now = timezone.now()
    today = timezone.localdate(now)
    born = date(today.year - 1, today.month, 1)
    infant = PatientData("冉红霞", "female", born, "QX-2026-0900", "", "13900000001", "青溪县柳湾村")
    consult = consult_in(bridge, "under_review", now, patient=infant)
    expert = client_of(bridge.expert)
    for address in (f"/consults/{consult.pk}/", "/consults/"):
        assert "12 months" in expert.get(address).content.decode()
    assert "12 months, female" in expert.get(f"/consults/{consult.pk}/").content.decode()
    with translation.override("en"):
        facts = {str(label): text for label, text in facts_of(Opinion.unscoped.get())}
    assert facts["Sex and age"] == "Female 12 months"


@pytest.mark.parametrize(
    ("born", "sex", "english", "chinese"),
    [
        (date(1960, 3, 5), "male", "66 years, male", "66 岁 男"),
        (date(2025, 10, 1), "female", "13 months, female", "13 个月 女"),
        (date(1960, 3, 5), "unknown", "66 years, not known", "66 岁 未知"),
        (None, "male", "Male", "男"),
    ],
)
def test_age_and_sex_in_a_head(born, sex, english, chinese):
    asked = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    consult = Consult(patient=Patient(birth_date=born, sex=sex), created_at=asked)
    for language, words in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert age_and_sex(consult) == words
