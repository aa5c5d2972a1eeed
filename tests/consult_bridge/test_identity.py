"""Whose images they are is told by number, name, date of birth and sex together, in whichever way a name is written."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from consult_bridge.identity import Likeness, Verdict, likeness, marks_of, name_verdict
from consult_bridge.models import Patient
from media_pipeline.contracts import StudyFacts
from tests.factories.identities import facts_of

PATIENT = Patient(name="岑望舒", sex="female", birth_date=date(1964, 3, 5), record_number="QX-1")


@pytest.mark.parametrize(
    ("recorded", "header", "verdict"),
    [
        ("张卫国", "ZHANG^WEIGUO=张卫国", "agrees"),
        ("张卫国", "Zhang^Wei Guo", "agrees"),
        ("张卫国", "Wei-guo Zhang", "agrees"),
        ("张卫国", "WEIGUO ZHANG", "agrees"),
        ("张卫国", "张^卫国", "agrees"),
        ("张卫国", "张 卫国", "agrees"),
        ("张卫国", "ZHANG^WEIGUO=章卫国", "differs"),
        ("张卫国", "ZHANG^WEIHUA", "differs"),
        ("单雄信", "SHAN^XIONGXIN", "agrees"),
        ("单雄信", "DAN^XIONGXIN", "agrees"),
        ("吕蒙", "LV^MENG", "agrees"),
        ("吕蒙", "LYU^MENG", "agrees"),
        ("吕蒙", "Lü^Meng", "agrees"),
        ("欧阳娜娜", "OUYANG^NANA", "agrees"),
        ("买买提·吐尔逊", "MAIMAITI^TUERXUN", "agrees"),
        ("Test Patient", "PATIENT^TEST", "agrees"),
        ("Test Patient", "Jane_Doe", "differs"),
        ("José Álvarez", "ALVAREZ^JOSE", "agrees"),
        ("张卫国", "", "absent"),
        ("张卫国", "^^^", "absent"),
        ("张卫国", "Anonymous^", "absent"),
        ("张卫国", "匿名", "absent"),
        ("张卫国", "ANON 12", "absent"),
    ],
)
def test_a_name_is_compared_in_every_way_it_is_written(recorded, header, verdict):
    assert name_verdict(recorded, header) == verdict


@pytest.mark.parametrize(
    ("header", "is_same"),
    [
        ({}, True),
        ({"patient_name": "", "patient_birth_date": "", "patient_sex": ""}, True),
        ({"patient_name": "Anonymous", "patient_sex": "O"}, True),
        ({"patient_name": "TSEN^WANG SHU"}, True),  # no reading of it, yet born on that day and of that sex
        ({"patient_name": "TSEN^WANG SHU", "patient_sex": ""}, False),
        ({"patient_name": "DOE^JANE", "patient_birth_date": "19661124"}, False),
        ({"patient_birth_date": "19661124"}, False),
        ({"patient_sex": "M"}, False),
        ({"patient_id": "QX-2"}, False),
        ({"patient_id": ""}, False),
    ],
)
def test_the_number_alone_is_never_enough_where_something_speaks_against_it(header, is_same):
    assert likeness(PATIENT, facts_of(**header)).is_same is is_same


@pytest.mark.parametrize(
    ("header", "is_same", "names_another"),
    [
        ({}, True, False),
        ({"patient_id": ""}, True, False),
        ({"patient_sex": ""}, False, False),
        ({"patient_name": "Anonymous"}, False, False),
        ({"patient_name": "TSEN^WANG SHU"}, False, True),
        ({"patient_birth_date": "19661124"}, False, True),
    ],
)
def test_without_a_recorded_number_everything_else_has_to_agree(header, is_same, names_another):
    unnumbered = Patient(name="岑望舒", sex="female", birth_date=date(1964, 3, 5))
    found = likeness(unnumbered, facts_of(**header))
    assert (found.is_same, found.names_another) == (is_same, names_another)


@pytest.mark.parametrize(
    ("header", "names_another"),
    [
        ({}, False),
        ({"patient_name": "TSEN^WANG SHU"}, False),
        ({"patient_id": ""}, False),
        ({"patient_id": "QX-2"}, True),
        ({"patient_id": "", "patient_sex": "M"}, True),
    ],
)
def test_another_patient_is_named_only_where_something_differs(header, names_another):
    assert likeness(PATIENT, facts_of(**header)).names_another is names_another


def test_a_day_that_is_none_says_nothing():
    assert likeness(PATIENT, facts_of(patient_birth_date="19640230")).birth_date == Verdict.ABSENT


@translation.override("en")
def test_both_identities_stand_side_by_side():
    facts: StudyFacts = facts_of(patient_name="DOE^JANE=无名", patient_birth_date="19661124", patient_id="QX-1")
    assert likeness(PATIENT, facts) == Likeness(Verdict.AGREES, Verdict.DIFFERS, Verdict.DIFFERS, Verdict.AGREES)
    assert [(str(m.label), str(m.recorded), str(m.header), m.verdict.value) for m in marks_of(PATIENT, facts)] == [
        ("Name", "岑望舒", "DOE JANE", "differs"),
        ("Patient number", "QX-1", "QX-1", "agrees"),
        ("Date of birth", "1964-03-05", "1966-11-24", "differs"),
        ("Sex", "Female", "Female", "agrees"),
    ]
