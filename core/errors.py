"""Named errors. Each app defines its own beside what raises them; this module holds the families.

An error carries a sentence for the person (`message`), what to do next (`next_step`) and a stable `code` for machines
(problem+json, RFC 9457). Both texts are lazy translations with `%(name)s` placeholders filled from `params`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class XinglinError(Exception):
    """Base of every error that a person may see. Never raised itself."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    message: Text = _("Something went wrong on our side. Nothing was saved.")
    next_step: Text = _("Try again in a minute. If it happens again, tell your administrator the time and this page.")
    heading: Text = ""
    """The title of its page, where that of its status would say something else."""
    way: tuple[Text, str] | None = None
    """Words and address of the page on which a person goes on, where the next step names one."""

    def __init__(self, message: Text | None = None, *, next_step: Text | None = None, **params: Any) -> None:
        self.params = params
        if message is not None:
            self.message = message
        if next_step is not None:
            self.next_step = next_step
        super().__init__(self.code)

    def sentence(self) -> str:
        """The message in the active language."""
        return str(self.message) % self.params if self.params else str(self.message)

    def advice(self) -> str:
        """What to do next, in the active language."""
        return str(self.next_step) % self.params if self.params else str(self.next_step)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence()}"


class NotFound(XinglinError):
    """Missing or foreign: both read the same, so that an id reveals nothing."""

    code = "not_found"
    status = 404
    message = _("This page was not found.")
    next_step = _("The link may be mistyped, or the content was withdrawn.")


class Forbidden(XinglinError):
    """The person is known but has no right to this; the refusal is audited."""

    code = "forbidden"
    status = 403
    message = _("Your role does not allow this.")
    next_step = _("If you need it for your work, ask the security administrator of your organisation.")


class Conflict(XinglinError):
    """The state changed in between, or another person was first."""

    code = "conflict"
    status = 409
    message = _("This was changed by somebody else in the meantime.")
    next_step = _("Open the page again and check what is different.")


class StaleForm(Conflict):
    """The form was opened before somebody else saved; nothing of it was saved."""

    code = "stale_form"
    message = _("This was changed after you opened it. Your text was not saved.")
    next_step = _("Copy your text, open the page again and check the changes before you save.")


class Invalid(XinglinError):
    """What was sent cannot be accepted; `fields` maps a field name to its sentences."""

    code = "invalid"
    status = 422
    message = _("Some entries are missing or wrong.")
    next_step = _("Correct the marked fields and send it again.")

    def __init__(
        self, message: Text | None = None, *, fields: Mapping[str, Sequence[Text]] | None = None, **kw: Any
    ) -> None:
        self.fields: Mapping[str, Sequence[Text]] = fields or {}
        super().__init__(message, **kw)


class TooLarge(XinglinError):
    code = "too_large"
    status = 413
    message = _("This file is larger than allowed.")
    next_step = _("Send a smaller file, or send the parts one by one.")


class Unavailable(XinglinError):
    code = "unavailable"
    status = 503
    message = _("A part of the system is not answering at the moment. Nothing was lost.")
    next_step = _("Try again in a minute.")


class Unauthenticated(XinglinError):
    """Nobody is signed in, and a redirect to the sign-in form would help neither a program nor a page fragment."""

    code = "unauthenticated"
    status = 401
    message = _("You are not signed in, or your session has ended.")
    next_step = _("Sign in and open the page again.")
