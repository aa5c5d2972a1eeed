"""What cms does when others say that something happened: it looks again."""

from __future__ import annotations

from datetime import datetime

from casebook.events import CaseVersionWithdrawn
from cms.services import apply_decision, note_reviewers, void_in_overlay
from media_pipeline.events import VideoWithdrawn
from peer_review.events import ReviewersChanged, RoundDecided


def on_round_decided(event: RoundDecided, *, now: datetime) -> None:
    apply_decision(round_id=event.round_id, now=now)


def on_reviewers_changed(event: ReviewersChanged, *, now: datetime) -> None:
    note_reviewers(round_id=event.round_id, now=now)


def on_case_withdrawn(event: CaseVersionWithdrawn, *, now: datetime) -> None:
    """The case is gone from its own page already; here it leaves every edition's denominator."""
    void_in_overlay(reference=str(event.version_id), reason="withdrawn", now=now)


def on_video_withdrawn(event: VideoWithdrawn, *, now: datetime) -> None:
    """As a case: nobody can watch it any more, so it is nobody's to finish."""
    void_in_overlay(reference=str(event.video_id), reason="withdrawn", now=now)
