"""From identified to teaching: the release, its de-identification run, the two readers, the objects that result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.actor import SIGNED_IN, Actor
from core.ids import uuid7
from media_pipeline.models.archive import InstanceFields, SeriesFields, StudyFields
from media_pipeline.models.identified import IdentifiedInstance, IdentifiedStudy
from media_pipeline.models.rights import held_right
from media_pipeline.states import RELEASE

VIEW = "teaching.view"


class TeachingRelease(models.Model):
    """The decision that images and texts may be used for teaching (教学放行), and the key that makes it reversible.

    `wrapped_key` wraps the data key under which every byte of the release is sealed, texts included; closing empties
    it in the same transaction. `source` is the sealed input of the run (texts and identifiers), emptied when the
    release opens, is refused or closes. `label` is the pseudonym that stands where a patient's name stood.
    `defaced_reason` and `defaced_by` stand in rows of older code, which kept one answer for both readers.
    `images_until`: what came to the studies later stays out (none: all of them, as they are when it is prepared).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=12, choices=RELEASE.choices, default=RELEASE.initial)
    wrapped_key = models.BinaryField(blank=True, default=bytes)
    source = models.BinaryField(blank=True, default=bytes)
    sealed_texts = models.BinaryField(blank=True, default=bytes)
    studies = models.ManyToManyField(IdentifiedStudy, related_name="+")
    images_until = models.DateTimeField(null=True, blank=True)
    shows_face = models.BooleanField(default=False)
    defaced_reason = models.CharField(max_length=300, blank=True)
    defaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            RELEASE.constraint("teaching_release"),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(wrapped_key=b""), name="closed_release_has_no_key"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "-created_at"], name="release_by_state")]

    def __str__(self) -> str:
        return self.label


class DeidRun(models.Model):
    """What one run did: counts and the table of elements and actions, never a value. The evidence beside a case."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    release = models.OneToOneField(TeachingRelease, on_delete=models.CASCADE, related_name="run")
    edition = models.CharField(max_length=20)
    report = models.JSONField(default=dict)
    finished_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.release_id)


class Candidate(models.Model):
    """One object, header cleaned, pixels not yet confirmed. It still lies in the identified store.

    `findings` is what the machine noticed: `burned_in`, `regions`, `marks` of `deid.marks.find_marks`, in image pixels,
    and `machine`, a mark that pictures of one device share (missing in rows of older code).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    release = models.ForeignKey(TeachingRelease, on_delete=models.CASCADE, related_name="candidates")
    instance = models.ForeignKey(IdentifiedInstance, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    frames = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    columns = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "instance"], name="candidate_once_per_instance"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.position}"


class RedactionBox(models.Model):
    """A rectangle of pixels to be blackened on every frame of one object, in image pixels from the top left."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="boxes")
    left = models.PositiveIntegerField()
    top = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    reason = models.CharField(max_length=80, blank=True)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["drawn_at", "id"]

    def __str__(self) -> str:
        return f"{self.left},{self.top} {self.width}x{self.height}"

    def covers(self, mark: dict[str, Any]) -> bool:
        """Whether a mark lies wholly inside."""
        return (
            self.left <= mark["left"]
            and self.top <= mark["top"]
            and mark["left"] + mark["width"] <= self.left + self.width
            and mark["top"] + mark["height"] <= self.top + self.height
        )

    def corners(self) -> dict[str, int]:
        return {"left": self.left, "top": self.top, "width": self.width, "height": self.height}


class TextStrike(models.Model):
    """Words that a reader takes out of all texts of one release; sealed, since they may name the patient.

    Kept until the release is decided; opening seals the texts without them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    release = models.ForeignKey(TeachingRelease, on_delete=models.CASCADE, related_name="strikes")
    sealed_words = models.BinaryField()
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    struck_at = models.DateTimeField()

    class Meta:
        ordering = ["struck_at", "id"]

    def __str__(self) -> str:
        return f"{self.release_id} {self.struck_at:%Y-%m-%d %H:%M}"


