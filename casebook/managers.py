"""Whose desk holds which proposal, case and version. A grant in an organisation covers everything below it.

Readers are another matter: what is published is open to everybody who is signed in, as long as its release is.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from core.actor import Actor
from media_pipeline import api as media

DESK = frozenset({"case.edit", "case.publish"})


def owned_by(actor: Actor, field: str, permissions: frozenset[str] = DESK) -> Q:
    """Rows whose organisation (at `field`) lies at or below one where the actor holds one of `permissions`."""
    if actor.is_system:
        return Q()
    condition = Q(pk__in=[])
    for path in sorted({g.organisation_path for g in actor.grants if permissions & g.permissions}):
        condition |= Q(**{f"{field}__path__startswith": path})
    return condition


class _Scoped(models.Manager[Any]):
    """Offers nothing but what an actor may see."""

    organisation = "organisation"

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().none()

    def visible_to(self, actor: Actor, permissions: frozenset[str] = DESK) -> models.QuerySet[Any]:
        """What stands on this actor's case desk."""
        return super().get_queryset().filter(owned_by(actor, self.organisation, permissions))


class OwnedManager(_Scoped):
    """For proposals and teaching cases."""


class VersionManager(_Scoped):
    """For versions: they belong to whom their case belongs."""

    organisation = "case__organisation"

    def visible_to(self, actor: Actor, permissions: frozenset[str] = DESK) -> models.QuerySet[Any]:
        return super().visible_to(actor, permissions).select_related("case__organisation")

    def readable_by(self, actor: Actor) -> models.QuerySet[Any]:
        """Published versions whose release is open, for everybody who is signed in."""
        rows = models.Manager.get_queryset(self).select_related("case")
        if not (actor.is_signed_in or actor.is_system):
            return rows.none()
        return rows.filter(state="published", release_id__in=media.open_release_ids())
