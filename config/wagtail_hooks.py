"""The authoring side in the house's own colours. Rights and menus belong to directory and cms."""

from __future__ import annotations

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks

from core.ui import assets


@hooks.register("insert_global_admin_css")
def admin_theme() -> SafeString:
    """The admin's stylesheet; nothing when the front end is not built."""
    paths = ((path,) for path in assets.entry("admin").styles)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', paths)
