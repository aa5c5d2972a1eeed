"""What the search box knows of a case: only the de-identified text of its published version."""

from __future__ import annotations

from collections.abc import Iterator
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


def entries() -> Iterator[Entry]:
    """Everything that should be found now: published versions whose release is open. For `manage.py rebuild search`."""
    for version in selectors.published_versions(SYSTEM).iterator():
        yield entry_of(version)


def unindex_case(case_id: UUID, *, now: datetime) -> None:
    remove_entry(KIND, case_id, now=now)
