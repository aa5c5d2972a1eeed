"""What may be reviewed: each owner registers its kind in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from core.actor import Actor
from peer_review.contracts import ReviewBlock

Render = Callable[..., Sequence[ReviewBlock]]
StaffableIds = Callable[[Actor], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True)
class Subject:
    """`render(manifest, *, actor, now)` gives a frozen manifest's blocks; `permission` is what a reviewer holds.

    `staffable_ids(actor)`: a query of the ids of those subjects for which the actor may name a reviewer when a place is
    empty, usually what they may hand in.
    """

    kind: str
    label: str | Promise
    rubric: str
    permission: str
    render: Render
    staffable_ids: StaffableIds


_subjects: dict[str, Subject] = {}


def register_subject(
    *, kind: str, label: str | Promise, rubric: str, permission: str, render: Render, staffable_ids: StaffableIds
) -> None:
    """Make `kind` reviewable by the rubric file `rubric`. Raises ValueError when another owner has it."""
    subject = Subject(kind, label, rubric, permission, render, staffable_ids)
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
