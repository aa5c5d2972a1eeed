"""Which objects a release takes: those that were in its studies at the moment it stands for.

A study lives on in the archive. What a hospital sends to it after the consult was closed nobody proposed, and no
consent speaks of it: it stays out, and the readers are told.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from media_pipeline.models import IdentifiedInstance, TeachingRelease


def taken(release: TeachingRelease) -> QuerySet[IdentifiedInstance]:
    """The objects of its studies; with `images_until` only those that had arrived by then. An object without a moment
    was stored by code that noted none, and counts as there."""
    objects = _all(release)
    if release.images_until is None:
        return objects
    return objects.filter(Q(arrived_at__isnull=True) | Q(arrived_at__lte=release.images_until))


def later(release: TeachingRelease) -> int:
    """How many pictures are left out because they came later."""
    if release.images_until is None:
        return 0
    return _all(release).filter(arrived_at__gt=release.images_until, frames__gt=0).count()


def _all(release: TeachingRelease) -> QuerySet[IdentifiedInstance]:
    return IdentifiedInstance.objects.filter(series__study__in=release.studies.all())
