"""Wagtail's rights, computed live from role grants. Last in INSTALLED_APPS, so that it replaces Wagtail's own."""
