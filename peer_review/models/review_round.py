"""A round: some peers look at one frozen manifest, side by side."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from peer_review.states import ROUND, Outcome


class ReviewRound(models.Model):
    """`manifest` is the subject owner's own JSON; `manifest_hash` is what every report of the round is about.

    `rubric` is a copy of the rubric file as it was when the round was opened. `contributor_ids` wrote what the authors
    only show; rounds from before that was asked hold nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    manifest = models.JSONField()
    manifest_hash = models.CharField(max_length=100)
    rubric = models.JSONField()
    author_ids = models.JSONField(default=list)
    contributor_ids = models.JSONField(default=list, null=True)
    needed = models.PositiveSmallIntegerField(default=2)
    state = models.CharField(max_length=12, choices=ROUND.choices, default=ROUND.initial)
    organisation_path = models.CharField(max_length=64, blank=True)
    opened_by_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = _("review round")
        constraints = [
            ROUND.constraint("review_round"),
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "number"], name="review_round_numbered"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(state="open"),
                name="review_round_one_open_per_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} #{self.number}"


class Decision(models.Model):
    """What the reports of a round came to. Written once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.OneToOneField(ReviewRound, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    mean_score = models.DecimalField(max_digits=4, decimal_places=2)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision")

    def __str__(self) -> str:
        return f"{self.outcome} {self.round_id}"
