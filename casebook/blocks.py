"""The teaching case as a block of a course unit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casebook import selectors
from casebook.content import STEP_KINDS
from casebook.contracts import CaseVersionFacts
from casebook.errors import CaseNotFound
from core.actor import Actor
from core.content import Choice, ContentBlock, ContentGone, DrawnPieces, FrozenNode, NotReady
from core.ids import read_uuids

SHOWN_STATES = frozenset({"published", "retired"})

_drawn = DrawnPieces(most=128)  # by version id, content hash, node key and language


class CaseBlock(ContentBlock):
    """Refers to one published case version. Its text and images are read live, so a withdrawal shows at once."""

    kind = "case"
    label = _("Teaching case")
    icon = "stethoscope"
    gone = _("This teaching case was withdrawn. Your progress and your credits are kept.")

    def choices(self, *, actor: Actor, now: datetime) -> Sequence[Choice]:
        cards = (selectors.card(version) for version in selectors.published_versions(actor)[:300])
        return [Choice(str(card.version_id), f"{card.code} {card.title}") for card in cards]

    def choosable(self, references: Collection[str], *, actor: Actor, now: datetime) -> set[str]:
        """Published versions that the actor may read, and earlier ones of such a case: a draft keeps the one it has."""
        return {str(pk) for pk in selectors.choosable_versions(actor, read_uuids(references))}

    def authors_of(self, references: Collection[str]) -> set[UUID]:
        return selectors.editors_of_versions(read_uuids(references))

    def freeze(self, raw: dict[str, Any], *, key: str, now: datetime) -> FrozenNode:
        """Only the reference and counts cross into the edition: no title, caption or picture of the case."""
        reference = raw.get("reference") or ""
        if not reference:
            raise NotReady(_("No teaching case is chosen."))
        facts = self._facts(reference)
        if facts is None or not facts.is_available or facts.state not in SHOWN_STATES:
            raise NotReady(_("The chosen teaching case is not published."))
        return FrozenNode(key=key, kind=self.kind, reference=reference, facts={"steps": len(facts.steps)})

    def render(self, node: FrozenNode, *, actor: Actor, now: datetime) -> str:
        """The case for a signed-in reader; the course itself is the stated purpose. Raises ContentGone."""
        if not actor.is_signed_in:
            raise ContentGone
        facts = self._facts(node.reference)
        if facts is None or not facts.is_available or facts.state not in SHOWN_STATES:
            _drawn.forget(node.reference)
            raise ContentGone
        key = (node.reference, facts.content_hash, node.key, get_language())
        return _drawn.get(key, lambda: self._draw(facts, node.key), now)

    @staticmethod
    def _draw(facts: CaseVersionFacts, key: str) -> str:
        """The same for every reader, since a published version never changes."""
        steps = [{**step, "label": STEP_KINDS[step["kind"]]} for step in facts.steps]
        return render_to_string("casebook/block.html", {"case": facts, "steps": steps, "key": key})

    def cover(self, node: FrozenNode, *, actor: Actor, now: datetime) -> str:
        """The case's first key image, for a signed-in reader."""
        facts = self._facts(node.reference)
        if not actor.is_signed_in or facts is None or not facts.is_available or facts.state != "published":
            return ""
        figure = next((step["figure"] for step in facts.steps if step.get("figure")), None)
        return render_to_string("casebook/parts/cover.html", {"figure": figure}) if figure else ""

    def describe(self, node: FrozenNode, *, now: datetime) -> str:
        facts = self._facts(node.reference)
        if facts is None or not facts.is_available:
            return str(self.gone)
        return f"{facts.code} {facts.title}"

    def releases_of(self, references: Collection[str]) -> set[UUID]:
        return selectors.releases_of_versions(references)

    @staticmethod
    def _facts(reference: str) -> CaseVersionFacts | None:
        try:
            return selectors.version_facts(UUID(reference))
        except (CaseNotFound, ValueError):
            return None
