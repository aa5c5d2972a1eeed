"""The teaching video as a block of a course unit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.content import Choice, ContentBlock, ContentGone, DrawnPieces, FrozenNode, NotReady
from core.ids import read_uuids
from media_pipeline.models import Video
from media_pipeline.video.asking import stopped_making

MOST_CHOICES = 300

_drawn = DrawnPieces(most=128)  # players by video id, what they show of its row, and language


class VideoBlock(ContentBlock):
    """Refers to a video of an open release. Title and poster are read live: closing the release shows at once."""

    kind = "video"
    label = _("Teaching video")
    icon = "circle-play"
    gone = _("This video was withdrawn. Your progress is kept.")
    making = _("This teaching video is being made. The course can be submitted once it is ready.")
    stopped = _("The making of this teaching video came to a stop. Have it made again on its own page.")

    def choices(self, *, actor: Actor, now: datetime) -> Sequence[Choice]:
        """Also those that are still being made: a unit can be arranged while the machine works."""
        offered = Video.objects.visible_to(actor, now).order_by("-created_at")
        return [Choice(str(video.pk), self._line_of(video)) for video in offered[:MOST_CHOICES]]

    def choosable(self, references: Collection[str], *, actor: Actor, now: datetime) -> set[str]:
        ids = Video.objects.visible_to(actor, now).filter(pk__in=read_uuids(references)).values_list("pk", flat=True)
        return {str(pk) for pk in ids}

    def authors_of(self, references: Collection[str]) -> set[UUID]:
        """Whoever had it made."""
        return set(Video.objects.filter(pk__in=read_uuids(references)).values_list("made_by_id", flat=True))

    def freeze(self, raw: dict[str, Any], *, key: str, now: datetime) -> FrozenNode:
        reference = raw.get("reference") or ""
        if not reference:
            raise NotReady(_("No teaching video is chosen."))
        video = self._video(reference)
        if video is None:
            raise NotReady(_("The chosen teaching video is not ready."))
        if video.state != "ready":
            raise NotReady(self.stopped if stopped_making(video) else self.making)
        return FrozenNode(key=key, kind=self.kind, reference=reference, facts={"seconds": round(video.seconds)})

    def render(self, node: FrozenNode, *, actor: Actor, now: datetime) -> str:
        """The player, for who belongs to the release's audience now; before it is made, that it is being made. Raises
        ContentGone.
        """
        video = self._video(node.reference, Video.objects.visible_to(actor, now))
        if video is None:
            _drawn.forget(node.reference)
            raise ContentGone
        if video.state != "ready":
            return render_to_string("content/tombstone.html", {"kind": self.label, "text": self.making})
        of_row = (video.title, video.seconds, video.pictures, video.is_scroll, video.repeats)
        key = (node.reference, *map(str, of_row), get_language())
        return _drawn.get(key, lambda: render_to_string("media_pipeline/parts/player.html", {"video": video}), now)

    def describe(self, node: FrozenNode, *, now: datetime) -> str:
        video = self._video(node.reference)
        return self._line_of(video) if video else str(self.gone)

    def releases_of(self, references: Collection[str]) -> set[UUID]:
        return set(Video.objects.filter(pk__in=references).values_list("study__release", flat=True))

    @staticmethod
    def _line_of(video: Video) -> str:
        return video.title if video.state == "ready" else str(_("%(title)s (being made)") % {"title": video.title})

    @staticmethod
    def _video(reference: str, shown: QuerySet[Video] | None = None) -> Video | None:
        """One of `shown`, else of those of open releases; made or still being made. A page needs neither its key nor
        its poster, which is a picture of many kilobytes.
        """
        try:
            video_id = UUID(reference)
        except ValueError:
            return None
        rows = Video.objects.filter(study__release__state="open") if shown is None else shown
        return rows.defer("sealed_key", "sealed_poster").filter(pk=video_id).first()
