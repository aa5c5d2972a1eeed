"""The database as search engine: FTS5 on SQLite, a GIN-indexed tsvector on PostgreSQL, the same words in both.

Words are made by `core.search.text` and handed over ready: PostgreSQL's own parser depends on the server's locale, so
the vectors and queries are written as literals. The full text is changed inside the business transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import connection

from core.search.contracts import COUNT_LIMIT, Found, Term
from core.search.models import SearchEntry
from core.search.text import index_words

_VISIBLE = "EXISTS (SELECT 1 FROM core_searchaudience a WHERE a.entry_id = e.id AND a.token IN ({tokens}))"


class Dialect(Protocol):
    matching: str
    """FROM and WHERE that bind `e` to matching entries; takes the question once, as %s."""
    rank: str
    """ORDER BY that puts the best first; takes `rank_parameters` copies of the question."""
    rank_parameters: int
    clear: str
    """The statement that forgets the full text of every entry."""

    def question(self, terms: Sequence[Term]) -> str: ...

    def put(self, cursor: Any, row: SearchEntry) -> None: ...

    def drop(self, cursor: Any, row_id: int) -> None: ...


class Sqlite:
    """Title hits weigh eight times a body hit (Okapi BM25)."""

    matching = (
        "core_search_text JOIN core_searchentry e ON e.id = core_search_text.rowid WHERE core_search_text MATCH %s"
    )
    rank = "bm25(core_search_text, 8.0, 1.0), e.id DESC"
    rank_parameters = 0
    clear = "DELETE FROM core_search_text"

    def question(self, terms: Sequence[Term]) -> str:
        return " AND ".join(f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}' for term in terms)

    def put(self, cursor: Any, row: SearchEntry) -> None:
        self.drop(cursor, row.pk)
        words = [" ".join(index_words(row.title)), " ".join(index_words(row.body))]
        cursor.execute("INSERT INTO core_search_text (rowid, title, body) VALUES (%s, %s, %s)", [row.pk, *words])

    def drop(self, cursor: Any, row_id: int) -> None:
        cursor.execute("DELETE FROM core_search_text WHERE rowid = %s", [row_id])


class PostgreSql:
    """Weights: D, C, B, A = 0.02, 0.1, 0.125, 1, so that a title hit weighs eight times a body hit."""

    matching = "core_searchentry e WHERE e.document @@ %s::tsquery"
    rank = "ts_rank('{0.02, 0.1, 0.125, 1.0}', e.document, %s::tsquery) DESC, e.id DESC"
    rank_parameters = 1
    clear = "UPDATE core_searchentry SET document = NULL WHERE document IS NOT NULL"
    last_position = 16383  # what a tsvector can tell apart

    def question(self, terms: Sequence[Term]) -> str:
        def spelt(term: Term) -> str:
            words = [f"'{word}'" for word in term.words]
            return "(" + " <-> ".join(words) + (":*" if term.is_prefix else "") + ")"

        return " & ".join(spelt(term) for term in terms)

    def put(self, cursor: Any, row: SearchEntry) -> None:
        title, body = index_words(row.title), index_words(row.body)
        placed = [(word, "A") for word in title] + [("", "")] + [(word, "B") for word in body]
        vector = " ".join(
            f"'{word}':{place}{weight}"
            for place, (word, weight) in enumerate(placed[: self.last_position], start=1)
            if word
        )
        cursor.execute("UPDATE core_searchentry SET document = %s::tsvector WHERE id = %s", [vector, row.pk])

    def drop(self, cursor: Any, row_id: int) -> None:
        cursor.execute("UPDATE core_searchentry SET document = NULL WHERE id = %s", [row_id])


def dialect() -> Dialect:
    return PostgreSql() if connection.vendor == "postgresql" else Sqlite()


class DatabaseBackend:
    """See `core.search.contracts.Backend`."""

    def put(self, row_ids: Sequence[int]) -> None:
        spoken = dialect()
        with connection.cursor() as cursor:
            for row in SearchEntry.objects.filter(pk__in=row_ids):
                spoken.put(cursor, row)

    def drop(self, row_ids: Sequence[int]) -> None:
        spoken = dialect()
        with connection.cursor() as cursor:
            for row_id in row_ids:
                spoken.drop(cursor, row_id)

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(dialect().clear)

    def find(self, *, tokens: Sequence[str], terms: Sequence[Term], kind: str, start: int, size: int) -> Found:
        spoken = dialect()
        question = spoken.question(terms)
        visible = _VISIBLE.format(tokens=", ".join(["%s"] * len(tokens)))
        where = f"FROM {spoken.matching} AND {visible}"
        values = [question, *tokens]
        of_kind, kind_values = (" AND e.kind = %s", [kind]) if kind else ("", [])
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT e.id {where}{of_kind} ORDER BY {spoken.rank} LIMIT %s OFFSET %s",
                [*values, *kind_values, *([question] * spoken.rank_parameters), size, start],
            )
            row_ids = tuple(row[0] for row in cursor.fetchall())
            by_kind = self._counts(cursor, where, values)
            total = self._counts(cursor, where + of_kind, values + kind_values).get(kind, 0) if kind else 0
        return Found(row_ids, total if kind else sum(by_kind.values()), by_kind)

    def _counts(self, cursor: Any, where: str, values: Sequence[Any]) -> dict[str, int]:
        cursor.execute(
            f"SELECT kind, COUNT(*) FROM (SELECT e.kind {where} LIMIT %s) counted GROUP BY kind",  # noqa: S608
            [*values, COUNT_LIMIT + 1],
        )
        return dict(cursor.fetchall())
