"""A frozen course as its reviewers see it: block by block, with what changed since the current edition."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms import differences, policies, selectors
from cms.manifests import digest_of
from cms.models import Course
from cms.reviewed_facts import facts_blocks
from core.actor import Actor
from core.content import FrozenNode, label_of, render_for_review
from directory.api import people_with_permission
from peer_review.api import ReviewBlock, manifest_before


def answerable_ids(actor: Actor) -> QuerySet[Any]:
    """Whoever may hand the course in answers its reviewers."""
    return policies.writable_by(actor).values("pk")


def staffable_ids(actor: Actor) -> QuerySet[Any]:
    """Whoever publishes the course may name a reviewer for it."""
    return policies.led_by(actor).values("pk")


def leads(course_id: UUID, now: datetime) -> list[UUID]:
    """Whoever publishes the course."""
    path = Course.unscoped.values_list("organisation__path", flat=True).get(pk=course_id)
    return people_with_permission("course.publish", now, covering=path)


def render_manifest(manifest: dict[str, Any], *, actor: Actor, now: datetime) -> list[ReviewBlock]:
    """What the course says of itself, then every node under its unit.

    Each with what changed since the last review, or since the edition in use; what was taken out stands at the end of
    its unit.
    """
    held = compared_with(manifest)
    found = differences.between(held, manifest, now) if held else []
    changes = {change.key: change for change in found}
    removed = [change for change in found if change.state == "removed"]
    blocks = facts_blocks(manifest, held, now)
    for number, unit in enumerate(manifest["units"], start=1):
        section = _("Unit %(number)s: %(title)s") % {"number": number, "title": unit["title"]}
        for data in unit["nodes"]:
            node = FrozenNode.from_json(data)
            blocks.append(
                ReviewBlock(
                    anchor=node.key,
                    section=section,
                    title=label_of(node.kind),
                    html=render_for_review(node, actor=actor, now=now),
                    change=_change(changes.get(node.key)),
                    **_texts(changes.get(node.key)),
                )
            )
        blocks += [_taken_out(change, section) for change in removed if change.place.unit_key == str(unit["key"])]
    units = {str(unit["key"]) for unit in manifest["units"]}
    for change in removed:
        if change.place.unit_key not in units:
            blocks.append(_taken_out(change, _("Unit taken out: %(title)s") % {"title": change.place.unit}))
    return blocks


def _taken_out(change: differences.BlockChange, section: str) -> ReviewBlock:
    """A block that learners would see no more, with what it said."""
    return ReviewBlock(
        anchor=change.key,
        section=section,
        title=label_of(change.node.kind),
        html="",
        change=_("taken out"),
        before=change.old,
        after="",
    )


def compared_with(manifest: dict[str, Any]) -> dict[str, Any] | None:
    """What a manifest that was handed in stands beside: what was reviewed last, else the edition in use, else None."""
    course_id = UUID(manifest["course"])
    before = manifest_before(subject_kind="course", subject_id=course_id, manifest_hash=digest_of(manifest))
    return before or selectors.current_manifest(course_id)


def _texts(change: differences.BlockChange | None) -> dict[str, str]:
    if change is None or change.state != "changed":
        return {}
    return {"before": change.old, "after": change.new}


def _change(change: differences.BlockChange | None) -> str:
    if change is None:
        return ""
    if change.state == "same":
        return _("moved") if change.was else _("unchanged")
    if change.state == "added":
        return _("new block")
    if change.old == change.new:  # formatting, or another version under the same name: there is nothing to count
        return _("changed")
    plus, minus = differences.size(change)
    return f"+{plus}, −{minus}"
