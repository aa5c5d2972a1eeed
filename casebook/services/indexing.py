"""What the search box knows of a case: only the de-identified text of its published version."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from casebook import selectors
from casebook.models import CaseVersion
from core.actor import SYSTEM
from core.search import SIGNED_IN, Entry, index, remove_entry

KIND = "case"


def entry_of(version: CaseVersion) -> Entry:
    """A published version, for everybody who is signed in."""
    content = version.content
    words = [content["summary"], *(step["body"] for step in content["steps"] if not step.get("question"))]
    return Entry(
        kind=KIND,
        object_id=version.case_id,
        title=content["title"],
        body="\n".join(word for word in words if word),
        url=reverse("casebook:case", args=[version.case_id]),
        language=version.case.language,
        audience=[SIGNED_IN],
    )


def index_version(version: CaseVersion, *, now: datetime) -> None:
    index(entry_of(version), now=now)


def published_ids() -> Iterator[UUID]:
    """The cases that should be found now: published, their release open. For `manage.py rebuild search`."""
    return selectors.published_versions(SYSTEM).values_list("case_id", flat=True).iterator()


def entries(case_ids: Collection[str]) -> Iterator[Entry]:
    """The entries of those of these cases that should be found at this moment.

    All their versions are locked first, in the order in which they are published and withdrawn, and read after that.
    """
    ids = [UUID(each) for each in case_ids]
    versions = CaseVersion.unscoped.filter(case__in=ids).order_by("case", "-number")
    list(versions.select_for_update(of=("self",)).values_list("pk", flat=True))
    for version in selectors.published_versions(SYSTEM).filter(case__in=ids):
        yield entry_of(version)


def unindex_case(case_id: UUID, *, now: datetime) -> None:
    remove_entry(KIND, case_id, now=now)
