"""When a release counts as confirmed: two readers stand by the same boxes, strikes and header words."""

from __future__ import annotations

from django.db.models import QuerySet

from core import crypto
from media_pipeline.models import PixelReview, RedactionBox, TeachingRelease
from media_pipeline.release.texts import headers_digest

READERS = 2  # PS3.15 asks for confirmation of the pixels; two people, since it cannot be taken back


def is_confirmed(release: TeachingRelease) -> bool:
    """Asked for every frame that is shown, so the words of all headers are read only where two have confirmed."""
    return release.reviews.filter(confirmed_at__isnull=False).count() >= READERS and confirmations(release) >= READERS


def confirmations(release: TeachingRelease) -> int:
    """How many readers confirmed the boxes and strikes as they stand now."""
    return release.reviews.filter(confirmed_at__isnull=False, boxes_digest=boxes_digest(release)).count()


def standing(release: TeachingRelease) -> QuerySet[PixelReview]:
    """The confirmations that count: while a release is read those of what there is now, later those it was given."""
    given = release.reviews.filter(confirmed_at__isnull=False).select_related("reader")
    if release.state == "pixel_review" and given.exists():
        return given.filter(boxes_digest=boxes_digest(release))
    return given


def void_stale(release: TeachingRelease) -> None:
    """Ask those again who confirmed something else than there is now. Under the lock of the release."""
    given = release.reviews.filter(confirmed_at__isnull=False)
    given.exclude(pk__in=[review.pk for review in standing(release)]).update(confirmed_at=None, boxes_digest="")


def boxes_digest(release: TeachingRelease) -> str:
    """Names the set of boxes, header words and strikes of a release. A strike is never changed: its id is enough."""
    boxes = RedactionBox.objects.filter(candidate__release=release).order_by("candidate_id", "id")
    lines = [f"{box.candidate_id} {box.left} {box.top} {box.width} {box.height}" for box in boxes]
    lines += [f"strike {strike}" for strike in release.strikes.order_by("id").values_list("pk", flat=True)]
    if headers := headers_digest(release):
        lines.append(f"headers {headers}")
    return crypto.digest("\n".join(lines).encode())
