"""Twelve months of seeded consults: plausible, adding up, the same each time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db.models import F

from consult_bridge.models import Consult, ConsultScope, ConsultStep, CriticalValue, Feedback, Opinion, Patient, Report
from consult_bridge.seed import seed
from consult_bridge.seed.calendar import TOTAL
from consult_bridge.seed.names import CANARY_NAMES
from consult_bridge.services.reports import signed_content
from consult_bridge.states import OPEN
from core import crypto
from directory import seed as directory_seed


@pytest.fixture
def province(db, now):
    province = directory_seed.seed(rng=Random("a"), now=now)
    seed(rng=Random("b"), province=province, now=now)
    return province


def test_the_history_adds_up(province, now):
    states = Counter(Consult.unscoped.values_list("state", flat=True))
    assert sum(states.values()) == TOTAL + 14
    assert states["closed"] == Feedback.objects.count()
    assert states["declined"] >= 1
    assert Opinion.unscoped.filter(state="signed").count() == states["closed"] + states["signed"]
    assert not Consult.unscoped.filter(submitted_at__gt=now).exists()
    assert not ConsultStep.objects.filter(happened_at__gt=now).exists()
    assert not Consult.unscoped.filter(state__in=OPEN, submitted_at__lt=now.replace(day=19)).exists()
    assert not ConsultScope.objects.filter(consult__isnull=True).exists()
    assert Consult.unscoped.filter(scope__isnull=True).count() == 0
    _every_opinion_has_two_doctors_and_canaries_are_alone(province)
    _two_county_hospitals_never_asked(province)


def _every_opinion_has_two_doctors_and_canaries_are_alone(province):
    assert not Opinion.unscoped.filter(checked_by=F("written_by")).exists()
    names = Counter(Patient.unscoped.values_list("name", flat=True))
    assert [names[name] for name in CANARY_NAMES] == [1, 1, 1]
    assert not set(names) & province.names


def _two_county_hospitals_never_asked(province):
    asked = set(Consult.unscoped.values_list("requesting_organisation_id", flat=True))
    silent = [county for county in province.counties if county.hospital.pk not in asked]
    assert len(silent) == 2


def test_a_few_imaging_reports_are_signed_one_corrected_one_critical(province, now):
    states = Counter(Report.unscoped.values_list("state", flat=True))
    assert states == {"signed": 10, "amended": 1}
    assert not Report.unscoped.filter(checked_by=F("written_by")).exists()
    assert not Report.unscoped.exclude(consult__state="closed").exists()
    assert not Report.unscoped.filter(signed_at__gte=F("consult__ended_at")).exists()
    corrected = Report.unscoped.get(version=2)
    assert ("右侧少量胸腔积液" in corrected.impression, "左侧少量胸腔积液" in corrected.amends.impression) == (
        True,
        True,
    )
    told = CriticalValue.unscoped.get()
    assert (told.state, told.acknowledged_at - told.raised_at) == ("acknowledged", timedelta(minutes=6))
    for report in Report.unscoped.select_related("consult"):
        content = signed_content(report)
        crypto.verify(content, crypto.Signature.parse(report.signature), purpose="report")
