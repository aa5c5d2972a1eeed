"""Wagtail 8.0's admin asks for the address of a documents listing even where wagtail.documents is not installed."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from wagtail import hooks

from directory.web.editing_edge import hidden


class NoDocuments:
    """The name without the thing: documents are left out of this house. No model is of its type."""

    model = type(None)

    @classmethod
    def get_urlpatterns(cls) -> list[URLPattern]:
        return [path("", hidden, name="listing")]


@hooks.register("construct_admin_api")
def add_no_documents(router: Any) -> None:
    router.register_endpoint("documents", NoDocuments)
