"""The editor and the plain form of a block that refers to one immutable version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.actor import SYSTEM

if TYPE_CHECKING:
    from core.content.protocol import Choice, ContentBlock


class ReferenceForm(forms.Form):
    """One select, `reference`. A stored reference that may no longer be chosen stays listed, so that nothing jumps."""

    reference = forms.ChoiceField(label=_("Version"))

    def __init__(self, data: Any, *, choices: Sequence[Choice], label: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        rows = [(choice.reference, choice.label) for choice in choices]
        held = (initial or {}).get("reference", "")
        if held and held not in dict(rows):
            rows.append((held, str(_("as chosen before (no longer offered)"))))
        field = self.fields["reference"]
        field.choices = [("", _("Choose")), *rows]  # type: ignore[attr-defined]
        field.label = label


def reference_editor(block: ContentBlock) -> blocks.Block:
    """A Wagtail select over what the owner offers, read when the form is opened."""

    def offered() -> list[tuple[str, str]]:
        return [(c.reference, c.label) for c in block.choices(actor=SYSTEM, now=timezone.now())]

    return blocks.StructBlock(
        [("reference", blocks.ChoiceBlock(choices=offered, label=block.label))], label=block.label
    )
