"""What Wagtail's choosers of pages offer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks

from directory.web.editing_edge import choosable_pages


@hooks.register("construct_page_chooser_queryset")
def only_what_may_be_linked_to(pages: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    return pages.filter(pk__in=choosable_pages(request.user).values("pk"))
