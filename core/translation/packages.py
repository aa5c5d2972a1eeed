"""Our own packages, as folders."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.conf import settings


def own_packages() -> list[Path]:
    """Every installed app that lies in this checkout (not in its environment)."""
    root = Path(settings.BASE_DIR)
    folders = {Path(config.path) for config in apps.get_app_configs()}
    return sorted(folder for folder in folders if folder.parent == root)
