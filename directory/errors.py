"""What administration refuses, and why."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Forbidden, Invalid


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


class CodeExpired(Conflict):
    """Nothing was asked for in this session, it is too long ago, or it was mistyped too often."""

    code = "address_code_expired"
    message = _("This code is no longer good.")
    next_step = _("Ask for a new one under My profile.")


class OwnSignInOnly(Forbidden):
    """Whoever could write the number of an administrator could become that administrator (ADR 0019)."""

    code = "own_sign_in_only"
    message = _("This person is an administrator. Nobody else changes how they sign in.")
    next_step = _("They change their number and their address themselves, under My profile.")


class PasswordFirst(Forbidden):
    """An account without a password, opened by a text message: the telephone alone may not choose the factor."""

    code = "password_first"
    message = _("A second factor is set up with your password, and this account has none.")
    next_step = _("Set a password by “Forgot the password” on the sign-in page first.")


class FoundedAlready(Conflict):
    """A second root would be a province that nobody supervises."""

    code = "founded_already"
    message = _("This installation is in use: its organisations begin with %(code)s.")
    next_step = _("Add organisations below it on the pages of its system administrator.")


class ThreePeople(Conflict):
    """三员分立 from the first day."""

    code = "three_people"
    message = _("The three administrators are three people: names, e-mail addresses and mobile numbers differ.")
    next_step = _("Name another person for one of the three.")


class DepartmentInUse(Conflict):
    code = "department_in_use"
    message = _("%(number)s people work in this department. It was not closed.")
    next_step = _("Change their place on their pages first.")


class KeyShownAlready(Conflict):
    code = "key_shown_already"
    message = _("This key was made already, and its secret is shown only once.")
    next_step = _("If nobody has it, revoke the key and make another.")


class NotSure(Invalid):
    code = "not_sure"
    message = _("The second factor was not reset: nobody said that it is certain who asks for it.")
    next_step = _("Go back, make sure who asks for it, and confirm it.")
