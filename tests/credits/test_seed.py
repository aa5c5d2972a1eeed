"""The seeded year of learning adds up: courses, credits, one reversed credit, one revoked certificate."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from assessment import seed as assessment_seed
from casebook import seed as casebook_seed
from cms import seed as cms_seed
from cms.api import list_published
from consult_bridge import seed as consult_seed
from credits import seed as credits_seed
from credits.models import Certificate, CreditEntry
from directory import seed as directory_seed
from lms import seed as lms_seed
from lms.api import list_completions


def test_the_year_of_learning_adds_up_with_one_reversal_and_one_revoked_certificate(db, now):
    # given the year, as a demo writes it
    province = directory_seed.seed(rng=Random("directory"), now=now)
    for room in (consult_seed, casebook_seed, assessment_seed, cms_seed, lms_seed, credits_seed):
        room.seed(rng=Random(room.__name__), province=province, now=now)
    # then each pass has its entry and its certificate, and nothing else has one
    completions = {f"completion:{completion.id}" for completion in list_completions()}
    entries = CreditEntry.unscoped.filter(source__startswith="completion:", reverses=None)
    assert len(list_published()) >= 5
    assert completions
    assert set(entries.values_list("source", flat=True)) == completions
    assert set(Certificate.unscoped.values_list("entry_id", flat=True)) == set(entries.values_list("pk", flat=True))
    # and exactly one of them was taken back, whole, and its certificate with it
    reversal = CreditEntry.unscoped.get(reverses__isnull=False)
    taken_back = reversal.reverses
    assert (reversal.credits, reversal.hours) == (-taken_back.credits, -taken_back.hours)
    assert reversal.entered_at > taken_back.entered_at
    assert Certificate.unscoped.get(revoked_at__isnull=False).entry_id == taken_back.pk
    credits = dict(CreditEntry.unscoped.values_list("pk", "credits"))
    kept = sum(value for pk, value in credits.items() if pk not in {taken_back.pk, reversal.pk})
    assert (sum(credits.values()), kept > Decimal(1000)) == (kept, True)
