"""Forms that create carry the key of what they create: a double click meets its own row.

Forms that change carry the mark of what they showed (`core.staleness`): whoever saves second is told.
"""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.ids import uuid7

FIELD = "form_key"


class FormKeyMissing(Invalid):
    code = "form_key_missing"
    message = _("This form has lost its key. Nothing was saved.")
    next_step = _("Open the form again from the page before.")


class FormKeyMixin(forms.Form):
    """Adds the hidden `form_key`, minted when the form is shown. The service uses it as the primary key."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)


class SeenMixin(forms.Form):
    """Adds the hidden `seen`, the mark of the state that the form shows."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)


def posted_key(request: HttpRequest) -> UUID:
    """The key of a posted form that is not a Django form. Raises FormKeyMissing when it is absent or unreadable."""
    try:
        return UUID(request.POST[FIELD])
    except (KeyError, ValueError):
        raise FormKeyMissing from None
