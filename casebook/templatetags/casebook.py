"""`{% load casebook %}`: a step's text with its laboratory values in a table."""

from __future__ import annotations

from django import template

from casebook.labs import BodyPart, parts_of

register = template.Library()


@register.filter
def body_parts(body: str) -> list[BodyPart]:
    return parts_of(body)
