"""What may be reviewed: each owner registers its kind in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from core.actor import Actor
from peer_review.contracts import ReviewBlock

Render = Callable[..., Sequence[ReviewBlock]]
Ids = Callable[[Actor], "QuerySet[Any]"]
Leads = Callable[[UUID, datetime], Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class Subject:
    """`render(manifest, *, actor, now)` gives a frozen manifest's blocks; `permission` is what a reviewer holds.

    `answerable_ids(actor)`: a query of the ids of those subjects that the actor may hand in, and so answer remarks on.
    `staffable_ids(actor)`: of those whose desk the actor leads, and names a reviewer for when a place is empty.
    `leads(subject_id, now)`: who does. Authors are left out here, whatever both say: they would learn who was asked.
    """

    kind: str
    label: str | Promise
    rubric: str
    permission: str
    render: Render
    answerable_ids: Ids
    staffable_ids: Ids
    leads: Leads


_subjects: dict[str, Subject] = {}


def register_subject(
    *,
    kind: str,
    label: str | Promise,
    rubric: str,
    permission: str,
    render: Render,
    answerable_ids: Ids,
    staffable_ids: Ids,
    leads: Leads,
) -> None:
    """Make `kind` reviewable by the rubric file `rubric`. Raises ValueError when another owner has it."""
    subject = Subject(kind, label, rubric, permission, render, answerable_ids, staffable_ids, leads)
    held = _subjects.setdefault(kind, subject)
    if held.render is not render:
        raise ValueError(f"review subject {kind} is registered twice")


def subject_of(kind: str) -> Subject:
    """Raises KeyError for a kind that nobody registered."""
    return _subjects[kind]


def all_subjects() -> list[Subject]:
    return list(_subjects.values())


def render_manifest(kind: str, manifest: dict[str, Any], **context: Any) -> Sequence[ReviewBlock]:
    return subject_of(kind).render(manifest, **context)
