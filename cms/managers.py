"""Who sees which course on the desk. The public sees editions, never courses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.actor import Actor


class CourseManager(models.Manager):
    """Scoped: courses this person writes, and those of organisations whose course desk they lead."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().none()

    def visible_to(self, actor: Actor) -> models.QuerySet:
        """Authors see their own; `course.publish` and `course.author` see those of their organisations and below."""
        rows = (
            super()
            .get_queryset()
            .select_related("organisation", "current_edition__overlay")
            .defer("manifest", "current_edition__manifest")
        )
        if actor.is_system:
            return rows
        if actor.person_id is None:
            return rows.none()
        condition = Q(pk__in=self.model.authors.through.objects.filter(person=actor.person_id).values("course"))  # type: ignore[attr-defined]
        for grant in actor.grants:
            if {"course.publish", "course.author"} & grant.permissions:
                condition |= Q(organisation__path__startswith=grant.organisation_path)
        return rows.filter(condition)
