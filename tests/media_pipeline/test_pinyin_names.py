"""A Chinese name in pinyin, as consoles and clerks write it: what goes, and what stays because it is a word."""

from __future__ import annotations

import pytest

from media_pipeline.deid.texts import Identifiers, TextCleaner


def cleaned(name: str, text: str) -> str:
    return TextCleaner(Identifiers(names=(name,)), is_chinese=False).clean(text)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "端木青岚",
            "DUANMU|Duanmu|duan mu|DUANMU QL|duanmu ql|Duan Mu Q.L.|QL DUANMU|DUANMUQL|DUANMU_QINGLAN|QING LAN",
        ),
        ("欧阳娜", "OUYANG|ou yang|Ouyang N|OUYANG^N|OUYANG NA|NAOUYANG"),
        ("司徒拂霄", "Situ|SITU FX|situ fuxiao|Situ F.X."),
        ("澹台霁雪", "TANTAI|TANTAI JX|jixue tantai"),
        ("尉迟鸣涧", "YUCHI|WEICHI|yuchi mingjian"),
        ("张卫国", "ZHANG WG|zhangwg|ZHANG^WG|ZHANG_W.G.|Zhang, WG|ZHANG WEI|Guo Zhang|Weiguo"),
        ("马晓丽", "MA XL|Ma, X.L.|MA^XL|Ma Li|XIAOLI MA|maxiaoli"),
        ("吕明", "LU MING|LV MING|LYU MING|Lü Ming|luming"),
        ("曾卫国", "ZENG WG|CENG WG"),
        ("单卫国", "SHAN WG|shanweiguo"),
        ("解卫国", "XIE WG"),
        ("查卫国", "ZHA WG"),
        ("仇卫国", "QIU WG"),
        ("区卫国", "OU WG|OU WEIGUO"),
        ("佘满", "SHE M|She Man"),
        ("何满", "HE MAN|Man He"),
    ],
)
def test_a_name_in_pinyin_goes(name, texts):
    assert {text: cleaned(name, text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), "[name]")


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("端木青岚", "QL A4C|MU wave|duan"),
        ("司徒拂霄", "carcinoma in situ|DCIS IN SITU|CA_IN_SITU|ex situ"),
        ("张卫国", "A4C ZHANG|WG 3.0|Wei"),
        ("马晓丽", "MA 120|MA X|80 kV 120 MA|XL|MAXL|ma li"),
        ("吕明", "LU|LU lobe|LU M|LV|LV M-mode|lu"),
        ("何满", "He can walk|HE stain|he man|HE M"),
        ("安宁", "an aneurysm|AN|AN N"),
        ("余汉生", "YU|HAN|yu han"),
        ("佘满", "SHE|she|MAN|man|she man"),
        ("区卫国", "OU|QU|ou wg"),
    ],
)
def test_a_word_that_is_spelt_like_a_surname_stays(name, texts):
    assert {text: cleaned(name, text) for text in texts.split("|")} == {text: text for text in texts.split("|")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A4C DUANMU", "A4C [name]"),
        ("US_DUANMU_A4C", "US_[name]_A4C"),
    ],
)
def test_the_rest_of_a_header_stays(text, expected):
    assert cleaned("端木青岚", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Name: MA", "Name: [name]"),
        ("Ms Ma was seen", "Ms [name] was seen"),
        ("MA^", "[name]^"),
        ("MS MRI", "MS MRI"),
    ],
)
def test_a_short_surname_goes_where_it_is_marked_as_a_name(text, expected):
    assert cleaned("马晓丽", text) == expected
