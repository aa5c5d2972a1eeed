"""Entries as people read them: names looked up for a whole page at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.audit import selectors, words
from core.audit.models import AuditEntry
from core.ui.registry import Chip


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in words. `subject.whole` is the full id where `subject.words` is not it; `chip` None when unknown."""

    entry: AuditEntry
    action: str
    chip: Chip | None
    person: words.Said
    subject_label: str
    subject: words.Said
    facts: list[tuple[str, words.Said]]


def rows_of(entries: Sequence[AuditEntry]) -> list[Row]:
    """One query for the people and one for each kind of subject that its owner can name."""
    people = selectors.names_of({entry.actor_id for entry in entries if entry.actor_id})
    subjects = words.subject_names({(entry.subject_type, entry.subject_id) for entry in entries})
    return [
        Row(
            entry=entry,
            action=words.action_words(entry.action),
            chip=_chip(entry),
            person=_person(entry, people.get(entry.actor_id, "") if entry.actor_id else _("The system")),
            subject_label=words.subject_label(entry.subject_type),
            subject=_subject(entry, subjects.get((entry.subject_type, entry.subject_id))),
            facts=[words.fact_words(name, value) for name, value in sorted(entry.details.items())],
        )
        for entry in entries
    ]


def _chip(entry: AuditEntry) -> Chip | None:
    family = words.family_of(entry.action)
    return Chip(words.FAMILIES[family][0], "", words.FAMILIES[family][1]) if family else None


def _person(entry: AuditEntry, name: str) -> words.Said:
    return words.Said(name, str(entry.actor_id or "")) if name else words.shortened(str(entry.actor_id))


def _subject(entry: AuditEntry, name: str | None) -> words.Said:
    return words.shortened(entry.subject_id) if name is None else words.Said(name, entry.subject_id)
