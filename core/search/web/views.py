"""The search page: what is typed, the kinds it was found in, the hits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.search import Page, search, tokens_of
from core.search.contracts import COUNT_LIMIT, PAGE_SIZE
from core.search.kinds import search_kind
from core.ui import pagination
from core.ui.access import actor_of
from core.ui.registry import search_hints_for

LONGEST_QUERY = 200


@never_cache
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """For everybody; a visitor finds what is public."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    kind = request.GET.get("kind", "")[:40]
    found = search(
        tokens=tokens_of(actor_of(request)),
        query=query,
        kind=kind or None,
        page=pagination.page_number(request.GET.get("page")),
    )
    context = _context(found, query, kind)
    context["hints"] = search_hints_for(actor_of(request), query) if query else []
    return render(request, "search/results.html", context)


def _context(found: Page, query: str, kind: str) -> dict[str, Any]:
    labels = [(search_kind(facet.kind), facet.count) for facet in found.facets]
    labels.sort(key=lambda each: (each[0].order, each[0].name))
    everywhere = sum(count for _kind, count in labels)
    return {
        "query": query,
        "kind": kind,
        "kinds": [{"kind": each, "count": _count(count)} for each, count in labels],
        "everywhere": _count(everywhere),
        "is_filtered": bool(kind) and everywhere > 0,
        "hits": [{"hit": hit, "kind": search_kind(hit.kind)} for hit in found.hits],
        "page": pagination.Page(
            items=found.hits,
            number=found.number,
            per_page=PAGE_SIZE,
            count=found.total,
            is_exact=not found.is_capped,
            has_next=found.has_next,
        ),
    }


def _count(number: int) -> str:
    return f"{COUNT_LIMIT:,}+" if number > COUNT_LIMIT else f"{number:,}"
