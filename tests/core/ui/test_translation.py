"""The catalogue machinery: what it finds, what it keeps, what it calls missing."""

from __future__ import annotations

import gettext

import pytest

from core.translation.catalogs import compile_all, compile_po, gaps, merge, po_path


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "room"
    (folder / "templates" / "room").mkdir(parents=True)
    (folder / "views.py").write_text(
        "from django.utils.translation import gettext_lazy as _, pgettext_lazy, ngettext\n"
        'A = _("Open")\nB = pgettext_lazy("urgency", "Stat")\n'
        'def c(n):\n    return ngettext("%(n)s case", "%(n)s cases", n)\n'
    )
    (folder / "templates" / "room" / "list.html").write_text(
        "{% load i18n %}\n<ul>\n   <li title=\"{% translate 'Close it' %}\">(</li>\n  {# no #}\n</ul>\n"
        "{% blocktranslate count n=n %}one {{ n }}{% plural %}many {{ n }}{% endblocktranslate %}\n"
    )
    return folder


def test_python_and_templates_are_both_read(package):
    assert gaps(package, "zh_Hans") == ["%(n)s case", "Close it", "Open", "Stat", "one %(n)s"]


def test_merge_keeps_translations_and_drops_what_is_gone(package):
    merge(package, "zh_Hans")
    path = po_path(package, "zh_Hans")
    path.write_text(path.read_text().replace('msgid "Open"\nmsgstr ""', 'msgid "Open"\nmsgstr "打开"'))
    (package / "templates" / "room" / "list.html").write_text("nothing")

    assert merge(package, "zh_Hans")
    assert gaps(package, "zh_Hans") == ["%(n)s case", "Stat"]
    assert "Close it" not in path.read_text()
    assert not merge(package, "zh_Hans")


def test_fuzzy_counts_as_missing(package):
    merge(package, "zh_Hans")
    path = po_path(package, "zh_Hans")
    path.write_text(path.read_text().replace('msgid "Open"\nmsgstr ""', '#, fuzzy\nmsgid "Open"\nmsgstr "打开"'))

    assert "Open" in gaps(package, "zh_Hans")


def test_compiled_catalogue_is_read_by_gettext(package):
    merge(package, "zh_Hans")
    path = po_path(package, "zh_Hans")
    path.write_text(path.read_text().replace('msgid "Open"\nmsgstr ""', 'msgid "Open"\nmsgstr "打开"'))

    assert compile_all(package.parent) == 1
    assert not compile_po(path)
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Open") == "打开"
