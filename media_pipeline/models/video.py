"""A teaching video made from a released loop."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from core.actor import Actor
from core.ids import uuid7
from media_pipeline.models.release import TeachingStudy, open_to
from media_pipeline.states import VIDEO


class VideoQuerySet(models.QuerySet["Video"]):
    def visible_to(self, actor: Actor, now: datetime) -> VideoQuerySet:
        """Of the studies that the actor may see now."""
        return self.filter(open_to(actor, now, "study__release"))


class Video(models.Model):
    """Lives and dies with its study's release: `sealed_key` is the AES-128 key under the release's data key.

    `repeats` is how often the loop is shown, so that a heartbeat of seconds can be followed; `seconds` counts them all.
    `pictures` is how many different ones there are. `is_scroll`: they are slices, one after another through the body,
    not moments of time. `attempt` names the folder that the finished attempt wrote; "" before they had any.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    study = models.ForeignKey(TeachingStudy, on_delete=models.CASCADE, related_name="videos")
    series_index = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=VIDEO.choices, default=VIDEO.initial)
    sealed_key = models.BinaryField(blank=True, default=bytes)
    sealed_poster = models.BinaryField(blank=True, default=bytes)
    seconds = models.FloatField(default=0.0)
    pictures = models.PositiveIntegerField(default=0)
    is_scroll = models.BooleanField(default=False)
    repeats = models.PositiveSmallIntegerField(default=1)
    attempt = models.CharField(max_length=16, blank=True, default="", db_default="")
    job_id = models.UUIDField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = VideoQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [VIDEO.constraint("video")]

    def __str__(self) -> str:
        return self.title


class Rendition(models.Model):
    """One step of the ladder: `height` in pixels, `bandwidth` in bits a second."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=10)
    height = models.PositiveIntegerField()
    bandwidth = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["-height"]
        constraints = [models.UniqueConstraint(fields=["video", "name"], name="rendition_once_per_video")]

    def __str__(self) -> str:
        return f"{self.height}p"
