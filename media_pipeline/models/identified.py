"""Images with the patient's name on them, who may see them, and how they came in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.actor import Actor, organisation_token, person_token
from core.ids import uuid7
from media_pipeline.models.archive import InstanceFields, SeriesFields, StudyFields
from media_pipeline.models.rights import held_right
from media_pipeline.states import UPLOAD, UPLOADED_FILE

VIEW = "imaging.view"


class IdentifiedStudyQuerySet(models.QuerySet["IdentifiedStudy"]):
    def visible_to(self, actor: Actor, now: datetime) -> IdentifiedStudyQuerySet:
        """Studies shared, at `now`, with an organisation in which the actor holds imaging.view, or with the actor.

        A person's row names the right it rests on: whoever leaves the hospital leaves its images in that moment. One of
        an organisation may name one too: then it counts only for those who hold that.
        """
        if not actor.is_signed_in or not actor.may(VIEW):
            return self.none()
        organisations = [organisation_token(pk) for pk in actor.organisation_ids(VIEW)]
        held = held_right(actor)
        own = Q(held, holder=person_token(actor.person_id))
        shared = Q(Q(permission="") | held, holder__in=organisations)
        live = Share.objects.filter(Q(until__isnull=True) | Q(until__gt=now), shared | own)
        return self.filter(pk__in=live.values("study"))


class IdentifiedStudy(StudyFields):
    """Owned by the organisation whose token or person sent it. Names stay plain: QIDO-RS needs wildcards on them."""

    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    accession_number = models.CharField(max_length=64, blank=True)
    patient_id = models.CharField(max_length=64, blank=True)
    patient_name = models.CharField(max_length=324, blank=True)
    patient_birth_date = models.CharField(max_length=8, blank=True)
    patient_age = models.CharField(max_length=8, blank=True)
    institution_name = models.CharField(max_length=64, blank=True)
    referring_physician = models.CharField(max_length=324, blank=True)
    updated_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = IdentifiedStudyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "study_uid"], name="identified_study_once_per_organisation")
        ]
        indexes = [
            models.Index(fields=["study_uid"], name="identified_study_uid"),
            models.Index(fields=["organisation", "accession_number"], name="identified_study_accession"),
            models.Index(fields=["organisation", "-created_at"], name="identified_study_recent"),
        ]


class IdentifiedSeries(SeriesFields):
    study = models.ForeignKey(IdentifiedStudy, on_delete=models.CASCADE, related_name="series")

    class Meta:
        ordering = ["number", "id"]
        constraints = [models.UniqueConstraint(fields=["study", "series_uid"], name="identified_series_once_per_study")]


class IdentifiedInstance(InstanceFields):
    """`arrived_at`: when the archive took it; null in rows of older code."""

    arrived_at = models.DateTimeField(null=True, blank=True)
    series = models.ForeignKey(IdentifiedSeries, on_delete=models.CASCADE, related_name="instances")

    class Meta:
        ordering = ["position", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["series", "sop_uid"], name="identified_instance_once_per_series")
        ]
        indexes = [models.Index(fields=["sop_uid"], name="identified_instance_uid")]


class Share(models.Model):
    """A holder's token may see a study, for a purpose, until a moment (none: no end). Written by higher rooms.

    The owner organisation holds one of its own, so that visibility is a single rule. A person's row names a right,
    `permission` over the organisation at `path`, and counts only while the person holds it (ADR 0015); an
    organisation's may.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    study = models.ForeignKey(IdentifiedStudy, on_delete=models.CASCADE, related_name="shares")
    holder = models.CharField(max_length=40)
    purpose = models.CharField(max_length=60)
    permission = models.CharField(max_length=60, blank=True, default="", db_default="")
    path = models.CharField(max_length=255, blank=True, default="", db_default="")
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "holder", "purpose"], name="share_once_per_holder_and_purpose")
        ]
        indexes = [models.Index(fields=["holder", "study"], name="share_by_holder")]

    def __str__(self) -> str:
        return f"{self.holder} {self.purpose}"


class KeyImage(models.Model):
    """A frame somebody marked (关键图像). `frame` counts from 1, as in DICOM."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    instance = models.ForeignKey(IdentifiedInstance, on_delete=models.CASCADE, related_name="key_images")
    frame = models.PositiveIntegerField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "frame"], name="key_image_once_per_frame")]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.frame}"


class Upload(models.Model):
    """One delivery of files by a person or a machine, and what became of each."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=UPLOAD.choices, default=UPLOAD.initial)
    job_id = models.UUIDField(null=True, blank=True)
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [UPLOAD.constraint("upload")]
        indexes = [models.Index(fields=["organisation", "-received_at"], name="upload_recent")]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class UploadedFile(models.Model):
    """One file of a delivery. `code` names the reason when it is refused; the sentence is made for the reader."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    spool = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=UPLOADED_FILE.choices, default=UPLOADED_FILE.initial)
    code = models.CharField(max_length=40, blank=True)
    sop_class_uid = models.CharField(max_length=64, blank=True)
    sop_uid = models.CharField(max_length=64, blank=True)
    instance = models.ForeignKey(IdentifiedInstance, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            UPLOADED_FILE.constraint("uploaded_file"),
            models.UniqueConstraint(fields=["upload", "position"], name="uploaded_file_position_once"),
        ]

    def __str__(self) -> str:
        return self.name
