"""The right that a Share or an audience row may ask of its holder, at the moment they look."""

from __future__ import annotations

from django.db.models import Q

from core.actor import Actor


def held_right(actor: Actor) -> Q:
    """Rows whose `permission` the actor holds at this moment over the organisation at `path`; "" means over any."""
    held = {permission for grant in actor.grants for permission in grant.permissions}
    condition = Q(permission__in=sorted(held), path="") if held else Q(pk__in=[])
    for grant in actor.grants:
        if grant.permissions:
            condition |= Q(permission__in=sorted(grant.permissions), path__startswith=grant.organisation_path)
    return condition
