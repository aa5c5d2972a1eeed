"""Forms of the credit office."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.ui.idempotency import FormKeyMixin


class ReasonForm(FormKeyMixin):
    """Why something is taken back. The reason is read by the person concerned."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person concerned reads it. It cannot be changed later."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
