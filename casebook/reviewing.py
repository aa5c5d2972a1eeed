"""A frozen case as its reviewers see it: everything that will be published, block by block."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from casebook import selectors
from casebook.content import SEXES, STEP_KINDS
from casebook.contracts import CaseVersionFacts
from core.actor import Actor
from peer_review import api as peer_review


def render_for_review(manifest: dict[str, Any], *, actor: Actor, now: datetime) -> list[peer_review.ReviewBlock]:
    """The evidence of de-identification, what stands in lists and above the case, every step with its answers.

    Nothing once the text is another than the round's: it was taken back and is being written on, or it is withdrawn.
    """
    facts = selectors.version_facts(UUID(manifest["version"]))
    if facts.state == "draft" or not facts.is_available or facts.content_hash != manifest["content"]:
        return []
    return [*_about(facts), *_steps(facts)]


def _about(facts: CaseVersionFacts) -> list[peer_review.ReviewBlock]:
    """Their anchors hold a hyphen, which no step's id does."""
    section = _("About the case")
    described = {"case": facts, "sex": SEXES.get(facts.sex, "")}
    parts = (
        ("evidence", _("De-identification"), "casebook/evidence.html", selectors.evidence_of(facts.id)),
        ("case-head", _("Title, summary and classification"), "casebook/review_head.html", described),
        ("case-learning", _("Objectives and references"), "casebook/review_learning.html", described),
    )
    return [
        peer_review.ReviewBlock(anchor, section, title, render_to_string(template, context))
        for anchor, title, template, context in parts
    ]


def _steps(facts: CaseVersionFacts) -> list[peer_review.ReviewBlock]:
    section = _("Steps of the case")
    return [
        peer_review.ReviewBlock(
            step["id"],
            section,
            step["heading"] or str(STEP_KINDS[step["kind"]]),
            render_to_string("casebook/step.html", {"step": step, "shows_key": True}),
        )
        for step in facts.steps
    ]
