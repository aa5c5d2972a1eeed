"""What credits does when something happened below."""

from __future__ import annotations

from datetime import datetime

from cms.events import EditionPublished
from credits.services import activities, crediting
from lms.events import CompletionRecorded


def on_completion(event: CompletionRecorded, *, now: datetime) -> None:
    """A passed course is credited and certified."""
    crediting.credit_completion(completion_id=event.completion_id, now=now)


def on_edition(event: EditionPublished, *, now: datetime) -> None:
    """The catalogue says what a new edition brings."""
    activities.announce(edition_id=event.edition_id, now=now)
