"""Filters of the viewer's templates."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def dicom_time(value: str) -> str:
    """HH:MM of a DICOM time (PS3.5, 6.2: HHMMSS.FFFFFF); empty when it is not one."""
    return f"{value[:2]}:{value[2:4]}" if value[:4].isdigit() and len(value) >= 4 else ""
