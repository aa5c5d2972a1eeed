"""What may change beside a published edition: voids, errata, facts from higher rooms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from cms.errors import EditionNotFound, NodeVoided
from cms.events import EditionOverlayChanged
from cms.models import Course, CourseEdition, EditionOverlay, EditionReference
from cms.services.locking import locked, note
from core.actor import Actor
from core.outbox import publish
from core.ui.page_cache import bump_epoch
from peer_review.api import withdraw_parts

SUBJECT = "course"


def void_in_overlay(*, reference: str, reason: str, now: datetime) -> int:
    """Void every node, of every edition, that refers to this version; returns how many editions changed.

    Its correction goes, since it may quote what was withdrawn. Remarks of reviews beside such a node, of drafts too,
    are emptied.

    `reason` is a code ("withdrawn"), never a text about the content. Called by handlers and by higher rooms, so there
    is no actor: the owner of the content has decided and audited. Doing it twice changes nothing.
    """
    changed = 0
    with transaction.atomic():
        _await_publication(reference)
        nodes = _nodes_with(reference)
        _forget_remarks(reference, now)
        for overlay in EditionOverlay.objects.select_for_update().filter(edition__in=nodes).order_by("pk"):
            fresh = [key for key in nodes[overlay.edition_id] if key not in overlay.voids]
            if not fresh:
                continue
            overlay.voids |= dict.fromkeys(fresh, reason)
            overlay.errata = {key: text for key, text in overlay.errata.items() if key not in overlay.voids}
            _save(overlay, now)
            publish(EditionOverlayChanged(edition_id=overlay.edition_id), now=now)
            changed += 1
        if changed:
            transaction.on_commit(bump_epoch)
    return changed


def _await_publication(reference: str) -> None:
    """Lock every course whose manifest names the reference, as whoever publishes it does: an edition that is being made
    at this moment stands when its nodes are looked for, and one that is made later is refused what has gone."""
    courses = Course.unscoped.annotate(written=Cast("manifest", TextField())).filter(written__contains=reference)
    list(courses.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _nodes_with(reference: str) -> dict[UUID, list[str]]:
    """The keys of the nodes that refer to it, by edition."""
    nodes: dict[UUID, list[str]] = {}
    rows = EditionReference.objects.filter(reference=reference)
    for edition_id, node_key in rows.values_list("edition_id", "node_key"):
        nodes.setdefault(edition_id, []).append(node_key)
    return nodes


def _forget_remarks(reference: str, now: datetime) -> None:
    """What reviewers and authors wrote beside a node that shows it, in every round of every course."""

    def anchors_of(manifest: dict[str, Any]) -> set[str]:
        nodes = (node for unit in manifest["units"] for node in unit["nodes"])
        return {node["key"] for node in nodes if node["reference"] == reference}

    withdraw_parts(subject_kind=SUBJECT, reference=reference, anchors_of=anchors_of, now=now)


def _save(overlay: EditionOverlay, now: datetime) -> None:
    overlay.epoch += 1
    overlay.changed_at = now
    overlay.save()


def set_erratum(*, actor: Actor, edition_id: UUID, node_key: str, text: str, now: datetime) -> None:
    """Print a correction beside a node; an empty text takes it away. Raises EditionNotFound, Forbidden, and NodeVoided
    where only a tombstone is left."""
    with transaction.atomic():
        edition = CourseEdition.objects.filter(pk=edition_id).first()
        if edition is None or not _has_node(edition, node_key):
            raise EditionNotFound
        course = locked(actor, edition.course_id)
        actor.require("course.publish", course.organisation.path)
        overlay = EditionOverlay.objects.select_for_update().get(edition=edition)
        if node_key in overlay.voids:
            raise NodeVoided
        overlay.errata.pop(node_key, None)
        if text.strip():
            overlay.errata[node_key] = text.strip()
        _save(overlay, now)
        note("course.erratum_set", actor, course, now, edition=str(edition_id), node=node_key)
        transaction.on_commit(bump_epoch)


def _has_node(edition: CourseEdition, node_key: str) -> bool:
    return any(node["key"] == node_key for unit in edition.manifest["units"] for node in unit["nodes"])


def set_course_facts(*, edition_id: UUID, facts: dict[str, Any], now: datetime) -> None:
    """Let a higher room say something about one edition of a course; `facts` is merged by its top-level keys.

    `facts["credits"]` is `{"points": "2.0", "scheme": "...", "scheme_en": "...", "class": "..."}` (points a decimal as
    text, for the catalogue's filter and sorting, which know the current edition alone). Saying the same again changes
    nothing. Raises EditionNotFound.
    """
    with transaction.atomic():
        course = Course.unscoped.select_for_update(of=("self",)).filter(editions=edition_id).first()
        if course is None:
            raise EditionNotFound
        overlay = EditionOverlay.objects.select_for_update().get(edition=edition_id)
        if overlay.facts | facts == overlay.facts:
            return
        overlay.facts |= facts
        _save(overlay, now)
        if course.current_edition_id == edition_id:
            points = overlay.facts.get("credits", {}).get("points")
            course.credit_points = Decimal(points) if points is not None else None
            course.save(update_fields=["credit_points"])
        transaction.on_commit(bump_epoch)
