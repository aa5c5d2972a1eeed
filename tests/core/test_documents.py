"""Printed documents: data in, PDF out, the same bytes each time."""

from __future__ import annotations

import io

import pikepdf
import pytest

from core.documents import FontsMissing, render

TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: auto)
#set text(font: "Noto Sans SC", lang: "zh")
= #data.title
#data.text
"""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "note.typ"
    path.write_text(TEMPLATE)
    return path


def test_a_template_and_its_data_become_one_tagged_pdf(template, now):
    pdf = render(template, data={"title": "会诊意见", "text": "#panic() stays text"}, now=now)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.docinfo["/Title"] == "会诊意见"
        assert len(opened.pages) == 1
        assert bool(opened.Root.MarkInfo.Marked) is True


def test_equal_data_at_one_moment_give_equal_bytes(template, now):
    first, second = (render(template, data={"title": "甲", "text": "乙"}, now=now) for _ in range(2))
    assert first == second


def test_without_the_typeface_nothing_is_rendered(template, now, settings, tmp_path):
    settings.XINGLIN_FONT_DIRS = [tmp_path / "none"]
    with pytest.raises(FontsMissing):
        render(template, data={"title": "", "text": ""}, now=now)
