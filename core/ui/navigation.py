"""The areas that the shell owns itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.ui.registry import NavigationItem, Panel, register_navigation, register_panel

AREAS = (
    NavigationItem("home", _("Home"), "ui:home", "house", order=0, areas=("/home/",)),
    NavigationItem("supervision", _("Supervision"), "ui:supervision", "map", order=60, permission="supervise.view"),
    NavigationItem(
        "training", _("Training figures"), "ui:supervision", "users", order=60, permission="training.manage"
    ),
    NavigationItem("audit", _("Audit trail"), "audit:trail", "shield-check", order=5, permission="admin.audit"),
)


def register() -> None:
    for area in AREAS:
        register_navigation(area)
    register_panel(
        "home", Panel("seals", _("The seal of the trail"), "audit:seal_panel", permission="admin.audit", order=12)
    )
