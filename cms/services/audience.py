"""Who may see the images that a course shows, beyond those who see them anyway: its reviewers and its authors.

The rows are media_pipeline's; they are written here, in the transaction of what gives or takes the right. Learners get
theirs when they enrol.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from cms import selectors
from cms.models import Course
from core.actor import person_token
from core.content import FrozenNode, releases_of
from media_pipeline import api as media
from peer_review.api import get_round, reviewers_now


def admit_reviewers(*, round_id: UUID, now: datetime) -> None:
    """Those who review the course at this moment; none once its round is decided or called off.

    Like the review's own page, the rows count only while their holder may review courses somewhere.
    """
    holders = [person_token(person_id) for person_id in reviewers_now(round_id)]
    releases = releases_of(_nodes(get_round(round_id).manifest))
    right = media.Right("course.review")
    media.admit_only(release_ids=releases, holders=holders, purpose=f"review:{round_id}", right=right, now=now)


def admit_authors(course: Course, now: datetime) -> None:
    """Those who are its authors at this moment, and nobody who was: for what any edition shows, since learners of an
    older one go on seeing it too. A course keeps the version of a case that it shows when that is retired. Whoever is
    an author by name only, and holds that role here no more, sees nothing.
    """
    holders = [person_token(person_id) for person_id in selectors.author_ids(course)]
    manifests = course.editions.values_list("manifest", flat=True)
    releases = releases_of(node for manifest in manifests for node in _nodes(manifest))
    right = media.Right("course.author", course.organisation.path)
    media.admit_only(release_ids=releases, holders=holders, purpose=f"course:{course.pk}", right=right, now=now)


def _nodes(manifest: dict[str, Any]) -> Iterator[FrozenNode]:
    for unit in manifest["units"]:
        yield from (FrozenNode.from_json(node) for node in unit["nodes"])
