"""What administration refuses, and why."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Forbidden


class OwnRights(Forbidden):
    """Nobody gives or takes rights from themselves."""

    code = "own_rights"
    message = _("You cannot change your own roles.")
    next_step = _("Ask another security administrator.")


class SeparationOfDuties(Conflict):
    """Three administrators, three persons (三员分立): nobody holds two of these roles, or one beside patients."""

    code = "separation_of_duties"
    message = _("One person cannot be two of the three administrators, or administer and see patients.")
    next_step = _("End the other role first, or choose another person.")


class AlreadyGranted(Conflict):
    code = "already_granted"
    message = _("This person already holds this role there.")
    next_step = _("End the present grant first if its dates should change.")