class PixelReview(models.Model):
    """One reader's look at every frame and text. A release opens when two readers confirmed the same boxes and strikes.

    `frames` maps a candidate's id to the frame numbers (from 1) this reader confirmed, `texts` a text's name to the
    mark of the wording that was read: another wording is to be read again. `left_visible` maps a candidate's id to the
    numbers (from 1) of the machine's marks that this reader takes for no writing; null in rows of older code.
    `face_answer` is "defaced" or "no_head" where a face may show, `face_reason` how this reader checked it.
    `boxes_digest` names the set of boxes and strikes that was confirmed, so that one made later voids the confirmation.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    release = models.ForeignKey(TeachingRelease, on_delete=models.CASCADE, related_name="reviews")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    frames = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    left_visible = models.JSONField(default=dict, null=True, blank=True)
    face_answer = models.CharField(max_length=10, blank=True, default="", db_default="")
    face_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    boxes_digest = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["confirmed_at", "id"]
        constraints = [models.UniqueConstraint(fields=["release", "reader"], name="pixel_review_once_per_reader")]

    def __str__(self) -> str:
        return f"{self.release_id} {self.reader_id}"

    def confirmed_frames(self, candidate_id: Any) -> set[int]:
        return set(self.frames.get(str(candidate_id), []))

    def marks_left(self, candidate_id: Any) -> set[int]:
        return set((self.left_visible or {}).get(str(candidate_id), []))


class ReleaseAudience(models.Model):
    """A holder's token may see what a release holds, for a purpose, until a moment (none: no end).

    Shaped as a Share, and written like one by higher rooms. The officers' organisations get theirs when it opens.
    With a `permission`, the row counts only while the holder also holds that one over the organisation at `path`, or
    anywhere where that is "".
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    release = models.ForeignKey(TeachingRelease, on_delete=models.CASCADE, related_name="audience")
    holder = models.CharField(max_length=40)
    purpose = models.CharField(max_length=60)
    permission = models.CharField(max_length=60, blank=True, default="", db_default="")
    path = models.CharField(max_length=255, blank=True, default="", db_default="")
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "holder", "purpose"], name="audience_once_per_holder_and_purpose"
            )
        ]
        indexes = [models.Index(fields=["holder", "release"], name="audience_by_holder")]

    def __str__(self) -> str:
        return f"{self.holder} {self.purpose}"


def open_to(actor: Actor, now: datetime, release: str) -> Q:
    """Rows whose release, at this lookup path, is open and whose audience, at `now`, holds one of the actor's tokens.

    Those are any signed-in person's, the person's own and those of organisations in which they hold teaching.view.
    The system is nobody in particular: it sees what any signed-in person sees. Asked release by release: a list of
    ids would read every published one for a single frame (20,000 of them: 566 ms, this 0.1 ms).
    """
    if not (actor.is_signed_in or actor.is_system):
        return Q(pk__in=[])
    live = ReleaseAudience.objects.filter(
        Q(until__isnull=True) | Q(until__gt=now),
        Q(permission="") | held_right(actor),
        release=OuterRef(release),
        holder__in=(SIGNED_IN, *actor.tokens(VIEW)),
    )
    return Q(Exists(live), **{f"{release}__state": "open"})


class TeachingStudyQuerySet(models.QuerySet["TeachingStudy"]):
    def visible_to(self, actor: Actor, now: datetime) -> TeachingStudyQuerySet:
        return self.filter(open_to(actor, now, "release"))


class TeachingStudy(StudyFields):
    """A released study: keyed UIDs, shifted dates, a label where the patient's name stood."""

    release = models.ForeignKey(TeachingRelease, on_delete=models.CASCADE, related_name="teaching_studies")
    patient_label = models.CharField(max_length=20)

    objects = TeachingStudyQuerySet.as_manager()

    class Meta:
        ordering = ["study_date", "id"]
        verbose_name_plural = "teaching studies"
        constraints = [models.UniqueConstraint(fields=["study_uid"], name="teaching_study_once")]


class TeachingSeries(SeriesFields):
    study = models.ForeignKey(TeachingStudy, on_delete=models.CASCADE, related_name="series")

    class Meta:
        ordering = ["number", "id"]
        constraints = [models.UniqueConstraint(fields=["study", "series_uid"], name="teaching_series_once_per_study")]


class TeachingInstance(InstanceFields):
    """`path` names the sealed object in the teaching store; `size` and `sha256` are of the file inside the seal."""

    series = models.ForeignKey(TeachingSeries, on_delete=models.CASCADE, related_name="instances")

    class Meta:
        ordering = ["position", "number", "id"]
        constraints = [models.UniqueConstraint(fields=["series", "sop_uid"], name="teaching_instance_once_per_series")]
        indexes = [models.Index(fields=["sop_uid"], name="teaching_instance_uid")]
