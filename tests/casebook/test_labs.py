"""Laboratory values in a case's text."""

from casebook.labs import BodyPart, LabRow, parts_of

TEXT = (
    "查体平稳。\n\n第 1 天 NT-proBNP 1860 pg/mL (0-125)\n第 1 天 血红蛋白 112 g/L (115-150)\n"
    "血钾 4.1 mmol/L (3.5-5.3)\n\n次日复查。"
)


def test_lines_with_a_range_become_rows_and_the_rest_stays_text():
    assert parts_of(TEXT) == [
        BodyPart(text="查体平稳。"),
        BodyPart(
            labs=(
                LabRow("第 1 天", "NT-proBNP", "1860", "pg/mL", "0–125", "high"),
                LabRow("第 1 天", "血红蛋白", "112", "g/L", "115–150", "low"),
                LabRow("", "血钾", "4.1", "mmol/L", "3.5–5.3", ""),
            )
        ),
        BodyPart(text="次日复查。"),
    ]


def test_text_without_values_is_left_as_it_is():
    assert parts_of("双肺呼吸音清 (左右对称)\n心率 92 次/分") == [
        BodyPart(text="双肺呼吸音清 (左右对称)\n心率 92 次/分")
    ]
    assert parts_of("") == []


def test_one_end_of_a_range_is_enough():
    (part,) = parts_of("肌钙蛋白 0.02 ng/mL (-0.04)")
    assert part.labs == (LabRow("", "肌钙蛋白", "0.02", "ng/mL", "≤ 0.04", ""),)
