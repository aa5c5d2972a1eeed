"""Who may edit which pages in Wagtail: authors and course desk leads, in the spaces of the organisations they act for.

Nobody adds or publishes there: courses and units are made by the desk, submitting and publishing go through services.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from cms.models import OrganisationSpacePage
from directory.api import PageRight, register_page_right


def _spaces(organisations: QuerySet[Any]) -> QuerySet[OrganisationSpacePage]:
    return OrganisationSpacePage.objects.filter(organisation__in=organisations)


def register() -> None:
    """Called from `AppConfig.ready`."""
    register_page_right("cms.authors", PageRight("course.author", frozenset({"change"}), _spaces))
    register_page_right("cms.desk", PageRight("course.publish", frozenset({"change", "lock", "unlock"}), _spaces))
