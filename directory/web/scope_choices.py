"""Which organisations an actor may choose on a dashboard: its own and those below, down to the county."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import translation

from core.actor import Actor
from directory.models import Level, OrganisationKind
from directory.selectors import organisations_below

PERMISSIONS = ("supervise.view", "training.manage")
MOST = 400


def scope_choices(actor: Actor, now: datetime) -> Iterable[tuple[str, str]]:
    """(id, name), widest first; a deeper level is set in by one space per level."""
    paths = sorted({g.organisation_path for g in actor.grants if g.permissions & set(PERMISSIONS)})
    language = translation.get_language() or ""
    rows = organisations_below(paths).filter(level__lte=Level.COUNTY, is_active=True).order_by("path")[:MOST]
    hospital = OrganisationKind.HOSPITAL
    return [
        (str(row.pk), "\u3000" * (row.level - 1 + (row.kind == hospital)) + row.display_name(language)) for row in rows
    ]
