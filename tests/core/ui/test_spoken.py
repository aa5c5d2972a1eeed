"""Chinese titles on pages of another language say that they are Chinese."""

from __future__ import annotations

import pytest
from django.utils import translation

from core.ui.tags.words import spoken


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("en", "胸痛分诊", '<span lang="zh-Hans">胸痛分诊</span>'),
        ("en", "CT 读片 <b>", '<span lang="zh-Hans">CT 读片 &lt;b&gt;</span>'),
        ("en", "Chest pain & triage", "Chest pain &amp; triage"),
        ("en", None, ""),
        ("zh-hans", "胸痛分诊 <b>", "胸痛分诊 &lt;b&gt;"),
    ],
)
def test_words_carry_their_language_where_the_page_has_another(language, text, shown):
    with translation.override(language):
        assert spoken(text) == shown
