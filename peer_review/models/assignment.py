"""One reviewer's part: the assignment, the report, the comments beside the blocks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from peer_review.models.review_round import ReviewRound
from peer_review.states import ASSIGNMENT, Verdict


class Assignment(models.Model):
    """`ordinal` gives the name that the blind sees: reviewer A, B... `is_named` is None until the reviewer answers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=ASSIGNMENT.choices, default=ASSIGNMENT.initial)
    is_named = models.BooleanField(null=True)
    conflict = models.CharField(max_length=300, blank=True)
    assigned_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("review assignment")
        constraints = [
            ASSIGNMENT.constraint("review_assignment"),
            models.UniqueConstraint(fields=["round", "reviewer"], name="review_assignment_once_per_person"),
            models.UniqueConstraint(fields=["round", "ordinal"], name="review_assignment_ordinal_once"),
        ]
        indexes = [models.Index(fields=["reviewer", "state"], name="review_assignment_mine")]

    def __str__(self) -> str:
        return f"{self.round_id} reviewer {self.ordinal}"


class ReviewReport(models.Model):
    """Scores by rubric key, a reason where the rubric asks for one, the verdict. Draft until it is submitted.

    `manifest_hash` repeats the round's, so that a report says itself what it is about.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="report")
    manifest_hash = models.CharField(max_length=100)
    scores = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    summary = models.TextField(blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    weighted_score = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("review report")

    def __str__(self) -> str:
        return f"{self.verdict or 'draft'} {self.assignment_id}"


class ReviewComment(models.Model):
    """A remark beside one block of the manifest (`anchor` is the block's key), or the author's answer to one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="comments")
    assignment = models.ForeignKey(Assignment, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    anchor = models.CharField(max_length=80)
    text = models.TextField()
    written_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("review comment")
        ordering = ["id"]
        indexes = [models.Index(fields=["round", "anchor"], name="review_comment_by_block")]

    def __str__(self) -> str:
        return f"{self.anchor} {self.pk}"
