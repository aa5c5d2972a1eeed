"""How many people stand behind rows of patients: a request without a patient number enters its patient anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from consult_bridge.models import Consult


@dataclass(frozen=True, slots=True)
class Known:
    """What tells one patient from another. `id_number_index` is the blind index of the identity card number."""

    organisation_id: UUID
    name: str
    sex: str
    birth_date: date | None
    record_number: str
    id_number_index: str

    @property
    def by_name(self) -> tuple[object, ...]:
        """Name and birth date at one hospital; the sex where no birth date is known."""
        name = "".join(self.name.split()).casefold()
        return (self.organisation_id, name, self.birth_date or self.sex)


def people_among(consults: QuerySet[Consult]) -> int:
    """How many different people these consults are about."""
    fields = [f"patient__{name}" for name in Known.__dataclass_fields__]
    rows = consults.order_by().values_list(*fields).distinct()
    return count_people(Known(*row) for row in rows.iterator())


def count_people(rows: Iterable[Known]) -> int:
    """An identity card number tells a person everywhere, a patient number within its hospital, a name with a birth date
    there where neither is known. Whoever was named once with a number is the same person where it is left out: rather
    too few are counted than one person twice.
    """
    found: set[tuple[object, ...]] = set()
    named: set[tuple[object, ...]] = set()
    for of_one_kind in _by_strength(rows):
        stronger = frozenset(named)
        for row in of_one_kind:
            if row.id_number_index or row.by_name not in stronger:
                found.add(_key(row))
            named.add(row.by_name)
    return len(found)


def _key(row: Known) -> tuple[object, ...]:
    if row.id_number_index:
        return ("identity", row.id_number_index)
    if row.record_number:
        return ("record", row.organisation_id, row.record_number)
    return ("name", *row.by_name)


def _by_strength(rows: Iterable[Known]) -> tuple[list[Known], list[Known], list[Known]]:
    """Rows with an identity card number, with only a patient number, with neither."""
    kinds: tuple[list[Known], list[Known], list[Known]] = ([], [], [])
    for row in rows:
        kinds[0 if row.id_number_index else 1 if row.record_number else 2].append(row)
    return kinds
