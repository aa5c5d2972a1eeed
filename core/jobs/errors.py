"""What a job may raise, and what a person reads about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import XinglinError


class Permanent(Exception):
    """Trying again would not help: the job is dead at once. `message` is a lazy English source sentence."""

    def __init__(self, code: str, message: str | Promise) -> None:
        self.code = code
        self.message = message
        super().__init__(code)


class LeaseLost(Exception):
    """Another worker took the job over while this one was silent; what it did since is not recorded."""


class JobNotFound(XinglinError):
    code = "job_not_found"
    status = 404
    message = _("This piece of work is not known.")
    next_step = _("Open the page it was started from.")
