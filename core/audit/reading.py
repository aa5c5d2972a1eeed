"""Rows of the trail as they stand, whatever was written over them.

A model reads a column by its type and raises for the whole query when one row holds something else: SQLite keeps any
value in any column, PostgreSQL times and numbers that Python has no word for. Whoever spoils one row so must not hide
the others: here every row comes, with the names of the columns that could not be read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models import Func, QuerySet, TextField
from django.utils import timezone

CHUNK = 50  # rows; a link lists up to thousands of entries
LONGEST_SHOWN = 300  # letters

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Row(Generic[M]):
    """`key` is the id, or what stands in its place. In `item` a column of `broken` is None."""

    key: str
    item: M
    broken: frozenset[str]


class _AsItStands(Func):
    """A column's value past its type: text on PostgreSQL, on SQLite whatever it keeps (the plus changes nothing)."""

    arity = 1
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::text", **context)


def as_they_stand(rows: QuerySet[M]) -> Iterator[Row[M]]:
    """Every row of `rows`, in their order. Read it inside `any_bytes`."""
    fields = rows.model._meta.concrete_fields
    for values in _past_types(rows, fields).iterator(chunk_size=CHUNK):
        yield _row(rows, fields, values)


def batch_as_it_stands(rows: QuerySet[M], *columns: str) -> list[Row[M]]:
    """The same for few rows, read at once: with the id and `columns` alone, or with all where none is named."""
    every = rows.model._meta.concrete_fields
    fields = [field for field in every if not columns or field.primary_key or field.attname in columns]
    with any_bytes():
        return [_row(rows, fields, values) for values in _past_types(rows, fields)]


@contextmanager
def any_bytes() -> Iterator[None]:
    """A text of SQLite that is no UTF-8 comes with surrogates, which nothing we made holds, instead of an error."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    before, raw.text_factory = raw.text_factory, lambda value: value.decode(errors="surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = before


def one_line(text: str) -> str:
    """What somebody may have written into an id, as one line of letters that are shown anywhere."""
    line = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}..."


def _past_types(rows: QuerySet[M], fields: Sequence[Any]) -> QuerySet[M, tuple[Any, ...]]:
    columns = {f"raw_{field.attname}": _AsItStands(field.attname) for field in fields}
    return rows.annotate(**columns).values_list(*columns)


def _row(rows: QuerySet[M], fields: Sequence[Any], values: tuple[Any, ...]) -> Row[M]:
    read, broken = [], set()
    for field, value in zip(fields, values, strict=True):
        try:
            read.append(_read(field, value))
        except (ValueError, TypeError, OverflowError, RecursionError):
            read.append(None)
            broken.add(field.attname)
    item = rows.model.from_db(rows.db, [field.attname for field in fields], read)
    return Row(str(values[0]) if "id" in broken else str(item.pk), item, frozenset(broken))


def _read(field: Any, value: Any) -> Any:
    if value is None:
        if not field.null:
            raise ValueError(field.attname)
        return None
    return READERS[type(field)](value)


def _text(value: Any) -> str:
    """Raises ValueError for one that no page and no file can hold either."""
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    value.encode()
    return value


def _day(value: Any) -> date:
    """In the one form in which the database keeps it: another stands elsewhere in the order of the days."""
    found = date.fromisoformat(_text(value))
    if value != found.isoformat():
        raise ValueError(value)
    return found


def _json(value: Any) -> Any:
    """A lone half of a letter hides behind an escape, which is read without complaint."""
    found = json.loads(_text(value))
    json.dumps(found, ensure_ascii=False).encode()
    return found


def _identifier(value: Any) -> UUID:
    """In the one form in which the database keeps it: another would be a second row of the same id."""
    found = UUID(_text(value))
    if value != (found.hex if connection.vendor == "sqlite" else str(found)):
        raise ValueError(value)
    return found


def _moment(value: Any) -> datetime:
    """Raises OverflowError for one that no clock of the house shows."""
    found = datetime.fromisoformat(_text(value))
    timezone.localtime(found if found.tzinfo else found.replace(tzinfo=UTC))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _number(value: Any) -> int:
    """PostgreSQL gives it as text, SQLite as what it is."""
    if isinstance(value, int) or (connection.vendor == "postgresql" and isinstance(value, str)):
        return int(value)
    raise TypeError(type(value).__name__)


READERS: dict[type[models.Field[Any, Any]], Callable[[Any], Any]] = {
    models.CharField: _text,
    models.DateField: _day,
    models.DateTimeField: _moment,
    models.JSONField: _json,
    models.PositiveIntegerField: _number,
    models.UUIDField: _identifier,
}
