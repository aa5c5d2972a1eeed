"""Who may see a row: one set intersection between the actor's tokens and the scope rows.

An expert answers for a hospital and sees its consults through it: whoever leaves it leaves them in that moment.
"""

from __future__ import annotations

from typing import Any, Self
from uuid import UUID

from django.db import models

from core.actor import Actor, organisation_token

VIEW = "consult.view"
CHECKER = "c:"


def checker_token(person_id: UUID) -> str:
    """The scope token of a second doctor of another hospital, who was named for one consult and looks only."""
    return f"{CHECKER}{person_id}"


def scoped_ids(actor: Actor, permission: str = VIEW) -> models.QuerySet[Any]:
    """Ids of the consults with a participant at or below an organisation in which the actor holds `permission`."""
    from consult_bridge.models.consult import ConsultScope

    if not actor.may(permission):
        return ConsultScope.objects.none().values("consult_id")
    tokens = [organisation_token(pk) for pk in actor.organisation_ids(permission)]
    if permission == VIEW and actor.person_id and actor.may("consult.check"):
        tokens.append(checker_token(actor.person_id))
    return ConsultScope.objects.filter(token__in=tokens).values("consult_id")


class ConsultQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor, permission: str = VIEW) -> Self:
        """Consults the actor may see: as a participant, or in an organisation at or above one."""
        return self.filter(pk__in=scoped_ids(actor, permission))


class OfConsultQuerySet(models.QuerySet):
    """For models that hang on a consult by the column `consult`."""

    def visible_to(self, actor: Actor, permission: str = VIEW) -> Self:
        return self.filter(consult_id__in=scoped_ids(actor, permission))


class PatientQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor, permission: str = VIEW) -> Self:
        """Patients of the actor's own organisations, and those of consults the actor may see."""
        own = models.Q(organisation__in=actor.organisation_ids("patient.edit"))
        return self.filter(own | models.Q(consults__in=scoped_ids(actor, permission))).distinct()
