"""Template tags: exact words, exact marks, everything escaped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from core.ui import assets
from core.ui.pagination import paginate
from core.ui.tags import drawing, fields, symbols, times


def draw(source, **context):
    return Template("{% load ui %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("minutes", "tone", "text"),
    [(180, "", "3 h 0 min left"), (50, "soon", "50 min left"), (-65, "late", "1 h 5 min overdue")],
)
def test_clock_face(now, minutes, tone, text):
    with translation.override("en"):
        face = times.clock_face(now - timedelta(minutes=240), now + timedelta(minutes=minutes), now)

    assert (face.tone, face.text) == (tone, text)


def test_clock_counts_seconds_only_in_the_last_minute(now):
    with translation.override("en"):
        face = times.clock_face(now - timedelta(hours=1), now + timedelta(seconds=20), now)

    assert face.text == "20 s left"


@pytest.mark.parametrize(("language", "expected"), [("en", "22 November, 11:22"), ("zh-hans", "11月22日 11:22")])
def test_written_moment(now, language, expected):
    with translation.override(language):
        assert times.written(now, now) == expected


def test_year_is_written_when_it_is_another(now):
    with translation.override("zh-hans"):
        assert times.written(now.replace(year=2025), now) == "2025年11月22日 11:22"


def test_chip_takes_machine_name_and_marks_my_turn():
    assert "x-chip--info" in symbols.chip("job", "running")
    assert "x-chip--accent" in symbols.chip("job", "running", mine=True)
    with pytest.raises(KeyError):
        symbols.chip("job", "unheard_of")


def test_diff_marks_and_escapes():
    shown = drawing.diff("壁厚 3 mm <b>", "壁厚 4 mm <b>")

    assert shown == "壁厚 <del>3</del><ins>4</ins> mm &lt;b&gt;"


def test_sparkline_needs_two_values():
    assert drawing.sparkline([1], "1") == ""
    assert 'aria-label="1, 2"' in drawing.sparkline([1, 2], "1, 2")


class Question(forms.Form):
    text = forms.CharField(label="Text", help_text="Short")
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A | first"), ("b", "B")])


def test_field_ties_hint_and_error_to_the_control():
    form = Question({"text": "", "kind": "c"})

    text = draw("{% form_field form.text %}", form=form)

    assert 'aria-describedby="id_text_helptext id_text_error"' in text
    assert 'aria-invalid="true"' in text
    assert 'class="x-input"' in text


def test_radio_choice_keeps_its_explanation():
    text = draw("{% form_field form.kind %}", form=Question())

    assert "<span>A<small>first</small></span>" in text
    assert "<legend" in text


def test_summary_links_to_each_field():
    form = Question({"text": "", "kind": ""})

    assert [anchor for anchor, _text in fields.summary_errors(form)] == ["id_text", "id_kind_0"]


def test_pagination_keeps_the_query(rf):
    page = paginate(list(range(60)), page=2, per_page=25)

    text = draw("{% pagination page %}", page=page, request=rf.get("/?q=心&page=2"))

    assert "26–50" in text
    assert 'href="?q=%E5%BF%83&amp;page=3"' in text


def test_vite_emits_nothing_without_a_build(tmp_path, settings):
    settings.BASE_DIR = tmp_path

    assert draw('{% vite "main" %}') == ""


def test_vite_emits_what_the_manifest_names(tmp_path, settings):
    dist = tmp_path / "frontend" / "dist"
    dist.mkdir(parents=True)
    (dist / "manifest.json").write_text('{"src/main.js": {"file": "assets/m.js", "css": ["assets/m.css"]}}')
    settings.BASE_DIR = tmp_path

    text = draw('{% vite "main" %}')

    assert '<link rel="stylesheet" href="/static/app/assets/m.css">' in text
    assert '<script type="module" src="/static/app/assets/m.js"></script>' in text
    assert assets.entry("admin") == assets.Entry()
