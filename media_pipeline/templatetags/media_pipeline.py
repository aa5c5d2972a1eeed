"""Filters of the viewer's templates."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from media_pipeline.words import age_words, modality_words, sex_word

register = template.Library()
register.filter("age_words", age_words)
register.filter("modality_words", modality_words)
register.filter("sex_word", sex_word)

# What may still name somebody: digits and Latin words with a capital. Days that the house wrote itself are none.
OUR_OWN = r"第 \d+ 天(?:前 \d+ 天)?|约 \d+ 年前|\bday \d+\b|\d+ days before day 1"
LOOK = re.compile(rf"(?P<own>{OUR_OWN})|\d[\d.,:/×^~%-]*\d|\d|(?<![A-Za-z/])[A-Z][A-Za-z'’-]*")


@register.filter
def dicom_time(value: str) -> str:
    """HH:MM of a DICOM time (PS3.5, 6.2: HHMMSS.FFFFFF); empty when it is not one."""
    return f"{value[:2]}:{value[2:4]}" if value[:4].isdigit() and len(value) >= 4 else ""


@register.filter
def what_is_left(text: str) -> SafeString:
    """The text with digits and Latin words marked, for the eye of a reader who looks for a name or a number."""
    pieces, end = [], 0
    for match in LOOK.finditer(text):
        pieces.append(conditional_escape(text[end : match.start()]))
        pieces.append(conditional_escape(match[0]) if match["own"] else format_html("<mark>{}</mark>", match[0]))
        end = match.end()
    return mark_safe("".join([*pieces, conditional_escape(text[end:])]))  # noqa: S308 - every piece is escaped above
