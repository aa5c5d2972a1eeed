"""A short or empty word in a header is nobody's: texts that name nobody come out as they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset

from media_pipeline.deid.known import MEDICAL, NUMBERS, PHONES, PLACES, identifiers_in
from media_pipeline.deid.texts import Identifiers, TextCleaner
from tests.media_pipeline.medicine import MEDICINE

LATIN = "ABCDFMRSTUXacegimnorstu"
short_words = st.text(LATIN, min_size=1, max_size=3)
short_numbers = st.text(f"{LATIN}0123456789-./ ", min_size=1, max_size=3)
#: Three capitals that are no word of medicine name a hospital; a home of two words is one however short it is.
places = (short_words | short_numbers.map(lambda text: text.replace(" ", ""))).filter(
    lambda text: not (len(text) == 3 and text.isalpha() and text.isupper() and not MEDICAL.fullmatch(text))
)
one_han = st.sampled_from("市县院区三内外科")
values = {
    **dict.fromkeys(NUMBERS, short_numbers),
    **dict.fromkeys(PHONES, st.text("0123456789-+ ", min_size=1, max_size=5)),
    **dict.fromkeys(PLACES, places | one_han | st.sampled_from(["医院", "门诊", "Ward", "3楼", "US", "ICU", "CT/MRI"])),
}


def cleaned(header: dict[str, str], text: str) -> str:
    dataset = Dataset()
    for keyword, value in header.items():
        setattr(dataset, keyword, value)
    known = {kind: tuple(found) for kind, found in identifiers_in(dataset).items()}
    return TextCleaner(Identifiers(**known), is_chinese=True).clean(text)


@settings(max_examples=300, deadline=None)
@given(st.fixed_dictionaries({}, optional=values), st.sampled_from(MEDICINE))
def test_a_short_header_value_takes_nothing_out_of_a_text(header, text):
    assert cleaned(header, text) == text


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ({"PatientID": "3"}, "肌力 3/5 级，共3天"),
        ({"PatientAddress": "F"}, "6F 导管经桡动脉入路"),
        ({"InstitutionName": "US"}, "US of the liver"),
        ({"RegionOfResidence": "县"}, "该县多见"),
        ({"CurrentPatientLocation": "急诊"}, "急诊2小时内处理"),
        ({"InstitutionName": "Hospital"}, "stayed in hospital for 3 days"),
        ({"PatientTelephoneNumbers": "120"}, "补液 120 mL"),
        ({"OrderCallbackPhoneNumber": "8012-"}, "心率 80，12 导联"),
        ({"PatientTelephoneNumbers": "12080"}, "血压 120/80 mmHg，12-080，12080.5 IU"),
        ({"PatientID": "13886"}, "血压 138/86 mmHg"),
        ({"AccessionNumber": "T-1.3"}, "T1 3 mm 层厚"),
        ({"CurrentPatientLocation": "ICU"}, "转入 ICU 2 天"),
        ({"CurrentPatientLocation": "NICU"}, "admitted to the NICU"),
        ({"InstitutionName": "MRI"}, "MRI of the knee"),
        ({"CurrentPatientLocation": "CT/MRI"}, "CT/MRI 均未见异常"),
        ({"InstitutionName": "MGH"}, "0.3 mgh of it"),
        ({"PatientAddress": "2 B"}, "CKD 2b 期，2B 类"),
        ({"CurrentPatientLocation": "ICU 3"}, "stayed in ICU 3 days；转入ICU 3天"),
        ({"CurrentPatientLocation": "MRI 3"}, "MRI 3.0T 增强"),
        ({"CurrentPatientLocation": "PET 2"}, "PET 2 weeks later"),
        ({"CurrentPatientLocation": "DAY 1"}, "Postop day 1"),
        ({"CurrentPatientLocation": "1203"}, "尿量 1203 mL，入量 1203.5 mL"),
        ({"InstitutionName": "CT OF"}, "CT of the head"),
        ({"InstitutionName": "CT OR"}, "CT or MRI"),
        ({"PatientAddress": "N 1"}, "T2 N 1 M0"),
        ({"PatientAddress": "4 5"}, "大小 4 5 mm"),
        ({"PatientAddress": "- 1"}, "take - 1 tablet"),
        ({"PatientAddress": "3 5"}, "层厚 35 mm，肌力 3/5 级"),
        ({"PatientAddress": "- -"}, "范围 - - 不详"),
    ],
)
def test_words_and_figures_of_medicine_stay(header, text):
    assert cleaned(header, text) == text


def test_abbreviations_of_medicine_are_no_hospitals():
    for word in sorted({*re.findall(r"(?<![0-9A-Za-z])[A-Z]{3}(?![0-9A-Za-z])", " ".join(MEDICINE))}):
        assert cleaned({"InstitutionName": word}, f"见 {word} 结果") == f"见 {word} 结果"


@pytest.mark.parametrize(
    ("header", "text", "expected"),
    [
        ({"PatientID": "13886"}, "门诊号13886。", "门诊号[编号]。"),
        ({"PatientID": "HIS-77881"}, "旧号 HIS 77881", "旧号 [编号]"),
        ({"InstitutionName": "白石"}, "白石医院", "[地点]医院"),
        ({"InstitutionName": "Rome"}, "seen in Rome", "seen in [地点]"),
        ({"PatientAddress": "12 Elm St"}, "lives at 12 Elm St, alone", "lives at [地点], alone"),
        ({"InstitutionAddress": "5 Oak Rd"}, "from 5 oak rd.", "from [地点]."),
        ({"PatientAddress": "3-2-501"}, "家住3-2-501，独居", "家住[地点]，独居"),
        ({"RegionOfResidence": "Xi'an"}, "Xi'an, also Xi’an or Xian", "[地点], also [地点] or [地点]"),
        ({"InstitutionName": "Gao Jia"}, "转自 Gao Jia 卫生院", "转自 [地点] 卫生院"),
        ({"InstitutionName": "MGH"}, "seen at MGH.", "seen at [地点]."),
        ({"InstitutionName": "PLA 301"}, "在PLA 301就诊，PLA301", "在[地点]就诊，[地点]"),
        ({"CurrentPatientLocation": "ICU 3"}, "转入ICU 3，病情平稳", "转入[地点]，病情平稳"),
        ({"InstitutionAddress": "NYC"}, "came from NYC", "came from [地点]"),
        ({"CurrentPatientLocation": "2011"}, "在 2011 病房，2011-03-06手术", "在 [地点] 病房，[日期]手术"),
        ({"CurrentPatientLocation": "12-05"}, "住12-05，于2026-12-04入院", "住[地点]，于[日期]入院"),
        ({"PatientAddress": "2011"}, "7 March 2011, 2011/3/7", "[日期], [日期]"),
        ({"PatientAddress": "3 501"}, "家住 3-501。", "家住 [地点]。"),
        ({"PatientTelephoneNumbers": "66 123"}, "call ext 66 123, 66123", "call ext [电话], [电话]"),
        ({"PatientTelephoneNumbers": "8-5123"}, "call 8-5123 now", "call [电话] now"),
        ({"RegionOfResidence": "Bo 5"}, "from Bo 5", "from [地点]"),
        ({"PatientTelephoneNumbers": "555123"}, "致电 555-123", "致电 [电话]"),
        ({"PatientTelephoneNumbers": "61234"}, "短号61234，家人接", "短号[电话]，家人接"),
        ({"PatientTelephoneNumbers": "6-1234"}, "tel61234.", "tel[电话]."),
        ({"OperatorsName": "李"}, "由 李 操作", "由 [姓名] 操作"),
        ({"OperatorsName": "Li Na"}, "by Li Na", "by [姓名]"),
    ],
)
def test_what_tells_something_still_goes(header, text, expected):
    assert cleaned(header, text) == expected
