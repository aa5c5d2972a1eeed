"""The question as a block of a course unit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessment import presenting, selectors
from assessment.contracts import QuestionVersionFacts
from assessment.errors import QuestionNotFound
from assessment.picking import QuestionField
from core.actor import Actor
from core.content import Choice, ContentBlock, ContentGone, FrozenNode, NotReady, Offer
from core.ids import read_uuids

OFFERED = 300


class QuizBlock(ContentBlock):
    """Refers to one version of one question; several in a row make a unit's test."""

    kind = "quiz"
    label = _("Question")
    icon = "list-checks"
    gone = _("This question was withdrawn. It no longer counts.")

    def choices(self, *, actor: Actor, now: datetime) -> Sequence[Choice]:
        return [
            Choice(str(question.latest_id), presenting.line_of(question.latest.facts()))
            for question in selectors.for_choice(actor)[:OFFERED]
            if question.latest is not None
        ]

    def choosable(self, references: Collection[str], *, actor: Actor, now: datetime) -> set[str]:
        """Any version of a question that the actor may edit."""
        return {str(pk) for pk in selectors.editable_versions(actor, read_uuids(references))}

    def editor(self, offer: Offer | None = None) -> blocks.Block:
        """A window with a search instead of a select."""
        if offer is None:
            return super().editor()
        return blocks.StructBlock([("reference", QuestionField(offer, label=self.label))], label=self.label)

    def authors_of(self, references: Collection[str]) -> set[UUID]:
        """Whoever wrote any version of the question: a later one carries on the earlier."""
        return selectors.writers_of(read_uuids(references))

    def freeze(self, raw: dict[str, Any], *, key: str, now: datetime) -> FrozenNode:
        """Points stand in the edition. The stem does not: an image question may speak of a case."""
        if not raw.get("reference"):
            raise NotReady(_("No question is chosen."))
        version = self._version(raw["reference"])
        if version is None:
            raise NotReady(_("The chosen question no longer exists."))
        return FrozenNode(
            key=key, kind=self.kind, reference=str(version.id), points=version.points, facts={"type": version.kind}
        )

    def render(self, node: FrozenNode, *, actor: Actor, now: datetime) -> str:
        version = self._version(node.reference)
        if version is None or not actor.is_signed_in:
            raise ContentGone
        return presenting.render_question(version, key=node.key)

    def render_for_review(self, node: FrozenNode, *, actor: Actor, now: datetime) -> str:
        """With key and explanation, answered by nobody."""
        version = self._version(node.reference)
        if version is None:
            raise ContentGone
        return presenting.render_key(version, key=node.key)

    def describe(self, node: FrozenNode, *, now: datetime) -> str:
        version = self._version(node.reference)
        return presenting.line_of(version) if version else str(self.gone)

    @staticmethod
    def _version(reference: str) -> QuestionVersionFacts | None:
        try:
            return selectors.version_facts(UUID(reference))
        except (QuestionNotFound, ValueError):
            return None
