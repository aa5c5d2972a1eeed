"""Words in another language than the page: marked, so that a screen reader speaks them rightly."""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def spoken(text: Any) -> SafeString:
    """`{{ title|spoken }}`: a title stays in the language it was written in. Chinese on a page that is not Chinese
    carries its language (WCAG 2.2, 3.1.2)."""
    written = "" if text is None else str(text)
    if (get_language() or "").startswith("zh") or not HAN.search(written):
        return conditional_escape(text if isinstance(text, SafeString) else written)
    return format_html('<span lang="zh-Hans">{}</span>', text if isinstance(text, SafeString) else written)
