"""The editor and the plain form of a block that refers to one immutable version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.actor import Actor

if TYPE_CHECKING:
    from core.content.protocol import ContentBlock

Rows = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What one person may refer to in one draft: the rows of a select, and what passes beyond them, since the list
    ends somewhere. `held` are the rows that stand there only because the draft holds them already."""

    rows: Rows = ()
    accepts: Callable[[str], bool] = lambda reference: False
    held: frozenset[str] = frozenset()


def offer_of(block: ContentBlock, *, actor: Actor, now: datetime, held: Mapping[str, str]) -> Offer:
    """What the owner lets `actor` choose, and `held`: what the draft holds already (reference -> its line, "" when this
    person may not read it), so that a draft can be saved whose content has a newer version by now."""
    rows = [(choice.reference, choice.label) for choice in block.choices(actor=actor, now=now)]
    offered = {reference for reference, _label in rows}
    rows += [(reference, _held_label(line)) for reference, line in held.items() if reference not in offered]
    return Offer(
        rows,
        lambda reference: reference in block.choosable([reference], actor=actor, now=now),
        frozenset(held.keys() - offered),
    )


def _held_label(line: str) -> str:
    if line:
        return str(_("%(line)s (as chosen before)") % {"line": line})
    return str(_("as chosen before (no longer offered)"))


class ReferenceForm(forms.Form):
    """One select, `reference`. A stored reference that may no longer be chosen stays listed, so that nothing jumps."""

    reference = forms.ChoiceField(label=_("Version"))

    def __init__(self, data: Any, *, rows: Rows, label: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["reference"]
        field.choices = [("", _("Choose")), *rows]  # type: ignore[attr-defined]
        field.label = label


class _OfferedField(forms.ChoiceField):
    def __init__(self, *, accepts: Callable[[str], bool], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.accepts = accepts

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or self.accepts(str(value))


class OfferedBlock(blocks.ChoiceBlock):
    """Wagtail's select over one person's offer."""

    def __init__(self, offer: Offer, **kwargs: Any) -> None:
        self.offer = offer
        super().__init__(choices=list(offer.rows), search_index=False, **kwargs)

    def get_field(self, **kwargs: Any) -> forms.Field:
        return _OfferedField(accepts=self.offer.accepts, **kwargs)


def reference_editor(block: ContentBlock, offer: Offer) -> blocks.Block:
    """A Wagtail select over what this person may choose."""
    return blocks.StructBlock([("reference", OfferedBlock(offer, label=block.label))], label=block.label)
