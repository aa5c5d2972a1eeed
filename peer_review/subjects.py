"""What may be reviewed: each owner registers its kind in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from core.actor import Actor
from peer_review.contracts import ReviewBlock

Render = Callable[..., Sequence[ReviewBlock]]
MayStaff = Callable[[Actor, UUID], bool]


@dataclass(frozen=True, slots=True)
class Subject:
    """`render(manifest, *, actor, now)` gives a frozen manifest's blocks; `permission` is what a reviewer holds.

    `may_staff(actor, subject_id)`: who may name a reviewer for an empty place, usually whoever may hand it in.
    """

    kind: str
    label: str | Promise
    rubric: str
    permission: str
    render: Render
    may_staff: MayStaff


_subjects: dict[str, Subject] = {}


def register_subject(
    *, kind: str, label: str | Promise, rubric: str, permission: str, render: Render, may_staff: MayStaff
) -> None:
    """Make `kind` reviewable by the rubric file `rubric`. Raises ValueError when another owner has it."""
    subject = Subject(kind, label, rubric, permission, render, may_staff)
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
