"""Entries as people read them: names looked up for a whole page at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.audit import reading, selectors, words
from core.audit.models import AuditEntry
from core.audit.reading import one_line
from core.ui.registry import Chip

Facts = list[tuple[str, words.Said]]

COLUMNS: dict[str, str | Promise] = {
    "id": gettext_lazy("Entry number"),
    "at": gettext_lazy("Time"),
    "action": pgettext_lazy("audit", "Code"),
    "actor_id": gettext_lazy("Person’s number"),
    "subject_type": gettext_lazy("Acted on"),
    "subject_id": gettext_lazy("Subject number"),
    "organisation_path": gettext_lazy("Organisation"),
    "details": gettext_lazy("Recorded facts"),
    "mac": pgettext_lazy("audit", "Check value"),
    "sealed_in": gettext_lazy("Seal"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in words. `subject.whole` is the full id where `subject.words` is not it; `chip` None when unknown."""

    entry: AuditEntry
    action: str
    chip: Chip | None
    person: words.Said
    subject_label: str
    subject: words.Said
    facts: Facts
    is_readable: bool = field(default=True, init=False)


@dataclass(frozen=True, slots=True)
class Spoilt:
    """An entry in which something stands that nobody of the house wrote: `key` is its id, or what stands there."""

    key: str
    columns: str
    is_readable: bool = field(default=False, init=False)

    def sentence(self) -> str:
        return _("Entry %(key)s cannot be read. It was changed past the software, in: %(columns)s.") % {
            "key": self.key,
            "columns": self.columns,
        }


def rows_of(found: Sequence[reading.Row[AuditEntry]]) -> list[Row | Spoilt]:
    """One query for the people and one for each kind of subject that its owner can name."""
    entries = [row.item for row in found if not row.broken]
    people = selectors.names_of({entry.actor_id for entry in entries if entry.actor_id})
    subjects = words.subject_names({(entry.subject_type, entry.subject_id) for entry in entries})
    rows: list[Row | Spoilt] = []
    for row in found:
        entry, facts = row.item, None if row.broken else _facts(row.item)
        if facts is None:
            rows.append(_spoilt(row))
            continue
        rows.append(
            Row(
                entry=entry,
                action=words.action_words(entry.action),
                chip=_chip(entry),
                person=_person(entry, people.get(entry.actor_id, "") if entry.actor_id else _("The system")),
                subject_label=words.subject_label(entry.subject_type),
                subject=_subject(entry, subjects.get((entry.subject_type, entry.subject_id))),
                facts=facts,
            )
        )
    return rows


def _facts(entry: AuditEntry) -> Facts | None:
    """None for what is no record of facts, or one nested deeper than anything that we write."""
    if not isinstance(entry.details, dict):
        return None
    try:
        return [words.fact_words(name, value) for name, value in sorted(entry.details.items())]
    except RecursionError:
        return None


def _spoilt(row: reading.Row[AuditEntry]) -> Spoilt:
    broken = row.broken or {"details"}
    columns = pgettext("list", ", ").join(str(label) for name, label in COLUMNS.items() if name in broken)
    return Spoilt(one_line(row.key), columns)


def _chip(entry: AuditEntry) -> Chip | None:
    family = words.family_of(entry.action)
    return Chip(words.FAMILIES[family][0], "", words.FAMILIES[family][1]) if family else None


def _person(entry: AuditEntry, name: str) -> words.Said:
    return words.Said(name, str(entry.actor_id or "")) if name else words.shortened(str(entry.actor_id))


def _subject(entry: AuditEntry, name: str | None) -> words.Said:
    return words.shortened(entry.subject_id) if name is None else words.Said(name, entry.subject_id)
