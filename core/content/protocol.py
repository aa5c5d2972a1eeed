"""The protocol between those who own content, the one who arranges it and those who show it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.actor import Actor
from core.content.node import FrozenNode
from core.errors import Invalid, NotFound

if TYPE_CHECKING:
    from core.content.editing import Offer


class ContentGone(NotFound):
    """The referenced content was withdrawn, or this reader may not see it: a tombstone stands in its place."""

    code = "content_gone"
    message = _("This content was withdrawn.")


class NotReady(Invalid):
    """A block cannot be frozen as it stands; the sentence says what is missing."""

    code = "block_not_ready"
    message = _("A block is not finished.")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something an author may refer to: the id of an immutable version, and the line that names it."""

    reference: str
    label: str


class ContentBlock(ABC):
    """Base of every owner's block. The defaults describe a block that refers to one immutable version by its id.

    Such an owner implements `choices`, `freeze`, `render`, and sets `kind`, `label`, `icon`; the rest is inherited. A
    block with its own text (cms's) overrides `editor`, `plain_form` and `raw_value`.
    """

    kind: ClassVar[str]
    label: ClassVar[str | Promise]
    icon: ClassVar[str] = "file-text"
    gone: ClassVar[str | Promise] = _("This content was withdrawn. Your progress is kept.")

    def choices(self, *, actor: Actor, now: datetime) -> Sequence[Choice]:
        """What `actor` may refer to now, newest first, at most a few hundred. Self-contained blocks have none."""
        return ()

    def choosable(self, references: Collection[str], *, actor: Actor, now: datetime) -> set[str]:
        """Those of `references` that `actor` may put into a course: what `choices` offers, and what it would offer if
        it were longer (an earlier version, the three hundred and first). Malformed ids are none of them."""
        return set(references) & {choice.reference for choice in self.choices(actor=actor, now=now)}

    def authors_of(self, references: Collection[str]) -> set[UUID]:
        """People who wrote what these references show: none of them reviews a course that shows it."""
        return set()

    def editor(self, offer: Offer | None = None) -> blocks.Block:
        """The Wagtail block of the full editor, for whoever `offer` was made for. Stored as `{"reference": "<id>"}`.

        Without an offer nothing can be chosen: the model's own block, which only reads what is stored.
        """
        from core.content.editing import Offer, reference_editor

        return reference_editor(self, offer or Offer())

    def plain_form(self, *, actor: Actor, now: datetime, data: Any = None, initial: Any = None) -> forms.Form:
        """The block as a plain Django form, for authoring without JavaScript. `initial` is a stored raw value."""
        from core.content.editing import ReferenceForm, offer_of

        stored = (initial or {}).get("reference", "")
        readable = self.choosable([stored], actor=actor, now=now) if stored else set()
        held = {stored: self.line(stored, now=now) if readable else ""} if stored else {}
        offer = offer_of(self, actor=actor, now=now, held=held)
        return ReferenceForm(data, initial=initial, rows=offer.rows, label=self.label)

    def raw_value(self, form: forms.Form) -> dict[str, Any]:
        """From the valid plain form to what StreamField stores."""
        return {"reference": str(form.cleaned_data["reference"])}

    def line(self, reference: str, *, now: datetime) -> str:
        """As `describe`, for a reference that is not frozen yet."""
        return self.describe(FrozenNode(key="", kind=self.kind, reference=reference), now=now)

    @abstractmethod
    def freeze(self, raw: dict[str, Any], *, key: str, now: datetime) -> FrozenNode:
        """The block as it will stand in an edition, from its stored raw value.

        Raises NotReady with a sentence when it cannot be frozen: nothing chosen, the version is not published.
        """

    def render(self, node: FrozenNode, *, actor: Actor, now: datetime) -> str:
        """Safe HTML of the node for this reader at this moment. Called on every view, so access is checked here.

        Raises ContentGone when the reader gets a tombstone instead.
        """
        return node.html

    def cover(self, node: FrozenNode, *, actor: Actor, now: datetime) -> str:
        """A picture that may stand for the whole course, for this reader now; "" when there is none. Safe HTML.

        Never stored: it is asked on every view, so that withdrawn content loses its cover at once.
        """
        return ""

    def render_for_review(self, node: FrozenNode, *, actor: Actor, now: datetime) -> str:
        """As `render`, for a peer reviewer: a question with its key and explanations, evidence beside a case."""
        return self.render(node, actor=actor, now=now)

    def releases_of(self, references: Collection[str]) -> set[UUID]:
        """Ids of the releases whose images or texts these references show, so that who arranges them can say who
        may see them. Most content comes from none."""
        return set()

    def tombstone(self, node: FrozenNode) -> str:
        """What stands in the place of withdrawn content. Safe HTML, without a word of what was there."""
        from django.template.loader import render_to_string

        return render_to_string("content/tombstone.html", {"kind": self.label, "text": self.gone})

    def describe(self, node: FrozenNode, *, now: datetime) -> str:
        """One line for the author's desk. May name what the node refers to, since it is read live and never stored."""
        return str(self.label)
