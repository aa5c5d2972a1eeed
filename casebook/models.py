"""Proposals, teaching cases and their versions. A version holds a release id, never a consult id."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casebook.errors import FrozenVersion
from casebook.managers import OwnedManager, VersionManager
from casebook.states import CASE_VERSION, PROPOSAL
from core.ids import uuid7


class Proposal(models.Model):
    """Somebody's wish to teach from a closed consult. The only row of the casebook that knows the consult.

    Why they wish it is free text and stays on the consult side; here it is read from the release, cleaned.
    `organisation` answered the consult: its editors, and those above it, decide. `report_amended_at`: when an imaging
    report or the opinion of the consult was amended after its texts had been taken, until an editor says that this was
    looked at.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult_id = models.UUIDField()
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    specialty = models.CharField(max_length=40, blank=True)
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=PROPOSAL.choices, default=PROPOSAL.initial)
    release_id = models.UUIDField(null=True, blank=True, db_index=True)
    is_release_open = models.BooleanField(default=False)
    decision_reason = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    report_amended_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()
    objects = OwnedManager()

    class Meta:
        verbose_name = _("case proposal")
        constraints = [
            PROPOSAL.constraint("proposal"),
            models.UniqueConstraint(
                fields=["consult_id"],
                condition=models.Q(state__in=["proposed", "consent_missing", "releasing", "accepted"]),
                name="proposal_one_live_per_consult",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class TeachingCase(models.Model):
    """A case as readers know it: a code, a specialty and its versions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=12, unique=True)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    specialty = models.CharField(max_length=40, blank=True)
    difficulty = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=10, default="zh-hans")
    release_id = models.UUIDField(db_index=True)
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    created_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = OwnedManager()

    class Meta:
        verbose_name = _("teaching case")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.code


class CaseVersion(models.Model):
    """One state of a case's text. Editable as a draft; from `frozen_at` on its content never changes, until a
    withdrawal leaves only its hash and the number of its steps.

    `like_count` is how many patients of the region are like this one, `like_reason` why so few do no harm.
    `last_verb` is the last step of the machine, `last_verb_by` who took it: the second of two clicks is known by them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(TeachingCase, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=CASE_VERSION.choices, default=CASE_VERSION.initial)
    last_verb = models.CharField(max_length=20, blank=True, default="", db_default="")
    last_verb_by = models.UUIDField(null=True, blank=True)
    release_id = models.UUIDField(db_index=True)
    content = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=80, blank=True)
    revision = models.PositiveIntegerField(default=0)
    like_count = models.CharField(max_length=8, blank=True)
    like_reason = models.CharField(max_length=400, blank=True, default="", db_default="")
    round_id = models.UUIDField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = VersionManager()

    class Meta:
        verbose_name = _("case version")
        ordering = ["case", "-number"]
        constraints = [
            CASE_VERSION.constraint("case_version"),
            models.UniqueConstraint(fields=["case", "number"], name="case_version_number_once"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state="published"), name="case_one_published_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuses a change of content after freezing, but for the emptying at withdrawal. Raises FrozenVersion."""
        if self.frozen_at and not self._state.adding and self.state != "withdrawn":
            stored = CaseVersion.unscoped.filter(pk=self.pk).values_list("content", "frozen_at").first()
            if stored and stored[1] and stored[0] != self.content:
                raise FrozenVersion
        super().save(*args, **kwargs)


class CaseReading(models.Model):
    """Why somebody opened a case, stated once a day: de-identified is not anonymous (PIPL art. 4, 73)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(TeachingCase, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    day = models.DateField()

    class Meta:
        verbose_name = _("case reading")
        constraints = [models.UniqueConstraint(fields=["case", "person", "day"], name="case_reading_once_a_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.purpose}"


class CaseSave(models.Model):
    """A state of a draft that can be brought back. Typing in one part by one person is one save for some minutes.

    `restored_from` names the save that this one repeats, so that undoing again goes further back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(CaseVersion, on_delete=models.CASCADE, related_name="saves")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=10)
    part = models.CharField(max_length=60, blank=True)
    content = models.JSONField()
    restored_from = models.PositiveIntegerField(null=True, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved state of a case")
        ordering = ["version", "-number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="case_save_number_once")]

    def __str__(self) -> str:
        return f"{self.version_id} #{self.number}"
