"""What directory puts into the shell: everybody's profile, areas of the system and security administrators."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.notify import Kind, register_kind
from core.ui.registry import NavigationItem, Panel, register_navigation, register_panel
from directory.services.addresses import CHANGED
from directory.services.tokens import KEY_MADE


def register() -> None:
    """Called from `AppConfig.ready`."""
    _register_kinds()
    profile = NavigationItem("profile", _("My profile"), "directory:profile", "circle-user", 95, is_account=True)
    register_navigation(profile)
    people, system = ("/directory/people/",), "admin.system"
    for key, label, address, icon, permission, areas in (
        (
            "organisations",
            _("Organisations"),
            "directory:organisations",
            "building-2",
            "admin.system",
            ("/directory/",),
        ),
        ("people", _("People"), "directory:people", "users", system, people),
        ("roles", _("People and roles"), "directory:people", "user-cog", "admin.security", people),
    ):
        register_navigation(NavigationItem(key, label, address, icon, 10, permission, areas=areas))
    register_panel(
        "home",
        Panel(
            "security",
            _("Keys and invitations"),
            "directory:security_panel",
            permission="admin.security",
            order=12,
            is_wide=True,
        ),
    )


def _register_kinds() -> None:
    register_kind(
        Kind(
            CHANGED,
            _("How you sign in was changed."),
            _("Your number or your e-mail address was changed. It signs you in once you have confirmed it here."),
        )
    )
    register_kind(
        Kind(
            KEY_MADE,
            _("A machine key was made in your name."),
            _("The security administrator made it. If you know nothing of it, revoke it under My profile."),
            channels={"app", "email"},
        )
    )
