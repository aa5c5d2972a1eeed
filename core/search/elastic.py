"""Elasticsearch as search engine, by the built-in `cjk` analyzer (bigrams) without its English stop words.

A document's id is the row's number; `audience` is a keyword field, so that visibility is a filter of the query. A
second sub-field keeps single characters, which bigrams alone would not find. Every answer is checked against the rows
by `core.search.service`, so a document that lags behind is never shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import A, Index, Q, Search, analyzer, token_filter
from elasticsearch.dsl.query import Query
from elasticsearch.helpers import BulkIndexError, bulk

from core.search.contracts import COUNT_LIMIT, Found, Term
from core.search.errors import SearchUnavailable
from core.search.models import SearchEntry
from core.search.text import spaced

TIMEOUT_SECONDS = 10
REFRESH = "200ms"  # writers wait for it, so that a finished job means "can be found"
PAIRS = analyzer("xinglin_pairs", type="cjk", stopwords="_none_")
SINGLES = analyzer(
    "xinglin_singles",
    tokenizer="standard",
    filter=["cjk_width", "lowercase", token_filter("xinglin_singles", type="cjk_bigram", output_unigrams=True)],
)
_TEXT = {"type": "text", "analyzer": "xinglin_pairs"}
_SINGLE = {"type": "text", "analyzer": "xinglin_singles", "index_options": "docs", "norms": False}
MAPPING = {
    "dynamic": "strict",
    "properties": {
        "kind": {"type": "keyword"},
        "audience": {"type": "keyword"},
        "title": {**_TEXT, "fields": {"single": _SINGLE}},
        "body": {**_TEXT, "fields": {"single": _SINGLE}},
    },
}


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except (TransportError, ApiError, BulkIndexError) as error:
        raise SearchUnavailable from error


class ElasticBackend:
    """See `core.search.contracts.Backend`."""

    def __init__(self, url: str) -> None:
        self._client = Elasticsearch(url, request_timeout=TIMEOUT_SECONDS, retry_on_timeout=True, max_retries=2)
        self._name = settings.XINGLIN_SEARCH_INDEX

    def put(self, row_ids: Sequence[int]) -> None:
        rows = SearchEntry.objects.filter(pk__in=row_ids).prefetch_related("audience")
        actions = [{"_index": self._name, "_id": str(row.pk), "_source": _document(row)} for row in rows]
        with _named_errors():
            self._lay()
            bulk(self._client, actions, refresh="wait_for")

    def drop(self, row_ids: Sequence[int]) -> None:
        actions = [{"_op_type": "delete", "_index": self._name, "_id": str(row_id)} for row_id in row_ids]
        with _named_errors():
            self._lay()
            bulk(self._client, actions, refresh="wait_for", ignore_status=(404,))

    def clear(self) -> None:
        with _named_errors():
            self._client.indices.delete(index=self._name, ignore_unavailable=True)
            self._lay()

    def find(self, *, tokens: Sequence[str], terms: Sequence[Term], kind: str, start: int, size: int) -> Found:
        query = Q("bool", must=[_query(term) for term in terms], filter=[Q("terms", audience=list(tokens))])
        asked = Search(using=self._client, index=self._name).query(query).source(False)
        asked = asked.sort("_score", "_doc").extra(track_total_hits=COUNT_LIMIT + 1)
        asked.aggs.bucket("kinds", A("terms", field="kind", size=100))
        if kind:
            asked = asked.post_filter("term", kind=kind)
        with _named_errors():
            try:
                answer = asked[start : start + size].execute()
            except NotFoundError:
                return Found((), 0, {})
        by_kind = {bucket.key: bucket.doc_count for bucket in answer.aggregations.kinds.buckets}
        total: int = answer.hits.total.value  # type: ignore[attr-defined]
        return Found(tuple(int(hit.meta.id) for hit in answer), total, by_kind)

    def _lay(self) -> None:
        """Make the index if it is not there; of two that try at once the second finds it made."""
        if self._client.indices.exists(index=self._name):
            return
        index = Index(self._name, using=self._client)
        index.analyzer(PAIRS)
        index.analyzer(SINGLES)
        body = index.to_dict()
        self._client.options(ignore_status=400).indices.create(
            index=self._name, settings=body["settings"] | {"refresh_interval": REFRESH}, mappings=MAPPING
        )


def _document(row: SearchEntry) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "audience": [each.token for each in row.audience.all()],
        "title": spaced(row.title),
        "body": spaced(row.body),
    }


def _query(term: Term) -> Query:
    """One term in title or body; a title hit weighs eight times a body hit."""
    if term.is_prefix and len(term.words[0]) == 1:
        return Q("multi_match", query=term.words[0], fields=["title.single^8", "body.single"])
    kind = "phrase_prefix" if term.is_prefix else "phrase"
    return Q("multi_match", query=_spelt(term), type=kind, fields=["title^8", "body"])


def _spelt(term: Term) -> str:
    """The run as it was typed: pairs overlap by one character, the server makes its own."""
    first, *others = term.words
    return first + "".join(word[-1] for word in others)
